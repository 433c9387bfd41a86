package tasks

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// digestTasks are T1: a table of forty project files, joined with what the
// memory server knows of their owners. T1a reads the files one by one, T1b
// all in one call.
func digestTasks() []Task {
	t := Task{
		Servers: []string{"filesystem", "memory"},
		files: func(_ context.Context, w *world) error {
			return errors.Join(writeProjects(w.dir, w.seed), writeMemory(w.dir, people(w.seed)))
		},
		outputs: filesOf("digest.md", memoryFile),
		slip:    [2]string{"graph.entities", "graph.nodes"},
	}
	a, b := t, t
	a.ID, a.Title, a.script = "T1a", "digest of 40 files, read one by one", script("t1a")
	a.uses = []string{"filesystem.list_directory", "filesystem.read_text_file", "filesystem.write_file", "memory.read_graph", "memory.add_observations"}
	a.find = []string{"list directory", "read text file", "write file", "read graph", "add observations"}
	a.plain = func(ctx context.Context, p *plain) (string, error) { return "", plainDigest(ctx, p, false) }
	b.ID, b.Title, b.script = "T1b", "the same, read in one call", script("t1b")
	b.uses = append([]string{"filesystem.read_multiple_files"}, slices.Delete(slices.Clone(a.uses), 1, 2)...)
	b.find = []string{"list directory", "read multiple files", "write file", "read graph", "add observations"}
	b.plain = func(ctx context.Context, p *plain) (string, error) { return "", plainDigest(ctx, p, true) }
	return []Task{a, b}
}

func plainDigest(ctx context.Context, p *plain, atOnce bool) error {
	dir := p.world.path("projects")
	replies, err := p.turn(ctx, request{"filesystem", "list_directory", args{"path": dir}}, request{"memory", "read_graph", args{}})
	if err != nil {
		return err
	}
	listed, err := read[content](replies[0])
	if err != nil {
		return err
	}
	graph, err := read[struct{ Entities []entity }](replies[1])
	if err != nil {
		return err
	}
	var paths []string
	for _, m := range regexp.MustCompile(`\[FILE\] (.+)`).FindAllStringSubmatch(listed.Content, -1) {
		paths = append(paths, dir+"/"+m[1])
	}
	found, err := plainProjects(ctx, p, paths, atOnce)
	if err != nil {
		return err
	}
	_, err = p.turn(ctx,
		request{"filesystem", "write_file", args{"path": p.world.path("digest.md"), "content": digest(found, graph.Entities)}},
		request{"memory", "add_observations", args{"observations": overBudget(found)}})
	return err
}

func plainProjects(ctx context.Context, p *plain, paths []string, atOnce bool) ([]project, error) {
	var requests []request
	for _, path := range paths {
		requests = append(requests, request{"filesystem", "read_text_file", args{"path": path}})
	}
	if atOnce {
		requests = []request{{"filesystem", "read_multiple_files", args{"paths": paths}}}
	}
	replies, err := p.turn(ctx, requests...)
	if err != nil {
		return nil, err
	}
	var found []project
	for _, reply := range replies {
		c, err := read[content](reply)
		if err != nil {
			return nil, err
		}
		for part := range strings.SplitSeq(c.Content, "\n---\n") {
			_, text, _ := strings.Cut(part, "{")
			one, err := read[project]("{" + text)
			if err != nil {
				return nil, err
			}
			found = append(found, one)
		}
	}
	return found, nil
}

func digest(list []project, known []entity) string {
	var b strings.Builder
	b.WriteString("| Project | Name | Owner | Team | Budget | Spent |\n|---|---|---|---|---|---|\n")
	for _, p := range list {
		team := ""
		for _, e := range known {
			if e.Name == p.Owner {
				team = strings.TrimPrefix(e.Observations[0], "team: ")
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d | %d |\n", p.ID, p.Name, p.Owner, team, p.Budget, p.Spent)
	}
	return b.String()
}

type observation struct {
	EntityName string   `json:"entityName"`
	Contents   []string `json:"contents"`
}

// overBudget is what is to be remembered of owners, in the order in which
// their first project comes.
func overBudget(list []project) []observation {
	var found []observation
	at := map[string]int{}
	for _, p := range list {
		if p.Spent <= p.Budget {
			continue
		}
		i, ok := at[p.Owner]
		if !ok {
			i = len(found)
			at[p.Owner] = i
			found = append(found, observation{p.Owner, []string{"over budget: " + p.ID}})
			continue
		}
		found[i].Contents[0] += ", " + p.ID
	}
	return found
}
