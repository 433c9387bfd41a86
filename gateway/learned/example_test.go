package learned_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

func Example() {
	ctx := context.Background()
	store := learned.Open("", slog.New(slog.DiscardHandler)) // "" keeps nothing on disk
	defer store.Close(ctx)

	id := bindery.ToolID{Server: "tracker", Name: "get_issue"}
	if err := store.Track(ctx, []learned.Server{{Name: "tracker", Tools: []bindery.Tool{{ID: id}}}}); err != nil {
		fmt.Println(err)
	}
	store.Observe(
		bindery.Call{Tool: id, Args: json.RawMessage(`{"number":7}`)},
		bindery.Result{Content: []bindery.Content{{Type: "text", Text: `{"title":"Crash","votes":{"ann@example.com":1}}`}}},
	)
	if err := store.Flush(ctx); err != nil {
		fmt.Println(err)
	}
	s := store.Shapes().Of(id)
	fmt.Println(s.Counts().Calls(), "call")
	for _, p := range s.Type().Props {
		fmt.Println(p.Name, p.Type.Kind)
	}
	// Output:
	// 1 call
	// title string
	// votes object
}
