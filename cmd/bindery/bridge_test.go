package main

import (
	"slices"
	"testing"
)

// A bridged server gets the environment, but not what lets clients in, nor the
// key to the user's secrets.
func TestBridgeHandsOnNoCredentialsOfItsOwn(t *testing.T) {
	t.Parallel()
	environ := []string{"PATH=/bin", "TOKEN=x", "TOKENS=x", "BINDERY_SECRETS_PASSPHRASE=x", "=C:=x", "GITHUB_TOKEN=x"}
	for token, want := range map[string][]string{
		"":                {"PATH", "TOKEN", "TOKENS", "GITHUB_TOKEN"},
		"${env:TOKEN}":    {"PATH", "TOKENS", "GITHUB_TOKEN"},
		"${env:TOKENS:-}": {"PATH", "TOKEN", "GITHUB_TOKEN"},
		"${file:token}":   {"PATH", "TOKEN", "TOKENS", "GITHUB_TOKEN"},
	} {
		if got := (&bridgeCmd{Token: token}).handedOn(environ); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", token, got, want)
		}
	}
}
