package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/audit"
)

func Example() {
	dir, err := os.MkdirTemp("", "audit-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	log, err := audit.Open(dir, audit.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	trail, err := log.Execution(ctx, audit.Execution{ID: "x1", Client: "ci", Script: "github.get_issue({number: 7})", Language: "typescript"})
	if err != nil {
		fmt.Println(err)
		return
	}
	tool := bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		return bindery.Result{Structured: json.RawMessage(`{"title":"Leak"}`)}, nil
	})
	_, err = trail.Layer(tool).Call(ctx, bindery.Call{
		Tool: bindery.ToolID{Server: "github", Name: "get_issue"}, Args: json.RawMessage(`{"number": 7}`), Seq: 1, Line: 1,
	})
	trail.End(audit.Outcome{Code: audit.CodeOf(err), Usage: audit.Usage{Calls: 1}})
	fmt.Println(err, log.Close())

	for e, err := range audit.Query(context.Background(), dir, audit.Filter{Kind: audit.KindCall}) {
		fmt.Println(e.Client, e.Server, e.Tool, e.Shape, e.Outcome, err)
	}
	report, err := audit.Verify(context.Background(), dir, audit.Expect{})
	fmt.Println(report.Records, report.Bad, err)
	// Output:
	// <nil> <nil>
	// ci github get_issue {number: number} ok <nil>
	// 7 <nil> <nil>
}
