package index_test

import (
	"context"
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/audit/index"
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
	trail, err := log.Execution(context.Background(), audit.Execution{ID: "abcd", Client: "ci", Language: "python"})
	if err != nil {
		fmt.Println(err)
		return
	}
	trail.End(audit.Outcome{Code: audit.OK})
	if err := log.Close(); err != nil { // or it may be a moment until all is there
		fmt.Println(err)
		return
	}

	x, err := index.Open(context.Background(), dir, index.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer x.Close()
	found, err := x.Query(audit.Filter{Client: "ci"}, 100)
	for _, e := range found.Entries {
		fmt.Println(e.Seq, e.Kind, e.Language, e.Outcome, err)
	}
	// Output: 3 execution python ok <nil>
}
