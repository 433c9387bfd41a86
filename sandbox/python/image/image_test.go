package image_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/image"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// builtin returns the interpreter that bindery carries.
func builtin(t testing.TB) interpreter.Interpreter {
	t.Helper()
	p, ok := interpreter.Builtin()
	if !ok {
		if os.Getenv("CI") != "" {
			t.Fatal("this build has no Python interpreter")
		}
		t.Skip("this build has no Python interpreter")
	}
	return p
}

// Several processes prepare the same image at once: each finds it whole.
func TestPrepare(t *testing.T) {
	p := builtin(t)
	root := filepath.Join(t.TempDir(), "cache")
	if _, ok := image.Find(p, root); ok {
		t.Fatal("there is an image where there is nothing")
	}
	var wg sync.WaitGroup
	dirs := make([]string, 2)
	if detector {
		dirs = dirs[:1]
	}
	var steps []string
	for i := range dirs {
		var progress image.Progress
		if i == 0 {
			progress = func(step string, _, _ int64) { steps = append(steps, step) }
		}
		wg.Go(func() {
			dir, err := image.Prepare(t.Context(), p, root, progress)
			if err != nil {
				t.Error(err)
			}
			dirs[i] = dir
		})
	}
	wg.Wait()
	found, ok := image.Find(p, root)
	if !ok || slices.ContainsFunc(dirs, func(dir string) bool { return dir != found }) {
		t.Fatalf("made %q, found %q, %v", dirs, found, ok)
	}
	if len(steps) > 0 && steps[len(steps)-1] != "done" {
		t.Errorf("steps %q", steps)
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 1 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
	checkModes(t, root)
	checkUse(t, found)
	checkDamage(t, p, root, found)
}

// checkModes wants everything to be its owner's alone.
func checkModes(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// script is the host of one script: it sends it, and keeps what comes back.
type script struct {
	io.Reader
	strings.Builder
}

// checkUse opens an image twice and runs something in forks of it.
func checkUse(t *testing.T, dir string) {
	t.Helper()
	for range 2 {
		i, err := image.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if i.Version() == "" || i.Memory() < 1<<20 {
			t.Errorf("version %q, %d bytes", i.Version(), i.Memory())
		}
		for range 3 {
			const start = `{"k":"start","servers":[],"args":1000,"value":1000,"logs":1000,"data":false}` + "\n6 * 7"
			s := &script{Reader: io.MultiReader(strings.NewReader(string([]byte{byte(len(start)), 0, 0, 0})), strings.NewReader(start))}
			f, err := i.Fork(t.Context(), image.Streams{In: s, Out: s, Yield: func() {}})
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Run(t.Context(), 64<<20); err != nil || !strings.Contains(s.String(), "{\"k\":\"value\"}\n42") {
				t.Errorf("%v: %q", err, s.String())
			}
			f.Close(t.Context())
		}
		i.Close(t.Context())
		i.Close(t.Context())
	}
}

// checkDamage damages an image, which is then neither found nor opened, but
// made again.
func checkDamage(t *testing.T, p interpreter.Interpreter, root, dir string) {
	t.Helper()
	if err := os.Truncate(filepath.Join(dir, "memory"), 1<<16); err != nil {
		t.Fatal(err)
	}
	if _, ok := image.Find(p, root); ok {
		t.Error("a damaged image is found")
	}
	_, err := image.Open(t.Context(), dir)
	if bindery.CodeOf(err) != bindery.Unavailable || bindery.HintOf(err) == "" || !strings.Contains(err.Error(), "memory has 65536 bytes") {
		t.Errorf("opened: %v", err)
	}
	if detector {
		return
	}
	if _, err := image.Prepare(t.Context(), p, root, nil); err != nil {
		t.Error(err)
	}
	if _, ok := image.Find(p, root); !ok {
		t.Error("it was not made again")
	}
}

func TestPrepareRefuses(t *testing.T) {
	p := builtin(t)
	other := p
	other.SHA256 = strings.Repeat("0", 64)
	broken := p
	broken.Wasm = func() ([]byte, error) { return nil, errors.New("no such file") }
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name string
		ctx  context.Context
		p    interpreter.Interpreter
		code bindery.Code
		want string
	}{
		{"another artefact", t.Context(), other, bindery.Internal, "SHA-256"},
		{"no artefact", t.Context(), broken, bindery.Internal, "no such file"},
		{"cancelled", cancelled, p, bindery.Cancelled, "canceled"},
	} {
		root := t.TempDir()
		dir, err := image.Prepare(tt.ctx, tt.p, root, nil)
		if err == nil || dir != "" || bindery.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %q, %v", tt.name, dir, err)
		}
		if entries, err := os.ReadDir(root); err != nil || len(entries) > 0 {
			t.Errorf("%s: left %v, %v", tt.name, entries, err)
		}
	}
}

// Images that nobody has used for long are removed, others stay: a gateway of
// another version may be running.
func TestPrepareTidies(t *testing.T) {
	p := builtin(t)
	p.Wasm = func() ([]byte, error) { return nil, errors.New("only tidy") }
	root := t.TempDir()
	old := time.Now().Add(-48 * time.Hour)
	for name, stays := range map[string]bool{"python-1-new": true, "python-1-old": false, ".python-making-new": true, ".python-making-old": false, "other-old": true} {
		dir := filepath.Join(root, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "old") {
			if err := os.Chtimes(dir, old, old); err != nil {
				t.Fatal(err)
			}
		}
		defer func() {
			if _, err := os.Stat(dir); (err == nil) != stays {
				t.Errorf("%s: %v", name, err)
			}
		}()
	}
	if _, err := image.Prepare(t.Context(), p, root, nil); err == nil {
		t.Error("it was prepared")
	}
}
