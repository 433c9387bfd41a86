package sample

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type findFaults struct {
	Service string `json:"service" jsonschema:"the service to look at"`
	Level   string `json:"level,omitempty" jsonschema:"fatal, error or warning; empty for all"`
}

type faultList struct {
	Faults []Fault `json:"faults"`
}

// monitor is the error monitor.
type monitor struct{ faults []Fault }

func addMonitor(server *mcp.Server, m monitor) error {
	health := reading("list_health", "List health", "List how each service is doing.")
	health.InputSchema = json.RawMessage(`{"type":"object"}`)
	server.AddTool(&health, m.health)
	return add(server, reading("find_faults", "Find faults", "Find the groups of errors of one service, with their traces."), m.find)
}

func (m monitor) find(in findFaults) (faultList, error) {
	found := faultList{Faults: []Fault{}}
	for _, f := range m.faults {
		if f.Service == in.Service && (in.Level == "" || f.Level == in.Level) {
			found.Faults = append(found.Faults, f)
		}
	}
	return found, nil
}

// health answers as most servers do: JSON in a text, of a type that is declared
// nowhere.
func (m monitor) health(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(Latency):
	}
	type health struct {
		Service string  `json:"service"`
		Faults  int     `json:"faults"`
		Worst   *string `json:"worst"`
	}
	var list []health
	for _, name := range services() {
		h := health{Service: name}
		for _, f := range m.faults {
			if f.Service == name {
				h.Faults++
				if f.Level == "fatal" {
					h.Worst = &f.ID
				}
			}
		}
		list = append(list, h)
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("write the health of services: %w", err)
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(text)}}}, nil
}
