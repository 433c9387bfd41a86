//go:build !nopython

package interpreter

import (
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/bindery-mcp/bindery"
)

//go:embed python.wasm.gz
var compressed string

//go:embed python-stdlib.zip
var library []byte

// Builtin returns the interpreter that this binary carries. It has none if it
// was built with the tag nopython.
func Builtin() (Interpreter, bool) {
	return Interpreter{
		Version: builtVersion, SHA256: builtSHA256, Wasm: decompress,
		Library: library, LibraryPath: builtLibraryPath,
		RunString: builtRunString, StackPointer: builtStackPointer,
	}, true
}

// decompress checks what it returns: the constants beside it are indices into
// that module and no other.
func decompress() ([]byte, error) {
	z, err := gzip.NewReader(strings.NewReader(compressed))
	if err != nil {
		return nil, damaged(err)
	}
	b := make([]byte, builtSize)
	if _, err := io.ReadFull(z, b); err != nil {
		return nil, damaged(err)
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(z, 1)); n > 0 || err != nil {
		return nil, damaged(fmt.Errorf("there is more than the %d bytes of the module", builtSize))
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != builtSHA256 {
		return nil, damaged(fmt.Errorf("its SHA-256 is %x", sum))
	}
	return b, nil
}

func damaged(err error) error {
	return &bindery.Error{
		Code: bindery.Internal, Op: "decompress the Python interpreter in this binary", Err: err,
		Hint: "Its files do not belong together: run sandbox/python/interpreter/build/build.sh, or take all of them from one commit.",
	}
}
