package image

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
	"github.com/bindery-mcp/bindery/stdlib"
)

// format is the version of what is in an image's folder.
const format = 1

// prefix begins the name of every image's folder.
const prefix = "python-"

// keyOf names everything an image is made of. Whatever changes, the image has
// another folder, so that a stale one is never used.
func keyOf(p interpreter.Interpreter) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%s\n%x\n%x\n%s\n%s/%s\n%d\n", format, p.SHA256, sha256.Sum256(p.Library),
		sha256.Sum256([]byte(stdlib.Python().Code)), wazeroVersion(), runtime.GOOS, runtime.GOARCH, period)
	return prefix + p.Version + "-" + hex.EncodeToString(h.Sum(nil)[:8])
}

// wazeroVersion is the version of the compiler in this binary. It is empty in
// the binary of a test, whose code another binary does not load.
func wazeroVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, d := range info.Deps {
		if d.Path == "github.com/tetratelabs/wazero" {
			return d.Version
		}
	}
	return ""
}

// Find returns the folder of the image of p under root, if it was prepared.
func Find(p interpreter.Interpreter, root string) (dir string, ok bool) {
	dir = filepath.Join(root, keyOf(p))
	m, err := readManifest(dir)
	return dir, err == nil && m.check(dir) == nil
}

// exists reports whether something is there.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
