package main

import (
	"testing"

	"github.com/bindery-mcp/bindery/gateway/config"
)

func TestAddress(t *testing.T) {
	for listen, want := range map[string]string{
		"":               "http://127.0.0.1:8080",
		"127.0.0.1:9":    "http://127.0.0.1:9",
		"[::1]:9":        "http://[::1]:9",
		"192.0.2.1:9":    "http://192.0.2.1:9",
		"example.com:9":  "http://example.com:9",
		":9":             "http://localhost:9",
		"0.0.0.0:9":      "http://localhost:9",
		"[::]:9":         "http://localhost:9",
		"not an address": "http://not an address",
	} {
		if got := address(&config.Config{Listen: listen}); got != want {
			t.Errorf("%q is at %s, want %s", listen, got, want)
		}
	}
}
