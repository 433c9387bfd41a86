package catalogue

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
)

//go:embed servers.json
var index []byte

//go:embed dumps/*.json.gz
var dumps embed.FS

// Server is one MCP server as it was on the day it was asked.
type Server struct {
	// ID is the server's name in the catalogue, and in the ID of each tool.
	ID string `json:"id"`
	// Package and Version are what was installed: an npm package, or a Go
	// module where the package has a host in its first element.
	Package string `json:"package"`
	Version string `json:"version"`
	// Downloads are those of the npm package in one month, for ordering servers
	// by how common they are. It is 0 where the number is not known.
	Downloads int `json:"npmDownloadsPerMonth"`
	// Tools are in the server's order.
	Tools []bindery.Tool `json:"-"`
	// List is the tools array byte for byte, as a client without a gateway
	// would have it.
	List json.RawMessage `json:"-"`
}

// Servers returns all servers, sorted by ID. It decodes them anew at each call
// (5 MB of JSON), so that a caller may change what it gets. An error means that
// the embedded data is damaged.
func Servers() ([]Server, error) {
	var servers []Server
	if err := json.Unmarshal(index, &servers); err != nil {
		return nil, fmt.Errorf("read the catalogue's servers.json: %w", err)
	}
	for i := range servers {
		if err := servers[i].read(); err != nil {
			return nil, fmt.Errorf("read the catalogue's tools of %s: %w", servers[i].ID, err)
		}
	}
	slices.SortFunc(servers, func(a, b Server) int { return strings.Compare(a.ID, b.ID) })
	return servers, nil
}

// Tools returns the tools of all servers, in the order of [Servers], under the
// same terms.
func Tools() ([]bindery.Tool, error) {
	servers, err := Servers()
	if err != nil {
		return nil, err
	}
	var tools []bindery.Tool
	for _, s := range servers {
		tools = append(tools, s.Tools...)
	}
	return tools, nil
}

// read fills in Tools and List. The dump is unpacked without a bound because it
// is part of the program.
func (s *Server) read() error {
	packed, err := dumps.ReadFile("dumps/" + s.ID + ".json.gz")
	if err != nil {
		return err
	}
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	var dump struct {
		Tools json.RawMessage `json:"tools"`
	}
	if err := json.NewDecoder(plain).Decode(&dump); err != nil {
		return err
	}
	s.List = dump.Tools
	var listed []struct {
		Name        string          `json:"name"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Input       json.RawMessage `json:"inputSchema"`
		Output      json.RawMessage `json:"outputSchema"`
		Hints       bindery.Hints   `json:"annotations"`
	}
	if err := json.Unmarshal(s.List, &listed); err != nil {
		return err
	}
	for _, t := range listed {
		s.Tools = append(s.Tools, bindery.Tool{
			ID: bindery.ToolID{Server: s.ID, Name: t.Name}, Title: t.Title, Description: t.Description,
			Input: t.Input, Output: t.Output, Hints: t.Hints,
		})
	}
	return nil
}
