package speed

// Where the benchmarks are.
const (
	harness  = "github.com/bindery-mcp/bindery/benchmarks"
	compiler = "github.com/bindery-mcp/bindery/codegen"
)

// figure is one row of a table.
type figure struct {
	what   string
	source source
	unit   unit
	bar    bar
}

// unit is how a value is written: multiplied, with so many decimals.
type unit struct {
	name     string
	times    float64
	decimals int
}

// Units for what a benchmark reports in its metric. Those of the testing
// package come in seconds.
func ms(decimals int) unit { return unit{"ms", 1, decimals} }
func msOfSeconds() unit    { return unit{"ms", 1000, 1} }
func seconds() unit        { return unit{"s", 1, 2} }
func mib() unit            { return unit{"MiB", 1, 1} }
func times() unit          { return unit{"×", 1, 2} }

// bar is what a figure has to keep to, in what the table shows; the zero bar
// is none.
type bar struct {
	value float64
	// least says that the figure must not be below it, instead of above.
	least bool
}

func atMost(v float64) bar  { return bar{value: v} }
func atLeast(v float64) bar { return bar{value: v, least: true} }

func (b bar) crossed(v float64) bool {
	if b.least {
		return v < b.value
	}
	return b.value > 0 && v > b.value
}

// section is one table.
type section struct {
	heading, text string
	figures       []figure
}

// sections are all bars, and all else that is measured beside them.
func sections() []section {
	return []section{alone(), calls(), crowd(), python(), direct(), governed(), memory(), compiling()}
}

func alone() section {
	const warm, quick, rested = "WarmExecute", "Latency/back_to_back", "Latency/after_30_ms"
	return section{"One script after another", "Medians. The processor has to wake up after a pause, and a model makes one between two scripts.", []figure{
		{"a plain tools/call of the same SDK through HTTP, after a pause of 30 ms", source{harness, warm, "plain-p50-ms"}, ms(1), bar{}},
		{"what a warm execute_code of an empty script takes more than that", source{harness, warm, "added-p50-ms"}, ms(1), atMost(2)},
		{"the same with types, so that it goes through the transpiler", source{harness, warm, "added-typed-p50-ms"}, ms(1), bar{}},
		{"a script of a client for whom no worker is ready", source{harness, "ColdExecute", "p50-ms"}, ms(0), atMost(25)},
		{"a warm empty script inside the gateway, back to back", source{harness, quick, "gateway-p50-ms"}, ms(2), atMost(1)},
		{"the same through HTTP", source{harness, quick, "http-p50-ms"}, ms(2), atMost(1.8)},
		{"a warm empty script inside the gateway, after a pause of 30 ms", source{harness, rested, "gateway-p50-ms"}, ms(2), bar{}},
		{"the same through HTTP", source{harness, rested, "http-p50-ms"}, ms(2), bar{}},
	}}
}

func calls() section {
	return section{"Calls of a script", "The tools answer inside the gateway's process, so that only the way to them is measured.", []figure{
		{"an awaited call over the tool's own time, 100 in sequence", source{harness, "Latency/back_to_back", "call-added-µs"}, unit{"µs", 1, 0}, atMost(200)},
		{"100 calls of 50 ms under Promise.all", source{harness, "FanOut", "p50-ms"}, ms(0), atMost(65)},
		{"the same as a multiple of one call", source{harness, "FanOut", "x-one-call"}, times(), atMost(1.3)},
		{"1,000 calls of 1 ms at once", source{harness, "Large", "1000-calls-p50-ms"}, ms(0), bar{}},
		{"500 kB of JSON into a script", source{harness, "Large", "500kB-p50-ms"}, ms(0), atMost(60)},
		{"one call with 1,000 bound tools, as a multiple of one with 10", source{harness, "BoundTools", "ratio"}, times(), atMost(1)},
	}}
}

func crowd() section {
	const inside, outside = "Sustained/gateway", "Sustained/http"
	return section{"Many scripts at once", "16 callers send empty scripts, each the next as soon as it is answered. One that failed would have ended the benchmark.", []figure{
		{"how long they do", source{harness, inside, "lasted-s"}, unit{"s", 1, 0}, bar{}},
		{"inside the gateway", source{harness, inside, "scripts/s"}, unit{"a second", 1, 0}, atLeast(1000)},
		{"of which 99 in 100 take no longer than", source{harness, inside, "p99-ms"}, ms(0), atMost(100)},
		{"through HTTP, the client in the same process", source{harness, outside, "scripts/s"}, unit{"a second", 1, 0}, bar{}},
		{"of which 99 in 100 take no longer than", source{harness, outside, "p99-ms"}, ms(0), bar{}},
	}}
}

func python() section {
	const latency, start = "PythonLatency", "PythonStart"
	return section{"Python", "Medians, through the same ways.", []figure{
		{"a warm trivial script through HTTP, back to back", source{harness, latency, "back-to-back-p50-ms"}, ms(1), atMost(6)},
		{"the same after a pause of 30 ms", source{harness, latency, "trivial-p50-ms"}, ms(1), bar{}},
		{"100 calls of 20 ms at once, by asyncio.gather", source{harness, latency, "gather100x20-p50-ms"}, ms(0), atMost(60)},
		{"the same by parallel", source{harness, latency, "parallel100x20-p50-ms"}, ms(0), atMost(60)},
		{"200 scripts, 50 at once, five calls of 20 ms at once in each", source{harness, "PythonCrowd", "s"}, seconds(), atMost(3)},
		{"processor time of a worker's start and first script, the interpreter prepared", source{harness, start, "cpu-s"}, seconds(), atMost(0.3)},
	}}
}

func direct() section {
	const one, some, many, large = "Direct/100_bytes/1_callers", "Direct/100_bytes/16_callers", "Direct/100_bytes/64_callers", "Direct/500000_bytes/1_callers"
	us := unit{"ms", 1, 2}
	return section{"Plain calls", "tools/call through HTTP to a stdio server behind bindery bridge, against the same calls to the same server over HTTP without it, in turn; " +
		"results of 100 bytes. Client, gateway and server share the two cores.", []figure{
		{"one caller without bindery, p50", source{harness, one, "direct-p50-ms"}, us, bar{}},
		{"what bindery adds", source{harness, one, "stdio-added-p50-ms"}, us, atMost(0.2)},
		{"16 callers: calls a second, as a share of those without", source{harness, some, "stdio-x-direct"}, times(), atLeast(0.8)},
		{"64 callers: the same", source{harness, many, "stdio-x-direct"}, times(), atLeast(0.8)},
		{"processor time of bindery a call, one caller", source{harness, one, "stdio-cpu-ms/call"}, us, atMost(0.25)},
		{"the same, 16 callers", source{harness, some, "stdio-cpu-ms/call"}, us, atMost(0.25)},
		{"the same behind HTTP, 16 callers", source{harness, some, "http-cpu-ms/call"}, us, bar{}},
		{"the same of the server itself over HTTP, 16 callers", source{harness, some, "direct-cpu-ms/call"}, us, bar{}},
		{"results of 500 kB: processor time of bindery a call", source{harness, large, "stdio-cpu-ms/call"}, us, bar{}},
		{"the same of the server itself", source{harness, large, "direct-cpu-ms/call"}, us, bar{}},
		{"a bridge at rest, resident", source{harness, one, "idle-MiB"}, mib(), atMost(30)},
		{"ten unknown stdio servers, from start to their whole list", source{harness, "ColdList", "listed-p50-ms"}, ms(0), atMost(150)},
	}}
}

func governed() section {
	const one, some = "Governed/1_callers", "Governed/16_callers"
	us := unit{"ms", 1, 2}
	return section{"Plain calls that are governed", "The same calls through gateways in turn, against one that does nothing with them: rules in CEL, an audit log that is on the disk before each call, " +
		"spans sent to a collector, and all three. Clients, gateways, server, collector and the virtual disk share the two cores.", []figure{
		{"one caller, all three: what they add, p50", source{harness, one, "all-added-p50-ms"}, us, atMost(1)},
		{"of which the rules", source{harness, one, "policy-added-p50-ms"}, us, bar{}},
		{"the audit log", source{harness, one, "audit-added-p50-ms"}, us, bar{}},
		{"the spans", source{harness, one, "traces-added-p50-ms"}, us, bar{}},
		{"16 callers, all three: what they add, p50", source{harness, some, "all-added-p50-ms"}, us, atMost(1)},
		{"the same: calls a second, as a share of those without", source{harness, some, "all-x-none"}, times(), atLeast(0.85)},
		{"the rules alone", source{harness, some, "policy-x-none"}, times(), bar{}},
		{"the audit log alone", source{harness, some, "audit-x-none"}, times(), bar{}},
		{"the spans alone", source{harness, some, "traces-x-none"}, times(), bar{}},
		{"processor time that all three add to a call", source{harness, some, "all-added-cpu-ms/call"}, us, bar{}},
		{"all three with the log in memory: what they add, p50", source{harness, some, "all-without-disk-added-p50-ms"}, us, bar{}},
		{"the same: calls a second, as a share of those without", source{harness, some, "all-without-disk-x-none"}, times(), bar{}},
		{"one sync of the disk", source{harness, "Sync", "sync-ms"}, us, bar{}},
		{"what it takes of processors that are busy", source{harness, "Sync", "lost-cpu-ms/sync"}, us, bar{}},
	}}
}

func memory() section {
	const idle, start = "IdleMemory", "PythonStart"
	return section{"Memory at rest", "Resident memory counts the pages of the binary, which all its processes share; private memory does not.", []figure{
		{"a gateway with 10 stdio backends, resident", source{harness, idle, "gateway-MiB"}, mib(), atMost(60)},
		{"of which private", source{harness, idle, "gateway-private-MiB"}, mib(), bar{}},
		{"its largest worker, resident", source{harness, idle, "worker-MiB"}, mib(), atMost(15)},
		{"of which private", source{harness, idle, "worker-private-MiB"}, mib(), bar{}},
		{"a worker for Python, resident", source{harness, start, "worker-MiB"}, mib(), bar{}},
	}}
}

func compiling() section {
	const perOp = "sec/op"
	return section{"Compiling", "All 3,087 tools of the catalogue's 67 servers, on one core.", []figure{
		{"compile them", source{compiler, "Compile", perOp}, seconds(), bar{}},
		{"write all lines, TypeScript", source{compiler, "Render/TypeScript/line", perOp}, seconds(), bar{}},
		{"the same, Python", source{compiler, "Render/Python/line", perOp}, seconds(), bar{}},
		{"write all stubs, TypeScript", source{compiler, "Render/TypeScript/full", perOp}, seconds(), bar{}},
		{"the same, Python", source{compiler, "Render/Python/full", perOp}, seconds(), bar{}},
		{"one search", source{compiler, "Search", perOp}, msOfSeconds(), bar{}},
	}}
}
