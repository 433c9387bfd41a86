package backends

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// CodeURLWanted is the error of a server whose user has something to do in a
// browser before the call is made again (2025-11-25 client/elicitation, "URL
// Elicitation Required Error").
const CodeURLWanted = -32042

// Bounds on what of such an error is told: a hint is read by a model.
const (
	maxURLs     = 3
	maxWanted   = 64 << 10 // bytes of its data
	maxURLShown = 2000     // bytes
)

// toOpen is the hint for such an error, "" if its data names no page. A client
// that calls without a script gets the data itself.
func toOpen(data json.RawMessage) string {
	var wanted struct {
		Elicitations []struct {
			URL     string `json:"url"`
			Message string `json:"message"`
		} `json:"elicitations"`
	}
	if len(data) > maxWanted || json.Unmarshal(data, &wanted) != nil {
		return ""
	}
	var pages []string
	for _, e := range wanted.Elicitations {
		u, err := url.Parse(e.URL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(e.URL) > maxURLShown || len(pages) == maxURLs {
			continue
		}
		page := u.String()
		if text := session.PlainText(e.Message, maxMessageText/maxURLs); text != "" {
			page += " (" + text + ")"
		}
		pages = append(pages, page)
	}
	if pages == nil {
		return ""
	}
	return "the user has to open " + strings.Join(pages, " and ") + "; then make the call again"
}
