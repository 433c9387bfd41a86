package e2e

import (
	"net"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// everythingServer has whatever the suite wants of a server.
const everythingServer = "github.com/modelcontextprotocol/go-sdk/conformance/everything-server"

// behind is a way to run everything-server, alone or behind bindery.
type behind struct {
	Name string
	// Args are what it is started with; over HTTP an address is added.
	Args []string
}

// The ways. bindery speaks the older era where there are sessions and on stdio.
const (
	sessions  = "HTTP with sessions"
	stateless = "HTTP without sessions"
	stdio     = "stdio"
)

func waysBehind() []behind {
	return []behind{{sessions, []string{"-stateless=false"}}, {stateless, []string{"-stateless=true"}}, {stdio, nil}}
}

// Why a scenario that passes directly may not pass through bindery.
const (
	wholeStreams = "the stream of a call stays open until its result is there, also where the server closes its own; there is nothing to poll"
	asksInResult = "everything-server has other tools for each era, and asks nothing in the middle of a call where there are no sessions, directly as well"
	ownNames     = "to bindery the server asks with requests of its own, which have no names; bindery makes them up, and the suite wants the server's"
	oneByOne     = "to bindery the server asks one question after another; the suite wants three at once"
	oneRound     = "go-sdk asks its clients of the older era one round of questions, and gives the second as the result"
	noRoots      = "bindery declares roots to a server only if the configuration names some"
	declared     = "a server of the older era learns once what all clients together can be asked, and cannot refuse a call for one of them"
)

// difference is a scenario that passes directly and not through bindery: the
// revision of the client, the way the server is run, and the scenario.
type difference struct{ Client, Behind, Scenario string }

// reason is why some scenarios do not pass, for the clients of one revision,
// with the server run in some ways.
type reason struct {
	Client    string
	Behind    []string
	Scenarios []string
	Why       string
}

// differences are all there are.
func differences() []reason {
	var all []reason
	list := func(client, why string, behind, scenarios []string) {
		all = append(all, reason{client, behind, scenarios, why})
	}
	each, older := []string{sessions, stateless, stdio}, []string{sessions, stdio}
	list(legacy, wholeStreams, each, []string{"server-sse-polling"})
	list(legacy, asksInResult, []string{stateless}, []string{
		"tools-call-sampling", "tools-call-elicitation", "elicitation-sep1034-defaults", "elicitation-sep1330-enums",
	})
	list(modern, ownNames, older, []string{"input-required-result-basic-elicitation"})
	list(modern, oneByOne, older, []string{"input-required-result-multiple-input-requests"})
	list(modern, oneRound, older, []string{"input-required-result-multi-round"})
	list(modern, noRoots, older, []string{"input-required-result-basic-list-roots"})
	list(modern, declared, older, []string{"server-stateless"})
	return all
}

// Whatever works with a server works with bindery in front of it, in both eras
// of the protocol, whichever the server is of.
func TestConformanceBehind(t *testing.T) {
	t.Parallel()
	_ = newerNode(t) // or skip
	program := built(t, everythingServer)
	direct, through := newFindings(), newFindings()
	t.Run("run", func(t *testing.T) {
		for _, revision := range revisions() {
			for _, b := range waysBehind() {
				t.Run(revision+"/"+b.Name, func(t *testing.T) {
					t.Parallel()
					url := b.bridge(t, program)
					through.put(revision, b.Name, runSuite(t, "server", "--url", url, "--requirements", revision))
				})
				if b.Name == stdio {
					continue
				}
				t.Run(revision+"/"+b.Name+", directly", func(t *testing.T) {
					t.Parallel()
					url := b.serve(t, program)
					direct.put(revision, b.Name, runSuite(t, "server", "--url", url, "--requirements", revision))
				})
			}
		}
	})
	if t.Failed() {
		return
	}
	conformancePage.Hold(t, "behind", behindPart(t, direct, through))
	known := map[difference]bool{}
	for _, r := range differences() {
		for _, b := range r.Behind {
			for _, scenario := range r.Scenarios {
				known[difference{r.Client, b, scenario}] = true
			}
		}
	}
	for _, revision := range revisions() {
		best := direct.best(revision)
		for _, b := range waysBehind() {
			compare(t, revision, b, best, through.of(revision, b.Name), known)
		}
	}
	for d := range known {
		t.Errorf("a client of %s, %s behind: %s passes, or is not run; take it off the list", d.Client, d.Behind, d.Scenario)
	}
}

// behindPart is what the page says of it.
func behindPart(t *testing.T, direct, through *findings) string {
	t.Helper()
	rows := [][]string{append([]string{"scored scenarios that pass"}, revisions()...)}
	row := func(name string, of func(revision string) report) {
		cells := []string{name}
		for _, revision := range revisions() {
			cells = append(cells, of(revision).outOf(scenarios(t, revision, "server")))
		}
		rows = append(rows, cells)
	}
	for _, b := range waysBehind() {
		if b.Name != stdio {
			row(b.Name+", directly", func(revision string) report { return direct.of(revision, b.Name) })
		}
	}
	for _, b := range waysBehind() {
		row(b.Name+", behind bindery", func(revision string) report { return through.of(revision, b.Name) })
	}
	lines := [][]string{{"client of", "server over", "what does not pass", "why"}}
	for _, r := range differences() {
		lines = append(lines, []string{r.Client, strings.Join(r.Behind, ", "), code(r.Scenarios), r.Why})
	}
	return table(rows...) + "\n" + table(lines...)
}

// compare finds what does not pass through bindery, and takes what is known of
// it off the list.
func compare(t *testing.T, revision string, b behind, direct, through report, known map[difference]bool) {
	t.Helper()
	for scenario := range direct {
		if !direct.passes(scenario) {
			continue
		}
		lost := through.lost(direct, scenario)
		same := through.passes(scenario) && len(lost) == 0
		d := difference{revision, b.Name, scenario}
		switch {
		case !same && !known[d]:
			t.Errorf("a client of %s, %s behind: %s passes directly; through bindery these checks do not: %v; %s",
				revision, b.Name, scenario, lost, through.failure(scenario))
		case !same:
			delete(known, d)
		}
	}
}

// serve starts everything-server for HTTP and returns its endpoint.
func (b behind) serve(t *testing.T, program string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"-http", address}, b.Args...)...)
	cmd.Env = environment(t.TempDir())
	p, _ := start(t, cmd, regexp.MustCompile(`server listening at (\S+)`), false)
	// It says so just before it does.
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
			return "http://" + address + "/mcp"
		}
		select {
		case <-p.done:
			t.Fatalf("everything-server ended: %v\n%s", p.err, p.output())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// bridge starts bindery in front of everything-server, and returns its endpoint.
func (b behind) bridge(t *testing.T, program string) string {
	t.Helper()
	args := []string{"bridge", "--listen", "127.0.0.1:0"}
	if b.Name == stdio {
		args = append(append(args, "--", program), b.Args...)
	} else {
		args = append(args, b.serve(t, program))
	}
	cmd := exec.Command(binary, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = environment(cmd.Dir)
	_, url := start(t, cmd, regexp.MustCompile(`^bindery: listening on (http://\S+/mcp)$`), true)
	return url
}

// findings are the reports of several runs.
type findings struct {
	mu      sync.Mutex
	reports map[[2]string]report
}

func newFindings() *findings { return &findings{reports: map[[2]string]report{}} }

func (f *findings) put(revision, name string, r report) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reports[[2]string{revision, name}] = r
}

func (f *findings) of(revision, name string) report { return f.reports[[2]string{revision, name}] }

// best puts the best results for a revision together.
func (f *findings) best(revision string) report {
	best := report{}
	for key, r := range f.reports {
		if key[0] != revision {
			continue
		}
		for scenario, checks := range r {
			if _, ok := best[scenario]; !ok || r.passes(scenario) && !best.passes(scenario) {
				best[scenario] = checks
			}
		}
	}
	return best
}
