package python_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/sandbox/python"
	"github.com/bindery-mcp/bindery/sandbox/python/image"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// prepared is the folder of the image that all tests share, and keep for the
// next time.
var prepared = sync.OnceValues(func() (string, error) {
	p, ok := interpreter.Builtin()
	if !ok {
		return "", nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return image.Prepare(context.Background(), p, filepath.Join(cache, "bindery-test"), nil)
})

// shared is the engine of all tests that need none of their own.
var shared = sync.OnceValues(func() (*python.Engine, error) {
	dir, err := prepared()
	if err != nil || dir == "" {
		return nil, err
	}
	e := python.New(dir)
	return e, e.Load()
})

// engine returns an engine.
func engine(t testing.TB) *python.Engine {
	t.Helper()
	e, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	if e == nil {
		if os.Getenv("CI") != "" {
			t.Fatal("this build has no Python interpreter")
		}
		t.Skip("this build has no Python interpreter")
	}
	return e
}

// fresh returns an engine of its own, which is closed with the test.
func fresh(t testing.TB) *python.Engine {
	t.Helper()
	engine(t)
	dir, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	e := python.New(dir)
	t.Cleanup(e.Close)
	return e
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", t.Name(), err))
	}
}
