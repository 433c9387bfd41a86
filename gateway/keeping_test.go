package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
)

// asking is a script that calls one function of the host: "name {args}". A
// script that starts with a number returns that many rows.
var asking = engine(func(ctx context.Context, s sandbox.Script, h sandbox.Host) sandbox.Outcome {
	var rows int
	if _, err := fmt.Sscanf(s.Source, "%d", &rows); err == nil {
		row := `{"id":1,"title":"` + strings.Repeat("x", 80) + `"},`
		return sandbox.Outcome{Value: json.RawMessage("[" + strings.TrimSuffix(strings.Repeat(row, rows), ",") + "]")}
	}
	name, args, _ := strings.Cut(s.Source, " ")
	r, err := await(ctx, h, 1, sandbox.Builtin, name, args)
	if err != nil {
		return sandbox.Outcome{Failure: &sandbox.Failure{Code: bindery.CodeOf(err), Name: "ToolError", Message: err.Error(), Hint: bindery.HintOf(err)}}
	}
	return sandbox.Outcome{Value: r.Structured}
})

func TestStoreIsThereForTheNextScript(t *testing.T) {
	a, b := NewClient("a", config.Client{}), NewClient("b", config.Client{})
	g := start(t, Options{Tools: newFakeTools(), Engine: asking, Clients: []Client{a, b}, Keep: Keep{Store: 300}})
	for _, step := range []struct {
		client     Client
		code, want string
	}{
		{a, `store.get {"key":"k"}`, "null"},
		{a, `store.set {"key":"k","value":{"page":3}}`, "null"},
		{a, `store.get {"key":"k"}`, `{"page":3}`},
		{b, `store.get {"key":"k"}`, "null"},
		{b, `store.keys {}`, "[]"},
		{a, `store.keys {}`, `["k"]`},
		{a, `store.set {"key":"l","value":"` + strings.Repeat("x", 300) + `"}`, "limit of 300 bytes (keep.store)"},
		{a, `store.set {"key":"l"}`, "there is no value"},
		{a, `store.set {"key":7}`, "arguments: "},
		{a, `store.delete {"key":"k"}`, "true"},
		{a, `store.delete {"key":"k"}`, "false"},
		{a, `results.get {"id":"none"}`, `"none" is not kept`},
		{a, `results.list {}`, "[]"},
		{a, `store.clear {}`, "there is no such function"},
	} {
		if got := execute(t, g, step.client, Request{Code: step.code}).Text(); got != step.want && (len(step.want) < 9 || !strings.Contains(got, step.want)) {
			t.Errorf("%.60s of %s: %s; want %s", step.code, step.client.Name, got, step.want)
		}
	}
}

func TestLongResultsAreKept(t *testing.T) {
	a, b := NewClient("a", config.Client{}), NewClient("b", config.Client{})
	g := start(t, Options{Tools: newFakeTools(), Engine: asking, Clients: []Client{a, b}, Answer: 1000})
	answer := execute(t, g, a, Request{Code: "100 rows"})
	text := answer.Text()
	shown, rest, _ := strings.Cut(text, "\n")
	if !json.Valid([]byte(shown)) || len(shown) > 1000 || !strings.HasSuffix(shown, `"…91 more"]`) {
		t.Errorf("shown: %s", shown)
	}
	for _, want := range []string{
		"… cut: the first 9 of 100 elements, ", " of 9.76 KiB shown; the whole is {id: number, title: string}[].",
		`await results.get("` + answer.Execution + `")`, "bindery://results/" + answer.Execution,
	} {
		if !strings.Contains(rest, want) {
			t.Errorf("%s lacks %s", rest, want)
		}
	}
	code := `results.get {"id":"` + answer.Execution + `"}`
	if got := execute(t, g, a, Request{Code: code}); string(got.Outcome.Value) != string(answer.Outcome.Value) {
		t.Errorf("got %.100s", got.Outcome.Value)
	}
	if got := execute(t, g, b, Request{Code: code}).Text(); !strings.Contains(got, "is not kept") {
		t.Errorf("another client got %.100s", got)
	}
	if got := execute(t, g, a, Request{Code: "results.list {}"}).Text(); !strings.Contains(got, `"bytes":10001,"type":"{id: number, title: string}[]"`) || !strings.Contains(got, answer.Execution) {
		t.Errorf("listed: %s", got)
	}
	if got := execute(t, g, a, Request{Code: "9 rows"}).Text(); strings.Contains(got, "cut") {
		t.Errorf("a short result: %s", got)
	}
	if got := execute(t, g, a, Request{Code: "100 rows", Alone: true}).Text(); strings.Contains(got, "results.get") || !strings.Contains(got, "Filter, map or slice") {
		t.Errorf("on its own: %s", got[len(got)-200:])
	}
}

func TestResultsAreResources(t *testing.T) {
	for era, version := range eras {
		t.Run(era, func(t *testing.T) {
			o := withClients(t, Options{Tools: newFakeTools(), Engine: asking, Answer: 1000},
				map[string]config.Client{"a": {}, "b": {}})
			g := start(t, o)
			url := serve(t, g)
			answer := execute(t, g, o.Clients[0], Request{Code: "100 rows"})
			for _, name := range []string{"a", "b"} {
				cs, err := dial(t, url, version, "token-"+name)
				if err != nil {
					t.Fatal(err)
				}
				res, err := cs.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "bindery://results/" + answer.Execution})
				if name == "b" {
					if err == nil {
						t.Errorf("another client read %.100v", res.Contents)
					}
				} else if err != nil || res.Contents[0].Text != string(answer.Outcome.Value) || res.Contents[0].MIMEType != "application/json" {
					t.Errorf("read: %v", err)
				}
				if _, err := cs.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "bindery://results/none"}); err == nil {
					t.Error("a result that is not there was read")
				}
				_ = cs.Close()
			}
		})
	}
}
