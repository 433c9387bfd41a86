package responses

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// events returns the least sequence of server-sent events that clients take
// for a whole response: created, added and done for each item, completed. A
// stream that ends without "response.completed" counts as broken off, and
// clients then send the request again.
func events(turn int, items []Item) ([]byte, error) {
	var b bytes.Buffer
	id := fmt.Sprintf("resp_%d", turn)
	if err := event(&b, "response.created", map[string]any{"response": map[string]any{"id": id}}); err != nil {
		return nil, err
	}
	for i, it := range items {
		it = it.identified(fmt.Sprintf("%d_%d", turn, i+1))
		for _, typ := range []string{"response.output_item.added", "response.output_item.done"} {
			if err := event(&b, typ, map[string]any{"output_index": i, "item": it}); err != nil {
				return nil, err
			}
		}
	}
	err := event(&b, "response.completed", map[string]any{"response": map[string]any{
		"id": id,
		"usage": map[string]any{
			"input_tokens": 1, "input_tokens_details": map[string]any{"cached_tokens": 0},
			"output_tokens": 1, "output_tokens_details": map[string]any{"reasoning_tokens": 0},
			"total_tokens": 2,
		},
	}})
	return b.Bytes(), err
}

func event(b *bytes.Buffer, typ string, payload map[string]any) error {
	payload["type"] = typ
	data, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("encode %s: %w", typ, err)
	}
	fmt.Fprintf(b, "event: %s\ndata: %s\n\n", typ, data)
	return nil
}

// answer sends a body. A client that left has said so by leaving: it either
// stopped early, which [Server.Err] reports, or had all it wanted.
func answer(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
