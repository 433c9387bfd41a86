package direct

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxName is the longest name that clients and the providers behind them take:
// ^[a-zA-Z0-9_-]{1,64}$.
const maxName = 64

// separator stands between a server's name and a tool's.
const separator = "__"

// Name returns what a tool or prompt of a server is called on the wire. What
// clients do not take is folded to "_", and a name that is too long ends in a
// digest of the whole, so that it is the same every time.
func Name(server, name string, prefix bool) string {
	full := name
	if prefix {
		full = server + separator + name
	}
	wire := fold(full)
	if len(wire) <= maxName {
		return wire
	}
	sum := sha256.Sum256([]byte(full))
	digest := "_" + hex.EncodeToString(sum[:4])
	return wire[:maxName-len(digest)] + digest
}

func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '-':
			return r
		default:
			return '_'
		}
	}, name)
}
