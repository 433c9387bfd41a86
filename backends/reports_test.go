package backends_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func TestNotices(t *testing.T) {
	everyWay(t, func(t *testing.T, kind string, s *backends.Set) {
		notices := s.Notices(within(t))
		expect := func(want ...backends.Notice) {
			t.Helper()
			for len(want) > 0 {
				select {
				case n := <-notices:
					want = slices.DeleteFunc(want, func(w backends.Notice) bool { return w == n })
				case <-within(t).Done():
					t.Fatalf("there was no %v", want)
				}
			}
		}
		list := func(kind backends.Kind, want string) {
			t.Helper()
			items, err := s.List(within(t), "srv", kind)
			var names []string
			for _, i := range items {
				names = append(names, i.Name)
			}
			if got := strings.Join(names, " "); err != nil || got != want {
				t.Errorf("list %v: got %s, %v", kind, got, err)
			}
		}
		list(backends.Resources, "test://0 test://1 test://2")
		list(backends.Templates, "test://{id}/0")
		list(backends.Prompts, "prompt-0 prompt-1 prompt-2")
		if _, err := call(t, s, "relist", ""); err != nil {
			t.Fatal(err)
		}
		expect(backends.Notice{Server: "srv", Method: "notifications/resources/list_changed"}, backends.Notice{Server: "srv", Method: "notifications/prompts/list_changed"})
		list(backends.Resources, "test://0 test://1 test://2 test://3")
		list(backends.Templates, "test://{id}/0 test://{id}/1")
		list(backends.Prompts, "prompt-0 prompt-1 prompt-2 prompt-3")

		for _, uri := range []string{"test://0", "test://1"} {
			if err := s.Subscribe(within(t), "srv", uri); err != nil {
				t.Fatal(err)
			}
		}
		for _, uri := range []string{"test://0", "test://1"} {
			if _, err := call(t, s, "update", `{"text":"`+uri+`"}`); err != nil {
				t.Fatal(err)
			}
			expect(backends.Notice{Server: "srv", Method: "notifications/resources/updated", URI: uri})
		}
		if err := s.Unsubscribe(within(t), "srv", "test://0"); err != nil {
			t.Error(err)
		}
		if !isModern(kind) {
			if r, err := call(t, s, "update", `{"text":"test://0"}`); err != nil || r.Content[0].Text != "false" {
				t.Errorf("got %s, %v", r.Raw, err)
			}
		}
		for _, l := range []struct {
			method string
			most   string
		}{{"resources/list", "4"}, {"prompts/list", "4"}} {
			// Three and four items, two a page, each list once before and after.
			if r, err := call(t, s, "seen", `{"text":"`+l.method+`"}`); err != nil || r.Content[0].Text != l.most {
				t.Errorf("%s was asked for %s times, %v", l.method, r.Content[0].Text, err)
			}
		}
	})
}

// TestBoundedLists checks lists that do not end.
func TestBoundedLists(t *testing.T) {
	t.Parallel()
	for mode, want := range map[backendtest.Mode]string{
		backendtest.EndlessPages: "over the limit of 100 pages", backendtest.SameCursor: `cursor "again" comes again`,
	} {
		// The tools' list has the same fault, so that the server is never ready.
		s := open(t, backends.Options{}, stdioSpec(t, backendtest.Offers, mode))
		if c := s.Status()[0].Cause; c == nil || !strings.Contains(c.Error(), want) {
			t.Errorf("got %v", c)
		}
	}
}

// TestStreamsComeBack checks that what a modern server reports is not lost when
// its stream ends.
func TestStreamsComeBack(t *testing.T) {
	t.Parallel()
	for kind, spec := range offering(backendtest.Modern) {
		if !isModern(kind) {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, spec(t))
			if err := s.Subscribe(within(t), "srv", "test://0"); err != nil {
				t.Fatal(err)
			}
			notices := s.Notices(within(t))
			if _, err := call(t, s, "drop", ""); err != nil {
				t.Fatal(err)
			}
			if _, err := call(t, s, "change", ""); err != nil {
				t.Fatal(err)
			}
			waitFor(t, s, "new tool", func(c *backends.Catalogue) bool {
				return slices.ContainsFunc(c.Servers[0].Tools, func(t bindery.Tool) bool { return t.ID.Name == "extra" })
			})
			for n := range notices {
				if n.URI == "test://0" {
					return
				}
			}
			t.Error("the subscription was lost")
		})
	}
}

func TestTimeoutIsTold(t *testing.T) {
	t.Parallel()
	for kind, spec := range offering() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			hasty := spec(t)
			hasty.CallTimeout = time.Second // the calls below must keep it, on any machine
			s := open(t, backends.Options{}, hasty)
			_, err := call(t, s, "hang", "")
			if bindery.CodeOf(err) != bindery.Timeout {
				t.Fatalf("got %v", err)
			}
			for n := "0"; n == "0" && within(t).Err() == nil; {
				r, err := call(t, s, "seen", `{"text":"hang cancelled"}`)
				if bindery.CodeOf(err) == bindery.Timeout {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				n = r.Content[0].Text
			}
		})
	}
}
