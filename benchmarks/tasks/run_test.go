package tasks_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/report"
	"github.com/bindery-mcp/bindery/benchmarks/tasks"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

var every = flag.Bool("every", false, "do all tasks, among 10 and 30 servers: a minute or more")

const packages = "../../testdata/npm"

// options are those of a run, or the test is skipped: except in CI, where that
// would hide that nothing was tested.
func options(t *testing.T, list []tasks.Task) tasks.Options {
	t.Helper()
	_, missing := exec.LookPath("node")
	for _, task := range list {
		if err := tasks.Folder(packages).Missing(task.Servers...); err != nil {
			missing = err
		}
	}
	switch {
	case missing != nil && os.Getenv("CI") != "":
		t.Fatalf("%v; make test installs it", missing)
	case missing != nil:
		t.Skipf("%v; make test installs it", missing)
	}
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	pool, err := worker.NewPool(worker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pool.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return tasks.Options{
		Packages: packages, Engine: sandbox.Languages{sandbox.TypeScript: pool}, Counter: counter, Seed: tasks.Seed,
	}
}

// plainly is what the plain side of a task is, to the token.
var plainly = map[string]tasks.Transcript{
	"T1a": {Calls: 44, Turns: 3, Names: 350, Args: 1880, Results: 11812},
	"T1b": {Calls: 5, Turns: 3, Names: 38, Args: 1764, Results: 12413},
	"T2a": {Calls: 25, Turns: 4, Names: 202, Args: 3212, Results: 10509},
	"T2b": {Calls: 5, Turns: 3, Names: 42, Args: 2545, Results: 10323},
	"T3":  {Calls: 25, Turns: 4, Names: 175, Args: 1664, Results: 14890},
	"T4a": {Calls: 22, Turns: 21, Names: 184, Args: 4459, Results: 23076},
	"T4b": {Calls: 22, Turns: 21, Names: 194, Args: 4749, Results: 9228},
	"T5":  {Calls: 4, Turns: 2, Names: 34, Args: 97, Results: 60},
	"T6":  {Calls: 1, Turns: 1, Names: 8, Args: 13, Results: 311},
}

// Both ways make the same, at the same cost each time, and leave nothing.
func TestTasks(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	list, err := tasks.Named("T1", "T2", "T3", "T5", "T6")
	if err != nil {
		t.Fatal(err)
	}
	if *every {
		list = tasks.All()
	}
	o := options(t, list)
	if *every {
		o.Settings = []int{10, 30}
	}
	results, err := tasks.Run(t.Context(), list, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		check(t, r)
	}
	d := tasks.Document(results, o, tasks.Price{In: 1.25, Out: 10, Cached: []float64{0.1, 0.25, 0.5}})
	var text strings.Builder
	if err := report.Terminal(&text, d); err != nil {
		t.Fatal(err)
	}
	t.Log(text.String())
	if !strings.Contains(text.String(), "and more in T5, T6.") || !strings.Contains(text.String(), "T6 (small)") {
		t.Error("the report does not say that the small tasks lose")
	}
	checkPage(t, d)
	again, err := tasks.Run(t.Context(), list[len(list)-2:], o)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range again {
		first := results[len(results)-2+i]
		if r.Script.Tokens != first.Script.Tokens || r.Slip.Tokens != first.Slip.Tokens || r.Plain.Transcript != first.Plain.Transcript {
			t.Errorf("%s costs %+v at first and %+v again", r.Task.ID, first.Script.Tokens, r.Script.Tokens)
		}
	}
	nothingIn(t, temp)
}

func check(t *testing.T, r tasks.Result) {
	t.Helper()
	id := r.Task.ID
	if r.Skipped != "" || r.Different != "" {
		t.Errorf("%s: skipped %q, different %q", id, r.Skipped, r.Different)
		return
	}
	if r.Plain.Transcript != plainly[id] {
		t.Errorf("%s: the plain side is %+v, want %+v", id, r.Plain.Transcript, plainly[id])
	}
	if r.Script.Answer > 350 || r.Script.Script > 450 {
		t.Errorf("%s: the script is %d tokens and its answer %d, more than was ever written", id, r.Script.Script, r.Script.Answer)
	}
	if r.Slip.Wire.Calls != r.Script.Wire.Calls {
		t.Errorf("%s: %d calls where the first script fails, and %d where it does not: resume repeats calls", id, r.Slip.Wire.Calls, r.Script.Wire.Calls)
	}
	if !r.Task.Small && r.Script.Kept < 10_000 {
		t.Errorf("%s: only %d bytes of results stayed at the gateway", id, r.Script.Kept)
	}
	if id == "T1a" && r.Script.Wire.InFlight < 8 {
		t.Errorf("%s: %d calls at once, and all 40 reads can be", id, r.Script.Wire.InFlight)
	}
}

// nothingIn fails if there is a file in dir, or a process that has its working
// folder there. Where there is no /proc it cannot tell of processes.
func nothingIn(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the folder for temporary files: %v, %v", left, err)
	}
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if cwd, err := os.Readlink(link); err == nil && strings.HasPrefix(cwd, dir+"/") {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(link), "cmdline"))
			t.Errorf("still running: %q", command)
		}
	}
}
