package execution

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// idChars is the length of an id, which is 60 bits in 12 characters: too many to guess at the rate of
// requests, and an id is of use to nobody but the client it was made for.
const idChars = 12

// NewID returns an identifier that cannot be guessed: 12 letters a to z and
// digits 2 to 7.
func NewID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, as documented
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))[:idChars]
}
