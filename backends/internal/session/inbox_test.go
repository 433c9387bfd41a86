package session

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
)

// FuzzTake checks that whatever a server sends, what it has taken for is valid
// JSON, and that everything ends with the connection.
func FuzzTake(f *testing.F) {
	for _, s := range []string{
		`{"jsonrpc":"2.0","id":1,"result":{"a":1}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":1e99,"message":7}}`,
		`{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"a":[1]}}`,
		`{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"_meta":{"b":1,"io.modelcontextprotocol/related-task":{"taskId":"t"}}}}`, `{"jsonrpc":"2.0","id":2,"method":"roots/list"}`,
		`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":2}}`,
		`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":{}}}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"q"}}`,
		`{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":1}}}`,
		`[{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"x"}},{"jsonrpc":"2.0","id":1,"result":[]}]`, `[[[[`, ``,
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, own bool) {
		valid := func(what string, raw json.RawMessage) {
			if len(raw) > 0 && !json.Valid(raw) {
				t.Errorf("%s is not JSON: %q", what, raw)
			}
		}
		var mu sync.Mutex
		in := NewInbox(Options{Roots: []string{"file:///x"}, Notice: func(_ string, p json.RawMessage) { valid("a notice", p) }},
			func(_ context.Context, text []byte) error {
				mu.Lock()
				defer mu.Unlock()
				valid("a reply", text)
				return nil
			})
		x := &Exchange{Method: "tools/call", theirs: json.RawMessage(`"mine"`), peer: &Peer{
			Log: "debug", Notify: func(_ string, p json.RawMessage) { valid("a notification", p) },
			Ask: func(_ context.Context, _ string, p json.RawMessage) (json.RawMessage, error) {
				valid("a question", p)
				return json.RawMessage(`{}`), nil
			},
		}}
		x.token = in.token(x)
		in.begin(1, x)
		on := x
		if !own {
			on = nil
		}
		_, err := in.TakeAll(text, on)
		in.end(x)
		in.Close()
		valid("a result", x.result)
		if len(in.questions) > 0 || in.refusing != 0 {
			t.Errorf("%q: something is left", text)
		}
		if err == nil && !json.Valid(text) {
			t.Errorf("%q was taken", text)
		}
	})
}

// Of several requests of one client it is the one that the server asked about
// last whose further questions come, also before the first is answered.
func TestSeveralQuestions(t *testing.T) {
	in := NewInbox(Options{}, func(context.Context, []byte) error { return nil })
	defer in.Close()
	asked := make(chan string)
	request := func(id int64, name string) {
		in.begin(id, &Exchange{Method: "tools/call", peer: &Peer{
			Client: "ann", Ask: func(ctx context.Context, _ string, _ json.RawMessage) (json.RawMessage, error) {
				asked <- name
				<-ctx.Done()
				return nil, ctx.Err()
			},
		}})
	}
	ask := func(id, want string) {
		t.Helper()
		if _, err := in.Take([]byte(`{"jsonrpc":"2.0","id":"`+id+`","method":"elicitation/create"}`), nil); err != nil {
			t.Fatal(err)
		}
		if got := <-asked; got != want {
			t.Errorf("question %s came to the %s request, not the %s one", id, got, want)
		}
	}
	request(1, "old")
	ask("a", "old")
	request(2, "new")
	ask("b", "new")
	ask("c", "new")
}

func TestWants(t *testing.T) {
	for _, tt := range []struct {
		lowest, level string
		want          bool
	}{
		{"", "error", false}, {"debug", "debug", true}, {"info", "debug", false}, {"error", "emergency", true},
		{"error", "", true}, {"error", "loud", true}, {"odd", "info", true},
	} {
		if got := wants(tt.lowest, tt.level); got != tt.want {
			t.Errorf("%q for %q: got %v", tt.level, tt.lowest, got)
		}
	}
}

func TestWith(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                         `{"k":1}`,
		` {"a": [1, 2] ,"k":"old"} `: `{"a":[1, 2],"k":1}`,
		`{"k":0,"b":"x\"y","k":2}`:   `{"b":"x\"y","k":1}`,
	} {
		if got := string(With(json.RawMessage(in), "k", json.RawMessage("1"))); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
	if _, err := metaOf(json.RawMessage(strings.Repeat("[", 10))); err == nil {
		t.Error("an array is no object")
	}
}

// Which of one session's requests a question is about is not known, so that it
// stays for as long as any of them is under way; and it is never put to another
// session, though it be of the same client.
func TestQuestionOfASession(t *testing.T) {
	replies := make(chan string, 1)
	in := NewInbox(Options{}, func(_ context.Context, text []byte) error {
		replies <- string(text)
		return nil
	})
	defer in.Close()
	asked := make(chan context.Context)
	request := func(id int64, session string) *Exchange {
		x := &Exchange{Method: "tools/call", peer: &Peer{
			Session: session, Client: "ann", Ask: func(ctx context.Context, _ string, _ json.RawMessage) (json.RawMessage, error) {
				asked <- ctx
				<-ctx.Done()
				return nil, ctx.Err()
			},
		}}
		in.begin(id, x)
		return x
	}
	ask := func(id string, on *Exchange) {
		t.Helper()
		if _, err := in.Take([]byte(`{"jsonrpc":"2.0","id":"`+id+`","method":"elicitation/create"}`), on); err != nil {
			t.Fatal(err)
		}
	}
	one, two := request(1, "a"), request(2, "a")
	ask("q", nil)
	unsure := <-asked
	ask("r", two)
	its := <-asked
	in.end(two)
	<-its.Done()
	if reply := <-replies; !strings.Contains(reply, `"id":"r"`) || unsure.Err() != nil {
		t.Errorf("the end of one request ended the question of another: %s", reply)
	}
	request(3, "b")
	ask("s", nil)
	if reply := <-replies; !strings.Contains(reply, "isolate: session") {
		t.Errorf("one of two sessions was asked: %s", reply)
	}
	in.end(one)
	<-unsure.Done()
	<-replies
}

// What a server logs while no request is under way is for whoever listens.
func TestStandingMessage(t *testing.T) {
	var noticed, notified []string
	in := NewInbox(Options{Notice: func(_ string, p json.RawMessage) { noticed = append(noticed, string(p)) }}, nil)
	defer in.Close()
	say := func(params string) {
		t.Helper()
		if _, err := in.Take([]byte(`{"jsonrpc":"2.0","method":"notifications/message","params":`+params+`}`), nil); err != nil {
			t.Fatal(err)
		}
	}
	say(`{"level":"error"}`)
	x := &Exchange{Method: "tools/call", peer: &Peer{Log: "info", Notify: func(_ string, p json.RawMessage) { notified = append(notified, string(p)) }}}
	in.begin(1, x)
	say(`{"level":"info"}`)
	in.end(x)
	if want := []string{`{"level":"error"}`}; !slices.Equal(noticed, want) {
		t.Errorf("noticed %q", noticed)
	}
	if want := []string{`{"level":"info"}`}; !slices.Equal(notified, want) {
		t.Errorf("notified %q", notified)
	}
}

// A question about a task is for whoever fetches the task's result, though
// others have requests under way, and its answer says so.
func TestQuestionOfATask(t *testing.T) {
	answers := make(chan string)
	in := NewInbox(Options{}, func(_ context.Context, text []byte) error {
		answers <- string(text)
		return nil
	})
	defer in.Close()
	for id, name := range map[int64]string{1: "ann", 2: "bob", 3: "cat"} {
		in.begin(id, &Exchange{Method: "tasks/result", Params: json.RawMessage(`{"taskId":"` + name + `'s"}`), peer: &Peer{
			Client: name, Ask: func(_ context.Context, _ string, params json.RawMessage) (json.RawMessage, error) {
				return json.RawMessage(`{"by":"` + name + `","of":` + string(params) + `,"_meta":{"b":2}}`), nil
			},
		}})
	}
	for _, tt := range []struct{ task, want string }{
		{"bob's", `{"by":"bob","of":{"x":1,"_meta":{"a":1}},"_meta":{"b":2,"io.modelcontextprotocol/related-task":{"taskId":"bob's"}}}`},
		{"dan's", `"error"`},
	} {
		_, err := in.Take([]byte(`{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"x":1,"_meta":{"a":1,"io.modelcontextprotocol/related-task":{"taskId":"`+tt.task+`"}}}}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := <-answers; !strings.Contains(got, tt.want) {
			t.Errorf("%s: answered %s", tt.task, got)
		}
	}
}
