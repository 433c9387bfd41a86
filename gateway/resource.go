package gateway

import (
	"context"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// resultScheme begins the URI of a result that was too long to be shown.
const resultScheme = "bindery://results/"

func resourceURI(id string) string { return resultScheme + id }

// offerResults has the server hand out the client's results as resources. They
// are in no list, so that the lists do not change with every script: their URIs
// are in the answers.
func (g *Gateway) offerResults(s *mcp.Server, c Client) {
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		Name: "result", URITemplate: resultScheme + "{id}", MIMEType: "application/json",
		Description: "A script's result that was too long for its answer.",
	}, func(_ context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		uri := req.Params.URI
		value, err := g.keeper.Of(c.Name).Result(strings.TrimPrefix(uri, resultScheme))
		if err != nil {
			return nil, mcp.ResourceNotFoundError(uri)
		}
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: uri, MIMEType: "application/json", Text: string(value)}}}, nil
	})
}
