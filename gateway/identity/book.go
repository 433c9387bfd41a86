package identity

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"
)

// book is the file of tokens as it is now. It is read again whenever it is
// another file, so that a token that is made or revoked counts at once. One that
// cannot be read holds no tokens: what was revoked must not come back.
type book struct {
	path string
	log  *slog.Logger

	mu    sync.Mutex
	read  fs.FileInfo // nil if there was no file
	err   error
	known map[digest]Token
}

func newBook(path string, log *slog.Logger) *book { return &book{path: path, log: log} }

// find returns the token of that text.
func (b *book) find(text string, now time.Time) (Token, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.refresh(); err != nil {
		return Token{}, &RefusedError{Reason: Unavailable, Err: errors.New("the tokens cannot be looked up for now; the gateway's log says why"), Cause: err}
	}
	t, ok := b.known[digestOf(text)]
	switch {
	case !ok:
		return Token{}, refuse(Invalid, "the token is unknown or was revoked")
	case t.Expired(now):
		return Token{}, refuse(Invalid, "the token has expired")
	}
	return t, nil
}

func (b *book) refresh() error {
	info, err := os.Stat(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		b.read, b.err, b.known = nil, nil, nil
		return nil
	}
	if err == nil && b.read != nil && os.SameFile(info, b.read) &&
		info.ModTime().Equal(b.read.ModTime()) && info.Size() == b.read.Size() && info.Mode() == b.read.Mode() {
		return b.err
	}
	tokens, read, err := readTokens(b.path)
	if read == nil {
		read = info
	}
	b.read, b.err, b.known = read, err, make(map[digest]Token, len(tokens))
	for _, t := range tokens {
		b.known[t.sum] = t
	}
	if err != nil {
		b.log.Error("the tokens that bindery made are refused", "error", err)
	}
	return err
}
