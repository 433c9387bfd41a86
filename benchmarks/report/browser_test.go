package report_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// chromium is where Debian's package puts the browser.
const chromium = "/usr/bin/chromium"

// The page as a browser shows it: everything is there, and nothing else was
// asked for.
func TestBrowser(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(chromium); err != nil {
		t.Skipf("%v; apt-get install chromium puts it there", err)
	}
	var page bytes.Buffer
	if err := report.HTML(&page, sample()); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var asked []string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.URL.Path)
		mu.Unlock()
		_, _ = w.Write(page.Bytes())
	}))
	defer site.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	browse := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--user-data-dir="+t.TempDir(), "--enable-logging=stderr", "--v=0", "--dump-dom", site.URL+"/report.html")
	var stderr bytes.Buffer
	browse.Stderr = &stderr
	dom, err := browse.Output()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, stderr.String())
	}
	for _, want := range []string{
		"It pays from 3 calls on.", "1,234,567", "12.5 ms", "Tokens by servers &lt;b&gt;", "T6 one read", "dearer, or slower", "about even",
	} {
		if !strings.Contains(string(dom), want) {
			t.Errorf("the browser shows no %q", want)
		}
	}
	if n := strings.Count(string(dom), "<svg"); n != 2 {
		t.Errorf("the browser has %d pictures, want 2", n)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 1 {
		t.Errorf("the browser asked for %q; the page is to hold all it needs", asked)
	}
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("the browser complains: %s", line)
		}
	}
}
