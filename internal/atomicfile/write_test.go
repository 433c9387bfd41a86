package atomicfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	dir, err := os.MkdirTemp("", "atomicfile-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "settings")
	for _, text := range []string{"old", "new"} {
		if err := atomicfile.Write(path, []byte(text), 0o600); err != nil {
			fmt.Println(err)
		}
	}
	data, err := os.ReadFile(path)
	fmt.Println(string(data), err)
	// Output: new <nil>
}

// A write that fails leaves the folder as it was.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(path, []byte("x"), 0o600); err == nil {
		t.Error("a folder was replaced by a file")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if err := atomicfile.Write(filepath.Join(dir, "none", "x"), nil, 0o600); err == nil {
		t.Error("a file was written into a folder that does not exist")
	}
}

// TestRead bounds what is read, and counts the last byte that is allowed.
func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, make([]byte, 2048), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := atomicfile.Read(path, 2048); err != nil || len(data) != 2048 {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
	if data, err := atomicfile.Read(path, 1024); data != nil || err == nil || err.Error() != "it is larger than 1 KiB" {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
	if _, err := atomicfile.Read(path+"y", 1); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
