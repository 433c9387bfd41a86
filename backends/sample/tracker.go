package sample

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type listIssues struct {
	Service string `json:"service,omitempty" jsonschema:"only issues about this service"`
	State   string `json:"state,omitempty" jsonschema:"open, closed, or empty for both"`
	Label   string `json:"label,omitempty" jsonschema:"only issues with this label"`
	Page    int    `json:"page,omitempty" jsonschema:"from 1; 30 issues a page"`
}

type issuePage struct {
	Issues []Issue `json:"issues"`
	Total  int     `json:"total"`
	Pages  int     `json:"pages"`
}

type serviceList struct {
	Services []string `json:"services"`
}

type comment struct {
	Number int    `json:"number" jsonschema:"issue number"`
	Text   string `json:"text" jsonschema:"comment, Markdown"`
}

type commented struct {
	Comments int `json:"comments" jsonschema:"comments the issue has now"`
}

const perPage = 30

// tracker is the issue tracker. Its tools run side by side.
type tracker struct {
	mu     sync.Mutex
	issues []Issue
}

func addTracker(server *mcp.Server, t *tracker) error {
	return errors.Join(
		add(server, reading("list_issues", "List issues", "List issues, newest first, filtered and in pages."), t.list),
		add(server, reading("list_services", "List services", "List the services that issues are about."),
			func(struct{}) (serviceList, error) { return serviceList{Services: services()}, nil }),
		add(server, mcp.Tool{Name: "add_comment", Title: "Add comment", Description: "Comment on an issue."}, t.comment),
	)
}

func (t *tracker) list(in listIssues) (issuePage, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	match := make([]Issue, 0, perPage)
	for _, i := range slices.Backward(t.issues) {
		if (in.Service == "" || i.Service == in.Service) && (in.State == "" || i.State == in.State) &&
			(in.Label == "" || slices.Contains(i.Labels, in.Label)) {
			match = append(match, i)
		}
	}
	start := min(len(match), max(0, in.Page-1)*perPage)
	end := min(len(match), start+perPage)
	return issuePage{Issues: match[start:end], Total: len(match), Pages: (len(match) + perPage - 1) / perPage}, nil
}

func (t *tracker) comment(in comment) (commented, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.issues, func(i Issue) bool { return i.Number == in.Number })
	if i < 0 {
		return commented{}, fmt.Errorf("there is no issue %d", in.Number)
	}
	t.issues[i].Comments++
	return commented{Comments: t.issues[i].Comments}, nil
}
