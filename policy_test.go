package bindery_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	module   = "github.com/bindery-mcp/bindery"
	mcpSDK   = "github.com/modelcontextprotocol/go-sdk"
	maxLines = 400
)

// room is one folder of docs/house.md with everything under it, except what
// is a room of its own.
type room struct {
	dir string
	// may are the rooms whose packages it may import, besides its own.
	may []string
	// not are import paths that none of its packages may import, nor any
	// package of this module that it reaches. A path stands for those under it,
	// except "net" and "os", which stand for themselves.
	not []string
	// std says that it imports the standard library and this module only.
	std bool
	why string
}

const (
	whyRoot      = "everything imports the root, so whatever it imports is imported by everything"
	whyCodegen   = "generated modules are the same bytes every time, so nothing may depend on the clock, files or network"
	whySandbox   = "a script reaches the world through one Caller; a sandbox that can open connections is not one"
	whyLeaf      = "it computes from its arguments alone, so that every layer may use it"
	whyFiles     = "it writes the bytes it is given where it is told, and knows of nothing else"
	whyStdlib    = "what scripts find is data; it is embedded, and runs only inside an engine"
	whyBackends  = "where tools come from knows nothing of who calls them"
	whyGateway   = "the gateway process never runs or parses a script: the engines crash the process that holds them"
	whyConfig    = "a configuration is read and checked without starting anything"
	whyIndex     = "the index is made from the log by whoever asks; the gateway that writes the log knows nothing of it"
	whySecrets   = "whoever holds secrets opens no connection"
	whySynthetic = "test servers stand alone, so that a fault in the product cannot hide in them"
	whyCatalogue = "the catalogue is data; whoever measures with it reads no file and asks no server"
	whyOutside   = "the end-to-end tests know the program from outside: what they could import, a user could not"
	whyCmd       = "commands are wiring, at the top: nothing can depend on them"
)

// protocols are the packages that speak to other machines.
func protocols() []string {
	return []string{"net/http", "net/rpc", "net/smtp", "crypto/tls", "golang.org/x/net", mcpSDK}
}

// network adds the package that opens connections. net/url and net/netip only
// take text apart.
func network() []string { return append(protocols(), "net") }

// pure adds what would make the same input give other bytes another time.
func pure() []string { return append(network(), "os", "os/exec", "time", "math/rand") }

func engines() []string {
	return []string{"github.com/dop251/goja", "github.com/evanw/esbuild", "github.com/tetratelabs/wazero"}
}

// house is the table of docs/house.md.
func house() []room {
	return []room{
		{dir: "", std: true, not: append(network(), "os", "os/exec", "log", "log/slog"), why: whyRoot},
		{
			dir: "codegen",
			may: []string{"", "codegen/schema", "codegen/form", "codegen/typescript", "codegen/python", "codegen/search", "codegen/shape"},
			not: pure(), why: whyCodegen,
		},
		{dir: "codegen/form", may: []string{"", "codegen/schema"}, not: pure(), std: true, why: whyCodegen},
		{dir: "codegen/typescript", may: []string{"codegen/form", "codegen/schema"}, not: pure(), std: true, why: whyCodegen},
		{dir: "codegen/python", may: []string{"codegen/form", "codegen/schema"}, not: pure(), std: true, why: whyCodegen},
		{dir: "codegen/search", may: []string{"internal/spelling"}, not: pure(), std: true, why: whyCodegen},
		{
			dir: "codegen/stubs",
			may: []string{"", "codegen", "codegen/form", "codegen/lock", "codegen/shape", "stdlib", "internal/jsonscan"},
			not: pure(), std: true, why: whyCodegen,
		},
		{dir: "codegen/schema", may: []string{"internal/jsonscan", "internal/spelling"}, not: pure(), std: true, why: whyCodegen},
		{dir: "codegen/shape", may: []string{"codegen/schema", "internal/jsonscan"}, not: pure(), std: true, why: whyCodegen},
		{dir: "codegen/lock", may: []string{"", "codegen/schema", "internal/jsonscan"}, not: pure(), std: true, why: whyCodegen},
		{dir: "sandbox", may: []string{""}, not: append(network(), append(engines(), "os", "os/exec")...), std: true, why: whySandbox},
		{dir: "sandbox/js", may: []string{"", "sandbox", "stdlib", "internal/jsonstring", "internal/spelling"}, not: append(network(), "os/exec"), why: whySandbox},
		{
			dir: "sandbox/python", may: []string{"", "sandbox", "sandbox/python/image", "stdlib", "internal/jsonscan", "internal/spelling"},
			not: append(network(), "os/exec"), why: whySandbox,
		},
		{
			dir: "sandbox/python/image", may: []string{"", "sandbox/python/interpreter", "sandbox/python/wasm", "stdlib"},
			not: append(network(), "os/exec"), why: whySandbox,
		},
		{dir: "sandbox/python/interpreter", may: []string{"", "sandbox/python/wasm"}, not: append(network(), append(engines(), "os", "os/exec")...), std: true, why: whySandbox},
		{dir: "sandbox/python/wasm", may: []string{""}, not: append(network(), append(engines(), "os", "os/exec")...), std: true, why: whyLeaf},
		// The worker's channel is a socketpair, and net is how Go polls one; net/http stays out.
		{
			dir: "sandbox/worker", may: []string{"", "sandbox", "sandbox/confine"},
			not: append(engines(), protocols()...), why: whySandbox,
		},
		{dir: "sandbox/confine", not: append(network(), engines()...), why: whySandbox},
		// Programs for tests that try what must not work.
		{dir: "sandbox/confine/internal/probe", may: []string{"sandbox/confine"}, why: whySandbox},
		// The workers that run the suite for one language.
		{dir: "sandbox/worker/internal/jsworker", may: []string{"sandbox/js", "sandbox/worker"}, not: protocols(), why: whySandbox},
		{dir: "sandbox/worker/internal/pyworker", may: []string{"sandbox/python", "sandbox/python/image", "sandbox/python/interpreter", "sandbox/worker"}, not: protocols(), why: whySandbox},
		{dir: "sandbox/sandboxtest", may: []string{"", "sandbox"}, not: append(network(), engines()...), std: true, why: whySynthetic},
		{dir: "internal/atomicfile", not: network(), std: true, why: whyFiles},
		{dir: "internal/jsonscan", not: append(network(), "os", "os/exec"), std: true, why: whyLeaf},
		{dir: "internal/jsonstring", not: append(network(), "os", "os/exec"), std: true, why: whyLeaf},
		{dir: "internal/jsonobject", may: []string{"internal/jsonscan"}, not: append(network(), "os", "os/exec"), std: true, why: whyLeaf},
		{dir: "internal/loopback", not: append(network(), "os", "os/exec"), std: true, why: whyLeaf},
		{dir: "internal/paramheader", not: append(network(), "os", "os/exec"), std: true, why: whyLeaf},
		{dir: "internal/spelling", not: append(network(), "os", "os/exec"), std: true, why: whyLeaf},
		{dir: "stdlib", not: append(network(), "os"), std: true, why: whyStdlib},
		{dir: "backends", may: []string{"", "internal/atomicfile", "internal/jsonscan", "internal/loopback", "internal/paramheader"}, not: engines(), why: whyBackends},
		{dir: "internal/issuertest", not: engines(), why: whySynthetic},
		{dir: "backends/backendtest", not: []string{mcpSDK}, std: true, why: whySynthetic},
		{dir: "backends/sample", not: engines(), why: whySynthetic},
		{
			dir: "gateway", may: []string{"", "codegen", "codegen/schema", "sandbox", "stdlib", "backends", "gateway/audit", "gateway/config", "gateway/direct", "gateway/excerpt", "gateway/execution", "gateway/front", "gateway/identity", "gateway/keep", "gateway/learned", "gateway/pin", "gateway/policy", "gateway/quota", "gateway/telemetry", "internal/jsonobject", "internal/jsonscan", "internal/loopback", "internal/paramheader"},
			not: engines(), why: whyGateway,
		},
		{dir: "gateway/front", may: []string{"", "internal/jsonscan"}, not: append(engines(), mcpSDK, "os/exec"), why: whyGateway},
		{dir: "gateway/direct", may: []string{"", "internal/jsonobject"}, not: append(network(), append(engines(), "os", "os/exec")...), std: true, why: whyGateway},
		{dir: "gateway/audit", may: []string{"", "internal/jsonscan", "internal/jsonstring"}, not: append(protocols(), append(engines(), "os/exec")...), why: whyGateway},
		{dir: "gateway/policy", may: []string{"", "gateway/config", "gateway/excerpt", "codegen/form", "internal/jsonscan"}, not: append(engines(), mcpSDK, "os/exec"), why: whyGateway},
		{dir: "gateway/audit/index", may: []string{"", "gateway/audit"}, not: append(protocols(), append(engines(), "os/exec")...), why: whyIndex},
		{dir: "gateway/secrets", may: []string{"", "internal/atomicfile", "internal/jsonscan"}, not: append(network(), engines()...), why: whySecrets},
		{dir: "gateway/identity", may: []string{"", "gateway/config", "internal/atomicfile", "internal/loopback"}, not: append(engines(), mcpSDK, "os/exec"), why: whyGateway},
		{dir: "gateway/quota", may: []string{"", "gateway/config", "internal/atomicfile"}, not: append(protocols(), append(engines(), "os/exec")...), why: whyGateway},
		{dir: "gateway/telemetry", may: []string{"", "internal/jsonscan"}, not: append(engines(), mcpSDK, "os/exec"), why: whyGateway},
		{dir: "gateway/pin", may: []string{"", "codegen/form", "codegen/lock", "internal/atomicfile"}, not: append(network(), append(engines(), "os/exec")...), why: whyGateway},
		{dir: "gateway/fetch", may: []string{"", "internal/loopback"}, not: append(engines(), "os/exec"), std: true, why: whyGateway},
		{dir: "gateway/excerpt", not: append(network(), "os", "os/exec"), std: true, why: whyLeaf},
		{dir: "gateway/execution", may: []string{"", "sandbox"}, not: append(network(), append(engines(), "os", "os/exec")...), std: true, why: whyGateway},
		{dir: "gateway/keep", may: []string{"", "sandbox"}, not: append(network(), append(engines(), "os", "os/exec")...), std: true, why: whyGateway},
		{dir: "gateway/config", may: []string{"internal/atomicfile", "internal/loopback", "internal/spelling"}, not: append(protocols(), append(engines(), "os/exec")...), why: whyConfig},
		{dir: "gateway/learned", may: []string{"", "sandbox", "codegen/shape", "internal/atomicfile"}, not: append(protocols(), append(engines(), "os/exec")...), why: whyGateway},
		{dir: "gateway/link", may: []string{"gateway/config", "internal/atomicfile"}, not: append(protocols(), append(engines(), "os/exec")...), why: whyConfig},
		{dir: "benchmarks", may: []string{"", "benchmarks/catalogue", "codegen", "codegen/schema", "gateway", "gateway/config"}, why: whyCmd},
		{
			dir: "benchmarks/exposure",
			may: []string{"", "benchmarks", "benchmarks/catalogue", "benchmarks/report", "codegen", "codegen/search", "backends", "gateway"},
			not: engines(), why: whyCmd,
		},
		{dir: "benchmarks/load", may: []string{"", "benchmarks/report"}, not: engines(), why: whyCmd},
		{dir: "benchmarks/speed", may: []string{"", "benchmarks/report"}, not: append(network(), engines()...), why: whyCmd},
		{dir: "benchmarks/report", not: append(network(), "os", "os/exec"), std: true, why: whyCmd},
		{
			dir: "benchmarks/tasks",
			may: []string{"", "benchmarks", "benchmarks/catalogue", "benchmarks/exposure", "benchmarks/report", "codegen", "backends", "gateway", "gateway/config", "gateway/learned", "sandbox"},
			not: engines(), why: whyCmd,
		},
		{dir: "benchmarks/catalogue", may: []string{""}, not: append(network(), "os", "os/exec"), std: true, why: whyCatalogue},
		{dir: "cmd", may: []string{
			"", "codegen", "codegen/schema", "codegen/shape", "codegen/stubs", "codegen/lock", "sandbox", "sandbox/js", "sandbox/python", "sandbox/python/image", "sandbox/python/interpreter", "sandbox/worker", "sandbox/confine",
			"stdlib", "backends", "backends/backendtest", "backends/oauth", "backends/sample", "gateway", "gateway/audit", "gateway/audit/index", "gateway/config", "gateway/fetch", "gateway/identity", "gateway/learned", "gateway/link", "gateway/pin", "gateway/policy", "gateway/quota", "gateway/secrets", "gateway/telemetry", "benchmarks",
			"benchmarks/catalogue", "benchmarks/exposure", "benchmarks/load", "benchmarks/report", "benchmarks/speed", "benchmarks/tasks", "internal/atomicfile", "internal/loopback",
		}, why: whyCmd},
		{dir: "cmd/bindery/e2e", std: true, why: whyOutside},
	}
}

// goPackage is what `go list -json` says of a package.
type goPackage struct {
	ImportPath   string
	Name         string
	Dir          string
	Imports      []string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	TestImports  []string
	XTestImports []string
}

// rel returns the package's folder in the module, "" for the root.
func (p goPackage) rel() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

func (p goPackage) tests() []string { return slices.Concat(p.TestGoFiles, p.XTestGoFiles) }

// packages returns the packages of the module by import path.
func packages(t *testing.T) map[string]goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e",
		"-json=ImportPath,Name,Dir,Imports,GoFiles,TestGoFiles,XTestGoFiles,TestImports,XTestImports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	pkgs := map[string]goPackage{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs[p.ImportPath] = p
	}
	if len(pkgs) < 2 {
		t.Fatalf("go list found %d packages; the rules would hold of nothing", len(pkgs))
	}
	return pkgs
}

// roomOf returns the room of a folder: the longest that contains it.
func roomOf(rooms []room, dir string) (room, bool) {
	best, found := room{}, false
	for _, r := range rooms {
		if (dir == r.dir || under(dir, r.dir) && r.dir != "") && (!found || len(r.dir) > len(best.dir)) {
			best, found = r, true
		}
	}
	return best, found
}

func under(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// reached returns the packages of this module that pkg imports, at any
// distance, with itself, each with the way to it.
func reached(pkgs map[string]goPackage, start string) map[string]string {
	ways := map[string]string{start: strings.TrimPrefix(start, module+"/")}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		for _, imp := range pkgs[queue[0]].Imports {
			if _, ours := pkgs[imp]; !ours || ways[imp] != "" {
				continue
			}
			ways[imp] = ways[queue[0]] + " → " + strings.TrimPrefix(imp, module+"/")
			queue = append(queue, imp)
		}
	}
	return ways
}

func TestImportDirections(t *testing.T) {
	t.Parallel()
	pkgs, rooms := packages(t), house()
	for _, p := range pkgs {
		r, ok := roomOf(rooms, p.rel())
		if !ok {
			t.Errorf("%s is in no room of the house; give its folder a row in docs/house.md and in house() here", p.rel())
			continue
		}
		for _, imp := range p.Imports {
			checkImport(t, rooms, r, p, imp)
		}
		for q, way := range reached(pkgs, p.ImportPath) {
			for _, imp := range pkgs[q].Imports {
				if slices.ContainsFunc(r.not, func(not string) bool { return forbids(not, imp) }) {
					t.Errorf("%s reaches %s (%s → %s): %s", name(p), imp, way, imp, r.why)
				}
			}
		}
	}
}

func forbids(not, imp string) bool {
	if not == "net" || not == "os" {
		return imp == not
	}
	return under(imp, not)
}

func checkImport(t *testing.T, rooms []room, r room, p goPackage, imp string) {
	t.Helper()
	if !under(imp, module) {
		if r.std && strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
			t.Errorf("%s imports %s, and may import only the standard library: %s", name(p), imp, r.why)
		}
		return
	}
	to, _ := roomOf(rooms, strings.TrimPrefix(strings.TrimPrefix(imp, module), "/"))
	if to.dir == r.dir || slices.Contains(r.may, to.dir) {
		return
	}
	why := r.why
	if to.dir == "cmd" || to.dir == "benchmarks" {
		why = whyCmd
	}
	t.Errorf("%s imports %s, which docs/house.md does not allow it: %s", name(p), imp, why)
}

func name(p goPackage) string {
	if p.rel() == "" {
		return "the root package"
	}
	return p.rel()
}

// One kind of connection is one subpackage: backends itself puts them together
// and must not come to depend on the way one of them talks.
func TestBackendsSpeaksNoProtocol(t *testing.T) {
	t.Parallel()
	for _, imp := range packages(t)[module+"/backends"].Imports {
		if imp == mcpSDK+"/mcp" || imp == "net/http" {
			t.Errorf("backends imports %s: connections belong in its subpackages, one kind each", imp)
		}
	}
}

func TestStdlibImportsOnlyEmbed(t *testing.T) {
	t.Parallel()
	for _, imp := range packages(t)[module+"/stdlib"].Imports {
		if imp != "embed" {
			t.Errorf("stdlib imports %s: %s", imp, whyStdlib)
		}
	}
}

func TestEndToEndTestsStayOutside(t *testing.T) {
	t.Parallel()
	const e2e = module + "/cmd/bindery/e2e"
	for _, p := range packages(t) {
		if !under(p.ImportPath, e2e) {
			continue
		}
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			synthetic := imp == module+"/backends/backendtest" || imp == module+"/internal/issuertest"
			if under(imp, module) && !under(imp, e2e) && !synthetic {
				t.Errorf("%s imports %s: %s", name(p), imp, whyOutside)
			}
		}
	}
}

func TestHouseIsDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("docs/house.md")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	for line := range strings.Lines(string(doc)) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			table.WriteString(cells[1])
		}
	}
	for _, p := range packages(t) {
		r, ok := roomOf(house(), p.rel())
		if ok && r.dir != "" && !strings.Contains(r.dir, "/internal/") && !strings.Contains(table.String(), "`"+r.dir) {
			t.Errorf("%s has no row in the table of docs/house.md, which is where people look for what it may import", r.dir)
		}
	}
}

// forbiddenNames are folders that say nothing of what is in them, so that
// anything ends up there.
var forbiddenNames = regexp.MustCompile(`^(utils?|common|helpers?|misc|base|shared|lib)$`)

func TestPackages(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for part := range strings.SplitSeq(p.rel(), "/") {
			if forbiddenNames.MatchString(part) {
				t.Errorf("%s: a package is named for what it provides; %q collects whatever has no other place", p.rel(), part)
			}
		}
		checkDoc(t, p)
		checkTests(t, p)
	}
}

func checkDoc(t *testing.T, p goPackage) {
	t.Helper()
	if p.Name == "main" {
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, "doc.go"), nil, parser.ParseComments)
	switch {
	case err != nil:
		t.Errorf("%s has no readable doc.go (%v): the first file a reader opens says what the package is for", name(p), err)
	case f.Doc == nil || !strings.HasPrefix(f.Doc.Text(), "Package "+p.Name+" "):
		t.Errorf(`%s/doc.go does not begin "Package %s …": go doc shows that sentence wherever the package is listed`, p.rel(), p.Name)
	}
}

func checkTests(t *testing.T, p goPackage) {
	t.Helper()
	example, leaks := false, false
	for _, file := range p.tests() {
		src, err := os.ReadFile(filepath.Join(p.Dir, file))
		if err != nil {
			t.Fatal(err)
		}
		example = example || strings.Contains(string(src), "\nfunc Example")
		leaks = leaks || strings.Contains(string(src), "goleak.")
	}
	if p.Name != "main" && exports(t, p) && !example {
		t.Errorf("%s has no Example: the shortest true answer to how it is used is one that is compiled and run", name(p))
	}
	if len(p.tests()) > 0 && !leaks {
		t.Errorf("%s: no test looks for leaked goroutines; begin with func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }", name(p))
	}
}

// exports reports whether the package has anything for others to use. A folder
// of tests with a doc.go has not.
func exports(t *testing.T, p goPackage) bool {
	t.Helper()
	for _, file := range p.GoFiles {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if ast.FileExports(f) {
			return true
		}
	}
	return false
}

var (
	unfinished = regexp.MustCompile(`\b(TODO|FIXME)\b`)
	testHook   = regexp.MustCompile(`(?i)testonly|fortest`)
)

func TestFiles(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(".", func(file string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == "testdata" || base == "node_modules" || len(base) > 1 && base[0] == '.' {
				return filepath.SkipDir
			}
			return nil
		}
		if path.Ext(file) == ".go" {
			checkFile(t, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, file string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if word := unfinished.FindString(c.Text); word != "" {
				t.Errorf("%s: %s in a comment: finish it, or open an issue and say there what is missing", fset.Position(c.Pos()), word)
			}
		}
	}
	if strings.HasSuffix(file, "_test.go") {
		return
	}
	if lines := strings.Count(string(src), "\n"); lines > maxLines {
		t.Errorf("%s has %d lines, over %d: it holds more than one noun; give the second its own file", file, lines, maxLines)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				t.Errorf("%s: func init runs unasked in everybody's program and tests; do it where it is needed", fset.Position(n.Pos()))
			}
		case *ast.Ident:
			if testHook.MatchString(n.Name) {
				t.Errorf("%s: %s: the product has no doors for tests; pass in what a test must control", fset.Position(n.Pos()), n.Name)
			}
		}
		return true
	})
}

func TestGoModHasNoReplace(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Replace []struct{ Old struct{ Path string } }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	for _, r := range mod.Replace {
		t.Errorf("go.mod replaces %s: `go install %s/cmd/bindery@latest` refuses modules that do", r.Old.Path, module)
	}
}

// No host is named in the lock file, so that it holds wherever its packages
// are served from.
func TestLockFileNamesNoRegistry(t *testing.T) {
	t.Parallel()
	lock, err := os.ReadFile("testdata/npm/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), `"resolved"`) {
		t.Error("testdata/npm/package-lock.json has resolved addresses: run npm install in that folder, where .npmrc leaves them out")
	}
	if !strings.Contains(string(lock), `"integrity": "sha512-`) {
		t.Error("testdata/npm/package-lock.json has no checksums: what is installed would be whatever was served")
	}
}
