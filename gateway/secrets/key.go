package secrets

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"filippo.io/age"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// PassphraseVariable is the environment variable with the passphrase of the
// store, where it has one.
const PassphraseVariable = "BINDERY_SECRETS_PASSPHRASE"

// maxKey bounds the file with the key.
const maxKey = 16 << 10

// maxWork is the work factor that age gives a passphrase: about a second. A
// file that asks for more is not one of these.
const maxWork = 18

func (s *Store) keyPath() string { return filepath.Join(s.dir, keyName) }

// identities are what the store may be decrypted with.
func (s *Store) identities() ([]age.Identity, error) {
	var keys []age.Identity
	if s.passphrase != "" {
		id, err := age.NewScryptIdentity(s.passphrase)
		if err != nil {
			return nil, s.failed("decrypt", bindery.Invalid, err, "")
		}
		id.SetMaxWorkFactor(maxWork)
		keys = append(keys, id)
	}
	id, err := s.key()
	switch {
	case err == nil:
		keys = append(keys, id)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case len(keys) == 0:
		return nil, s.failed("decrypt", bindery.Denied, errors.New("there is no key, and no passphrase"), s.keyHint())
	}
	return keys, nil
}

func (s *Store) keyHint() string {
	return fmt.Sprintf("put the key it was encrypted with into %s, or its passphrase into the variable %s", s.keyPath(), PassphraseVariable)
}

// recipient is what the store is encrypted for. The first time it makes a key.
// The folder is locked.
func (s *Store) recipient() (age.Recipient, error) {
	if s.passphrase != "" {
		to, err := age.NewScryptRecipient(s.passphrase)
		if err != nil {
			return nil, s.failed("encrypt", bindery.Invalid, err, "")
		}
		return to, nil
	}
	id, err := s.key()
	if errors.Is(err, fs.ErrNotExist) {
		id, err = s.makeKey()
	}
	if err != nil {
		return nil, err
	}
	return id.Recipient(), nil
}

// key reads the file with the key. If there is none the error is
// [fs.ErrNotExist].
func (s *Store) key() (*age.X25519Identity, error) {
	info, err := os.Stat(s.keyPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	wrong := func(err error, hint string) (*age.X25519Identity, error) {
		return nil, &bindery.Error{Code: bindery.Denied, Op: "read the key of the secret store, " + s.keyPath(), Err: err, Hint: hint}
	}
	if err != nil {
		return wrong(err, "")
	}
	if open := info.Mode().Perm() & 0o077; open != 0 && runtime.GOOS != "windows" {
		return wrong(fmt.Errorf("others may read or change it (mode %#o)", info.Mode().Perm()), "chmod 600 "+s.keyPath())
	}
	data, err := atomicfile.Read(s.keyPath(), maxKey)
	if err != nil {
		return wrong(err, "")
	}
	ids, err := age.ParseIdentities(bytes.NewReader(data))
	if err != nil {
		// The error of a line that is no key may quote it.
		return wrong(errors.New("it is not an age key file"), "restore it from a copy")
	}
	for _, id := range ids {
		if x, ok := id.(*age.X25519Identity); ok && len(ids) == 1 {
			return x, nil
		}
	}
	return wrong(errors.New("it does not hold one X25519 key"), "restore it from a copy")
}

// makeKey makes the key. One that is gone is not replaced while there is
// something encrypted with it: change has read that before.
func (s *Store) makeKey() (*age.X25519Identity, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("# key of %s, made by bindery; whoever has both has the secrets\n# created: %s\n# public key: %s\n%s\n",
		storeName, time.Now().UTC().Format(time.RFC3339), id.Recipient(), id)
	if err := atomicfile.Write(s.keyPath(), []byte(text), 0o600); err != nil {
		return nil, &bindery.Error{Code: bindery.Unavailable, Op: "write the key of the secret store", Err: err}
	}
	return id, nil
}
