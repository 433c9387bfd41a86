package responses

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Item is one output item of the Responses API, passed to the client as it
// is written. The server fills in "id", and "call_id" for calls, where they
// are missing.
type Item map[string]any

// Message is what the assistant says.
func Message(text string) Item {
	return Item{
		"type": "message", "role": "assistant",
		"content": []any{map[string]any{"type": "output_text", "text": text}},
	}
}

// FunctionCall calls the named function of a namespace with a JSON value as
// its arguments. The API carries arguments as a string that holds JSON.
func FunctionCall(namespace, name string, args any) Item {
	encoded, err := json.Marshal(args)
	if err != nil {
		panic(fmt.Sprintf("responses: arguments of %s.%s are no JSON: %v", namespace, name, err))
	}
	return Item{"type": "function_call", "namespace": namespace, "name": name, "arguments": string(encoded)}
}

// ToolSearch asks the client to load the tools that fit a query.
func ToolSearch(query string) Item {
	return Item{
		"type": "tool_search_call", "execution": "client", "status": "completed",
		"arguments": map[string]any{"query": query},
	}
}

// CustomCall calls a tool that takes free text, such as a program.
func CustomCall(namespace, name, input string) Item {
	return Item{"type": "custom_tool_call", "namespace": namespace, "name": name, "input": input}
}

// identified returns a copy of the item that has the fields the API requires;
// suffix makes them unique in the conversation.
func (it Item) identified(suffix string) Item {
	out := maps.Clone(it)
	if _, ok := out["id"]; !ok {
		out["id"] = "item_" + suffix
	}
	if typ, _ := out["type"].(string); strings.HasSuffix(typ, "_call") {
		if _, ok := out["call_id"]; !ok {
			out["call_id"] = "call_" + suffix
		}
	}
	return out
}
