package loopback_test

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/internal/loopback"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	fmt.Println(loopback.Host("localhost:8080"), loopback.Host("localhost.example.com:8080"))
	fmt.Println(loopback.Secure("http://127.0.0.1:8080/mcp"), loopback.Secure("http://example.com/mcp"))
	// Output:
	// true false
	// true false
}

func TestHost(t *testing.T) {
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.0.0.1:8080": true, "127.255.255.254": true, "[::1]": true, "[::1]:8080": true, "[0:0:0:0:0:0:0:1]:80": true,
		"localhost": true, "localhost:8080": true, "LocalHost:0": true, "localhost.": true, "LOCALHOST.:80": true, "localhost:": true, "127.0.0.1:": true, "[::1]:": true,
		"[::ffff:127.0.0.1]": true, "[::ffff:7f00:1]:80": true,

		"": false, ":8080": false, "0.0.0.0:8080": false, "[::]:8080": false, "128.0.0.1": false, "10.0.0.1:80": false, "[fe80::1]": false, "[::ffff:10.0.0.1]": false,
		"example.com": false, "localhost.example.com": false, "127.0.0.1.example.com:80": false, "foo.localhost": false, "localhost..": false, ".localhost": false, "localhoſt": false,
		"[::1%lo]": false, "[::1%25lo]:80": false, "::1": false, "::1:8080": false, "[127.0.0.1]": false, "[localhost]:80": false, "[::1": false, "::1]": false, "[::1]80": false, "[[::1]]": false,
		"127.1": false, "127.0.0.01": false, "0x7f.0.0.1": false, "2130706433": false,
		"localhost:http": false, "localhost:65536": false, "localhost:-1": false, "localhost:80:80": false, "localhost::": false, "127.0.0.1::": false, "::1:": false, ":": false,
		"localhost:80@example.com": false, "user@localhost": false, "localhost/x": false, " localhost": false, "localhost\n": false, "localhost\x00": false,
	} {
		if got := loopback.Host(host); got != want {
			t.Errorf("Host(%q) = %v", host, got)
		}
	}
}

func TestSecure(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.com": true, "https://example.com:8443/x?y#z": true, "HTTPS://example.com": true,
		"http://localhost": true, "http://LOCALHOST.:8080/x": true, "http://127.0.0.1:8080": true, "http://[::1]:8080/mcp": true,

		"": false, "example.com": false, "//example.com": false, "https:": false, "https:///x": false, "https://:443/x": false, "https:example.com": false,
		"http://example.com": false, "http://localhost.example.com": false, "http://[::1%25lo]/": false, "ftp://127.0.0.1": false, "ws://localhost": false, "file:///etc/passwd": false,
		"https://user@example.com": false, "https://user:password@example.com": false, "http://localhost@example.com": false, "http://example.com@localhost": false,
		"https://example.com\n": false, "https://[::1": false,
	} {
		if got := loopback.Secure(address); got != want {
			t.Errorf("Secure(%q) = %v", address, got)
		}
	}
}

// FuzzHost holds that what is taken for this machine is so for net and net/url,
// with a port and without.
func FuzzHost(f *testing.F) {
	for _, s := range []string{"localhost", "LOCALHOST.:80", "127.0.0.1:80", "[::1]", "[::ffff:127.0.0.1]:80", "[::1%lo]:80", "::1", "[localhost]:80", "localhost:80@x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, host string) {
		u, err := url.Parse("http://" + host)
		if !loopback.Host(host) {
			if err == nil && u.Host == host && loopback.Secure(u.String()) {
				t.Errorf("http://%q is secure, and its host is not this machine", host)
			}
			return
		}
		if err != nil || u.Host != host || !loopback.Secure(u.String()) {
			t.Fatalf("%q: no host of a URL: %v", host, err)
		}
		if u.Port() == "" && !loopback.Host(strings.TrimSuffix(host, ":")+":80") {
			t.Errorf("%q is another machine with a port", host)
		}
		name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
		if ip := net.ParseIP(name); name != "localhost" && (ip == nil || !ip.IsLoopback()) {
			t.Errorf("%q is not this machine", host)
		}
	})
}
