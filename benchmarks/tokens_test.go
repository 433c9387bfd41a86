package benchmarks_test

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/benchmarks"
)

// Counts are those of OpenAI's tiktoken.
func TestCount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		encoding benchmarks.Encoding
		text     string
		want     int
	}{
		{benchmarks.CL100k, "tiktoken is great!", 6},
		{benchmarks.O200k, "tiktoken is great!", 6},
		{benchmarks.CL100k, "お誕生日おめでとう", 9},
		{benchmarks.O200k, "お誕生日おめでとう", 8},
	} {
		counter, err := benchmarks.NewCounterOf(c.encoding)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := counter.Count(c.text); err != nil || got != c.want {
			t.Errorf("%s: %q has %d tokens (%v), want %d", c.encoding, c.text, got, err, c.want)
		}
	}
	if _, err := benchmarks.NewCounterOf("utf8"); err == nil || !strings.Contains(err.Error(), "o200k") {
		t.Errorf("an unknown encoding gave %v; want the names of those there are", err)
	}
}

// loaded is how a test asks for a process of its own, in which nobody else
// has counted.
const loaded = "BINDERY_COUNTS_IN_A_PROCESS_OF_ITS_OWN"

// A vocabulary is in memory only where something is counted: the gateway is
// the same binary and must not carry it.
func TestVocabularyIsLoadedLate(t *testing.T) {
	if os.Getenv(loaded) == "" {
		t.Parallel()
		self := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestVocabularyIsLoadedLate$", "-test.v")
		self.Env = append(os.Environ(), loaded+"=1")
		if out, err := self.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	const vocabulary = 4 << 20 // bytes; less than either takes
	before := heap()
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	idle := heap()
	if _, err := counter.Count("hello"); err != nil {
		t.Fatal(err)
	}
	counted := heap()
	runtime.KeepAlive(counter)
	t.Logf("%d bytes with a counter, %d once it has counted", idle-before, counted-before)
	if idle-before > vocabulary/4 || counted-before < vocabulary {
		t.Errorf("the heap grew by %d bytes for a counter and by %d for counting: the vocabulary was there before it was needed", idle-before, counted-idle)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
