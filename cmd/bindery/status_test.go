package main

import (
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
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

func TestIsDown(t *testing.T) {
	cause := &bindery.Error{Code: bindery.Timeout}
	for _, tc := range []struct {
		status backends.Status
		want   bool
	}{
		{backends.Status{State: backends.Ready}, false},
		{backends.Status{State: backends.Idle}, false},
		{backends.Status{State: backends.Connecting}, false},
		{backends.Status{State: backends.Connecting, Cause: cause}, true},
		{backends.Status{State: backends.Failed, Cause: cause}, true},
		{backends.Status{State: backends.NeedsLogin, Cause: cause}, true},
	} {
		if got := isDown(tc.status); got != tc.want {
			t.Errorf("%s with %v is down: %v", tc.status.State, tc.status.Cause, got)
		}
	}
}
