package main_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// preparedPython is the folder of the interpreter that all transcripts share,
// and what preparing it printed: it takes seconds.
var preparedPython = sync.OnceValues(func() (said string, err error) {
	out, err := exec.Command(filepath.Join(binDir, "bindery"), "python", "install", "--root", pythonDir()).Output()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("bindery python install: %w\n%s", err, e.Stderr)
	}
	return string(out), err
})

func pythonDir() string { return filepath.Join(binDir, "python") }

// sharePython is the command python-cache of transcripts: an interpreter is
// there already. Without it each that needs one prepares its own.
func sharePython(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: python-cache")
	}
	_, err := preparedPython()
	ts.Check(err)
	cache := filepath.Join(ts.Getenv("XDG_CACHE_HOME"), "bindery")
	ts.Check(os.MkdirAll(cache, 0o700))
	ts.Check(os.Symlink(pythonDir(), filepath.Join(cache, "python")))
}

// The second time is in the transcript.
func TestPythonInstallFirstTime(t *testing.T) {
	said, err := preparedPython()
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^Python 3\.\d+\.\d+ \(this bindery's own\) was prepared in \d+\.\d s\n(/.*/python-3\.\d+\.\d+-[0-9a-f]{16})\n$`)
	m := want.FindStringSubmatch(said)
	if m == nil {
		t.Fatalf("printed %q", said)
	}
	if _, err := os.Stat(m[1]); err != nil {
		t.Error(err)
	}
}
