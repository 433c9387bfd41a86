package sample

import "github.com/modelcontextprotocol/go-sdk/mcp"

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
