package secrets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Bounds of a store.
const (
	maxPlain   = 4 << 20
	maxSecrets = 1000
	// MaxValue is the longest secret, in bytes.
	MaxValue = 64 << 10
	maxName  = 64
)

// Values are the secrets of a store. However they are printed, none is shown.
type Values struct{ texts map[string]string }

// Names returns the names, in alphabetical order.
func (v Values) Names() []string { return slices.Sorted(maps.Keys(v.texts)) }

// Get returns the value of a name.
func (v Values) Get(name string) (string, error) {
	text, ok := v.texts[name]
	if !ok {
		return "", &bindery.Error{
			Code: bindery.NotFound, Op: "look up a secret", Err: fmt.Errorf("the store has none named %.64q", name),
			Hint: "set it with: bindery secret set NAME",
		}
	}
	return text, nil
}

// Format prints how many there are, whatever the verb.
func (v Values) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "%d secrets", len(v.texts)) }

func (v Values) clone() Values {
	texts := maps.Clone(v.texts)
	if texts == nil {
		texts = make(map[string]string)
	}
	return Values{texts}
}

// CheckName returns an error for what cannot name a secret.
func CheckName(name string) error {
	ok := name != "" && len(name) <= maxName
	for _, b := range []byte(name) {
		ok = ok && (b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.')
	}
	if !ok {
		return &bindery.Error{
			Code: bindery.Invalid, Op: "name a secret", Err: errors.New("it is not a name"),
			Hint: "names are up to 64 letters, digits and _ . -",
		}
	}
	return nil
}

func checkValue(value string) error {
	switch {
	case value == "":
		return errors.New("it is empty")
	case len(value) > MaxValue:
		return fmt.Errorf("it is longer than %d bytes", MaxValue)
	case !utf8.ValidString(value) || bytes.IndexByte([]byte(value), 0) >= 0:
		return errors.New("it is not text")
	}
	return nil
}

// document is what is encrypted.
type document struct {
	Version int               `json:"version"`
	Secrets map[string]string `json:"secrets"`
}

// version is of the document.
const version = 1

func (v Values) encode() ([]byte, error) {
	if len(v.texts) > maxSecrets {
		return nil, fmt.Errorf("it would hold more than %d secrets", maxSecrets)
	}
	plain, err := json.Marshal(document{version, v.texts})
	if err == nil && len(plain) > maxPlain {
		err = fmt.Errorf("it would hold more than %d bytes", maxPlain)
	}
	return plain, err
}

// parse reads what was encrypted. Its errors quote nothing of it.
func parse(plain []byte) (Values, error) {
	if len(plain) > maxPlain {
		return Values{}, fmt.Errorf("it holds more than %d bytes", maxPlain)
	}
	errForeign := errors.New("what it holds was not written by bindery")
	if jsonscan.Exceeds(plain, 3, 2*maxSecrets+8) != jsonscan.None {
		return Values{}, errForeign
	}
	var d document
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.DisallowUnknownFields()
	if dec.Decode(&d) != nil {
		return Values{}, errForeign
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Values{}, errForeign
	}
	if d.Version != version {
		return Values{}, fmt.Errorf("it has version %d, and this bindery reads %d", d.Version, version)
	}
	for name, value := range d.Secrets {
		if CheckName(name) != nil || checkValue(value) != nil {
			return Values{}, errForeign
		}
	}
	if len(d.Secrets) > maxSecrets {
		return Values{}, errForeign
	}
	return Values{d.Secrets}, nil
}
