package gateway

import (
	"context"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
)

// await gives the servers that the script may mean a moment to come up: the
// first script after a start should not fail for being early. A script that
// searches may mean any server that there is for the client in the view.
func (g *Gateway) await(ctx context.Context, client Client, view, code string) (notes []string, err error) {
	shown, _ := g.opts().view(view)
	starting := func() []string {
		var names []string
		for _, s := range g.opts().Tools.Catalogue().Servers {
			if s.State != backends.Connecting || s.Cause != nil || len(s.Tools) > 0 {
				continue
			}
			if mentions(code, s.Name) && client.rules.Reaches(s.Name) && shown.Reaches(s.Name) {
				names = append(names, s.Name)
			}
		}
		return names
	}
	names := starting()
	if len(names) == 0 {
		return nil, nil
	}
	wait, cancel := context.WithTimeout(ctx, g.opts().Startup)
	defer cancel()
	if err := g.opts().Tools.Ready(wait, names...); err != nil && ctx.Err() != nil {
		return nil, &bindery.Error{Code: bindery.Cancelled, Op: "wait for " + strings.Join(names, ", "), Err: ctx.Err()}
	}
	for _, name := range starting() {
		notes = append(notes, fmt.Sprintf("server %s is still starting; its tools were not available to this script", name))
	}
	return notes, nil
}

// mentions reports whether the script may mean the server: by its name, by
// the identifier it folds to, or by asking the whole catalogue.
func mentions(code, server string) bool {
	if strings.Contains(code, "tools") || strings.Contains(code, server) {
		return true
	}
	folded := strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r == ' ' {
			return '_'
		}
		return r
	}, server)
	return strings.Contains(code, folded)
}
