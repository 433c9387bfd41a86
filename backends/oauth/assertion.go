package oauth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"time"
)

// assertionType is that of RFC 7523, section 2.2.
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assertionLife is how long an assertion may be used.
const assertionLife = time.Minute

// readKey reads a private key: PKCS #8, or what OpenSSL writes for RSA and
// elliptic curves.
func readKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the privateKey is not PEM")
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, errors.New("the privateKey cannot be read as PKCS #8, RSA or EC")
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return k, nil
	case *ecdsa.PrivateKey:
		if k.Curve == elliptic.P256() {
			return k, nil
		}
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, errors.New("the privateKey is of no kind that is known: RSA, EC on P-256, Ed25519")
}

// assertion proves to audience that the client has the key.
func assertion(key crypto.Signer, client, audience string, now time.Time) (string, error) {
	claims, err := json.Marshal(map[string]any{
		"iss": client, "sub": client, "aud": audience, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	alg := "RS256"
	switch key.(type) {
	case *ecdsa.PrivateKey:
		alg = "ES256"
	case ed25519.PrivateKey:
		alg = "EdDSA"
	}
	enc := base64.RawURLEncoding.EncodeToString
	text := enc([]byte(fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, alg))) + "." + enc(claims)
	signature, err := sign(key, []byte(text))
	if err != nil {
		return "", fmt.Errorf("sign the client's assertion: %w", err)
	}
	return text + "." + enc(signature), nil
}

func sign(key crypto.Signer, text []byte) ([]byte, error) {
	sum := sha256.Sum256(text)
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, k, sum[:])
		if err != nil {
			return nil, err
		}
		const size = 32 // RFC 7518, section 3.4
		return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...), nil
	case ed25519.PrivateKey:
		return k.Sign(rand.Reader, text, crypto.Hash(0))
	default:
		return key.Sign(rand.Reader, sum[:], crypto.SHA256)
	}
}
