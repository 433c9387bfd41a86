package front_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// events reads the events of a stream as they come.
func events(t testing.TB, resp *http.Response) <-chan map[string]string {
	t.Helper()
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" || resp.Header.Get("X-Accel-Buffering") != "no" {
		data, _ := io.ReadAll(resp.Body)
		t.Fatalf("the answer is %s: %s", kind, data)
	}
	all := make(chan map[string]string, 64)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(all)
		event := map[string]string{}
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			if s.Text() == "" && len(event) > 0 {
				all <- event
				event = map[string]string{}
			}
			if k, v, ok := strings.Cut(s.Text(), ": "); ok && k != "" {
				event[k] = v
			}
		}
	}()
	t.Cleanup(func() {
		_ = resp.Body.Close()
		<-done
	})
	return all
}

func event(t testing.TB, from <-chan map[string]string) map[string]string {
	t.Helper()
	select {
	case e := <-from:
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("no event came")
		return nil
	}
}
