package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// Key says which token is meant: a server whose URL, issuer or resource is
// another one in the configuration has another token.
type Key struct{ Server, Issuer, Resource, URL string }

// TokenStore keeps tokens between runs, and for other processes. Its methods
// may be called at the same time.
type TokenStore interface {
	// Load returns the token, nil if there is none.
	Load(k Key) (*Token, error)
	Save(k Key, t *Token) error
	// Delete is no error if there is none.
	Delete(k Key) error
	// Stamp changes whenever the token has been saved or deleted. It is cheap.
	Stamp(k Key) string
	// Lock keeps every other process that wants to renew the token waiting.
	Lock(ctx context.Context, k Key) (unlock func(), err error)
}

// Folder is a [TokenStore] with a file for each token, which only the user can
// read.
type Folder string

// maxToken bounds what is read of a file, in bytes.
const maxToken = 1 << 20

func (f Folder) path(k Key) string {
	h := sha256.New()
	for _, part := range []string{k.Server, k.Issuer, k.Resource, k.URL} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return filepath.Join(string(f), filepath.Base(k.Server)+"-"+hex.EncodeToString(h.Sum(nil)[:12])+".json")
}

// Load implements [TokenStore].
func (f Folder) Load(k Key) (*Token, error) {
	data, err := atomicfile.Read(f.path(k), maxToken)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the token of %s in %s: %w", k.Server, f.path(k), err)
	}
	var t Token
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("read the token of %s: %s is damaged; log in again", k.Server, f.path(k))
	}
	return &t, nil
}

// Save implements [TokenStore].
func (f Folder) Save(k Key, t *Token) error {
	if err := f.make(); err != nil {
		return err
	}
	data, err := json.Marshal(t) //nolint:gosec // this is where it is kept
	if err == nil {
		err = atomicfile.Write(f.path(k), data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("keep the token of %s: %w", k.Server, err)
	}
	return nil
}

func (f Folder) make() error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return fmt.Errorf("make the folder of tokens: %w", err)
	}
	return nil
}

// Delete implements [TokenStore].
func (f Folder) Delete(k Key) error {
	if err := os.Remove(f.path(k)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete the token of %s: %w", k.Server, err)
	}
	return nil
}

// Stamp implements [TokenStore]. Each Save makes a new file.
func (f Folder) Stamp(k Key) string {
	info, err := os.Stat(f.path(k))
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size(), fileID(info))
}

// lockPause is the time between two attempts to get a lock.
const lockPause = 20 * time.Millisecond

// Lock implements [TokenStore]. A lock ends with its process.
func (f Folder) Lock(ctx context.Context, k Key) (func(), error) {
	if err := f.make(); err != nil {
		return nil, err
	}
	l := flock.New(f.path(k)+".lock", flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, lockPause); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the token of %s: %w", k.Server, err), l.Close())
	}
	return func() { _ = l.Close() }, nil
}
