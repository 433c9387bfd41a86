package secrets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// Names of files in the folder of a store. age reads them, too:
// age -d -i secrets.key secrets.age.
const (
	storeName = "secrets.age"
	keyName   = "secrets.key"
	lockName  = "secrets.lock"
)

// maxSealed bounds the encrypted file.
const maxSealed = maxPlain + 64<<10

// Store is an encrypted file of secrets. Several processes may use it at once.
type Store struct {
	dir        string
	passphrase string
}

// New returns the store in a folder, which need not exist. With a passphrase it
// is encrypted with that from the next change on, and otherwise with a key that
// is made when it is first needed.
func New(dir, passphrase string) *Store { return &Store{dir: dir, passphrase: passphrase} }

// Path is the encrypted file.
func (s *Store) Path() string { return filepath.Join(s.dir, storeName) }

// Read decrypts the store. One that does not exist is empty.
func (s *Store) Read() (Values, error) {
	sealed, err := atomicfile.Read(s.Path(), maxSealed)
	if errors.Is(err, fs.ErrNotExist) {
		return Values{}, nil
	}
	if err != nil {
		return Values{}, s.failed("read", bindery.Unavailable, err, "")
	}
	keys, err := s.identities()
	if err != nil {
		return Values{}, err
	}
	plain, err := open(sealed, keys)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return Values{}, s.failed("decrypt", bindery.Denied, errors.New("it was encrypted with another key or passphrase"), s.keyHint())
	}
	if err != nil {
		return Values{}, s.failed("decrypt", bindery.Invalid, err, "restore it from a copy, or remove it and set the secrets anew")
	}
	values, err := parse(plain)
	if err != nil {
		return Values{}, s.failed("read", bindery.Invalid, err, "restore it from a copy, or remove it and set the secrets anew")
	}
	return values, nil
}

func open(sealed []byte, keys []age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), keys...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxPlain+1)) // parse refuses what is longer
}

// Set keeps a value under a name, in place of the one that was there.
func (s *Store) Set(ctx context.Context, name, value string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if err := checkValue(value); err != nil {
		return &bindery.Error{Code: bindery.Invalid, Op: "set the secret " + name, Err: err}
	}
	return s.change(ctx, func(v Values) error {
		v.texts[name] = value
		return nil
	})
}

// Remove forgets names; if one is not there, none is.
func (s *Store) Remove(ctx context.Context, names ...string) error {
	return s.change(ctx, func(v Values) error {
		for _, name := range names {
			if _, err := v.Get(name); err != nil {
				return err
			}
			delete(v.texts, name)
		}
		return nil
	})
}

// change reads, changes and writes the store while nobody else does.
func (s *Store) change(ctx context.Context, f func(Values) error) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return s.failed("make the folder of", bindery.Unavailable, err, "")
	}
	unlock, err := lockFile(ctx, filepath.Join(s.dir, lockName))
	if err != nil {
		return s.failed("lock", bindery.Unavailable, err, "another bindery is changing it; try again")
	}
	defer unlock()
	values, err := s.Read()
	if err != nil {
		return err
	}
	values = values.clone()
	if err := f(values); err != nil {
		return err
	}
	plain, err := values.encode()
	if err != nil {
		return s.failed("write", bindery.Limit, err, "remove what is not needed, or keep it in another place: ${file:PATH}, ${cmd:PROGRAM}")
	}
	to, err := s.recipient()
	if err != nil {
		return err
	}
	sealed, err := seal(plain, to)
	if err == nil {
		err = atomicfile.Write(s.Path(), sealed, 0o600)
	}
	if err != nil {
		return s.failed("write", bindery.Unavailable, err, "")
	}
	return nil
}

func seal(plain []byte, to age.Recipient) ([]byte, error) {
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

func (s *Store) failed(did string, code bindery.Code, err error, hint string) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok && pe.Path == s.Path() {
		err = pe.Err
	}
	return &bindery.Error{Code: code, Op: did + " the secret store " + s.Path(), Err: err, Hint: hint}
}
