package gateway

import (
	"encoding/json"
	"strings"

	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// Continues implements [front.Continuer]: a request that brings the answers to
// questions, waits for a script, or is about a task goes on with what an earlier
// one began.
func (e *endpoint) Continues(method string, raw json.RawMessage) bool {
	if strings.HasPrefix(method, "tasks/") {
		return true
	}
	params, err := jsonobject.Parse(raw)
	if err != nil {
		return false
	}
	if params.Text("requestState") != "" {
		return true
	}
	args, err := jsonobject.Parse(params.Get("arguments"))
	return err == nil && method == "tools/call" && params.Text("name") == toolName && args.Text("wait") != ""
}
