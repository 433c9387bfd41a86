package identity

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// Bounds of a file of tokens.
const (
	maxFile   = 8 << 20
	maxTokens = 20_000
)

// fileFormat is the first that there was.
const fileFormat = 1

// file is what a file of tokens holds.
type file struct {
	Format int     `json:"format"`
	Tokens []entry `json:"tokens"`
}

// entry is a token in the file, named by its whole digest.
type entry struct {
	Token

	ID   string `json:"id,omitempty"` // hides that of Token, which follows from the digest
	Hash string `json:"sha256"`
}

// Tokens returns the tokens in the file at path, in the order in which they
// were made; none if there is no file.
func Tokens(path string) ([]Token, error) {
	tokens, _, err := readTokens(path)
	return tokens, err
}

// Add puts a token into the file at path, which need not be there.
func Add(path string, t Token) error {
	return change(path, "add a token", func(tokens []Token) ([]Token, error) {
		if len(tokens) == maxTokens {
			return nil, fmt.Errorf("the file holds %d tokens already; revoke some", maxTokens)
		}
		return append(tokens, t), nil
	})
}

// Remove takes the tokens out of the file for which revoke holds, and returns
// them.
func Remove(path string, revoke func(Token) bool) (gone []Token, err error) {
	err = change(path, "revoke a token", func(tokens []Token) ([]Token, error) {
		kept := tokens[:0]
		for _, t := range tokens {
			if revoke(t) {
				gone = append(gone, t)
			} else {
				kept = append(kept, t)
			}
		}
		return kept, nil
	})
	return gone, err
}

// change replaces the file. Two that change it at once do so one after the
// other, or a token that is revoked could come back.
func change(path, op string, with func([]Token) ([]Token, error)) error {
	fail := func(err error) error {
		return &bindery.Error{Code: bindery.Unavailable, Op: op, Err: err, Hint: "the file is named by tokens in the configuration; a folder that can be written will do"}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fail(err)
	}
	// The file of the lock is left behind: whoever removed it could take it from
	// under one that waits for it.
	l := flock.New(path+".lock", flock.SetPermissions(0o600))
	defer func() { _ = l.Close() }()
	if err := l.Lock(); err != nil {
		return fail(err)
	}
	tokens, _, err := readTokens(path)
	if err != nil {
		return err
	}
	if tokens, err = with(tokens); err != nil {
		return fail(err)
	}
	f := file{Format: fileFormat, Tokens: make([]entry, len(tokens))}
	for i, t := range tokens {
		f.Tokens[i] = entry{Token: t, Hash: hex.EncodeToString(t.sum[:])}
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fail(err)
	}
	if err := atomicfile.Write(path, append(data, '\n'), 0o600); err != nil {
		return fail(err)
	}
	return nil
}

// readTokens also returns what tells the file from the next that has its name.
func readTokens(path string) ([]Token, fs.FileInfo, error) {
	fail := func(err error) ([]Token, fs.FileInfo, error) {
		return nil, nil, &bindery.Error{Code: bindery.Invalid, Op: "read the tokens in " + path, Err: err, Hint: "bindery token new writes such a file"}
	}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil
	case err != nil:
		return fail(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return fail(err)
	}
	if err := trusted(info); err != nil {
		return fail(err)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return fail(err)
	}
	tokens, err := parseTokens(data)
	if err != nil {
		return fail(err)
	}
	return tokens, info, nil
}

func parseTokens(data []byte) ([]Token, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("it is larger than %d bytes", maxFile)
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("it is no JSON of that form: %w", err)
	}
	if f.Format != fileFormat {
		return nil, fmt.Errorf("it has format %d, and this bindery knows %d", f.Format, fileFormat)
	}
	if len(f.Tokens) > maxTokens {
		return nil, fmt.Errorf("it holds more than %d tokens", maxTokens)
	}
	tokens := make([]Token, len(f.Tokens))
	for i, e := range f.Tokens {
		t := e.Token
		sum, err := hex.DecodeString(e.Hash)
		if err != nil || len(sum) != len(t.sum) {
			return nil, fmt.Errorf("token %d has no SHA-256 of itself", i+1)
		}
		copy(t.sum[:], sum)
		t.ID = hex.EncodeToString(sum[:idBytes])
		if t.Client == "" || (Identity{Client: t.Client}).Foreign() {
			return nil, fmt.Errorf("token %s is of no client", t.ID)
		}
		t.Roles = sorted(t.Roles)
		if slices.ContainsFunc(t.Roles, isControl) || isControl(t.Client) {
			return nil, fmt.Errorf("token %s has a name with control characters", t.ID)
		}
		tokens[i] = t
	}
	return tokens, nil
}
