package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"
)

// Prefix begins the tokens that bindery makes, so that people and scanners
// know them for what they are.
const Prefix = "bnd_"

// digest is the SHA-256 of a token. Tokens are looked up by it in maps: what the
// time of that tells is about the digest of what the caller sent, and nobody can
// choose a text for the beginning of its digest to be that of another. The
// tokens themselves are compared with nothing. A hash that is slow on purpose
// would add nothing: 256 random bits cannot be guessed.
type digest = [sha256.Size]byte

func digestOf(token string) digest { return sha256.Sum256([]byte(token)) }

// Token is what is kept of a token: everything but the token.
type Token struct {
	// ID is the beginning of the digest. It names the token to people.
	ID     string `json:"id"`
	Client string `json:"client"`
	// Roles are those that the token gives besides the client's own.
	Roles   []string  `json:"roles,omitempty"`
	Created time.Time `json:"created"`
	// Expires is zero for a token that does not.
	Expires time.Time `json:"expires,omitzero"`

	sum digest
}

// Expired reports whether the token was of use until before now.
func (t Token) Expired(now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// idBytes are enough for IDs to differ among all the tokens of a file.
const idBytes = 6

// NewToken makes a token for the client. The text is the token itself, which is kept
// nowhere.
func NewToken(client string, roles []string, created, expires time.Time) (text string, t Token) {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // it never fails
	text = Prefix + base64.RawURLEncoding.EncodeToString(secret[:])
	t = Token{
		Client: client, Roles: sorted(roles), Created: created.UTC().Truncate(time.Second), sum: digestOf(text),
	}
	if !expires.IsZero() {
		t.Expires = expires.UTC().Truncate(time.Second)
	}
	t.ID = hex.EncodeToString(t.sum[:idBytes])
	return text, t
}
