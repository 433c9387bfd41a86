package exposure

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/gateway"
)

// Popular returns the servers of the catalogue by the downloads of their
// packages, the most first. Two of the 67 are not among them: azure-all is
// azure in its other mode, and github-official the snapshots of a repository,
// whose downloads nobody counts.
func Popular() ([]catalogue.Server, error) {
	servers, err := catalogue.Servers()
	if err != nil {
		return nil, err
	}
	servers = slices.DeleteFunc(servers, func(s catalogue.Server) bool { return s.ID == "azure-all" || s.ID == "github-official" })
	slices.SortStableFunc(servers, func(a, b catalogue.Server) int { return cmp.Compare(b.Downloads, a.Downloads) })
	return servers, nil
}

// Row is what the first so many servers cost in each rendering, in tokens.
type Row struct {
	Servers, Tools int
	// List is the tools array byte for byte, and Functions the same tools as
	// the function tools of the OpenAI API, under names with their server's.
	List, Functions int
	// Written are the renderings of bindery.
	Written benchmarks.Rendering
	// Surface is execute_code in front of them, without Python and with it, and
	// the server's instructions.
	Surface, SurfacePython int
}

// Rows counts the servers in their order, at each of these numbers, which
// must rise. A gateway is put in front of each. progress is told how many
// servers are done; it may be nil.
func Rows(ctx context.Context, c *benchmarks.Counter, servers []catalogue.Server, at []int, progress func(done, total int)) ([]Row, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	var rows []Row
	var sum Row
	var cat backends.Catalogue
	for i, s := range servers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		progress(i, len(servers))
		if err := sum.add(c, s); err != nil {
			return nil, fmt.Errorf("count %s: %w", s.ID, err)
		}
		cat.Servers = append(cat.Servers, backends.Server{Name: s.ID, Tools: s.Tools, State: backends.Ready})
		if !slices.Contains(at, i+1) {
			continue
		}
		row := sum
		row.Servers = i + 1
		for _, x := range []struct {
			into   *int
			python bool
		}{{&row.Surface, false}, {&row.SurfacePython, true}} {
			cost, err := c.Code(NewSetup(ctx, &cat, gateway.Options{Python: x.python}).Surface, "", "", "")
			if err != nil {
				return nil, err
			}
			*x.into = cost.Definitions
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (r *Row) add(c *benchmarks.Counter, s catalogue.Server) error {
	functions := make([]function, len(s.Tools))
	for i, t := range s.Tools {
		functions[i] = whole("mcp__"+s.ID+"__"+t.ID.Name, t)
	}
	text, err := encoded(functions)
	if err != nil {
		return err
	}
	written, err := benchmarks.Render(c, s.ID, s.Tools)
	if err != nil {
		return err
	}
	for _, x := range []struct {
		into *int
		text string
	}{{&r.List, string(s.List)}, {&r.Functions, text}} {
		n, err := c.Count(x.text)
		if err != nil {
			return err
		}
		*x.into += n
	}
	r.Tools += len(s.Tools)
	r.Written.Add(written)
	return nil
}
