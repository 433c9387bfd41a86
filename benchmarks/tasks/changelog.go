package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// changelogTask is T3: what 22 commits changed, and what a linter says of the
// files, written as a changelog.
func changelogTask() Task {
	return Task{
		ID: "T3", Title: "changelog of 22 commits, with lint counts",
		Servers: []string{"git", "eslint", "filesystem"},
		files:   func(ctx context.Context, w *world) error { return writeRepository(ctx, w.dir, w.seed) },
		plain:   func(ctx context.Context, p *plain) (string, error) { return "", plainChangelog(ctx, p) },
		uses:    []string{"git.git_log", "git.git_show", "eslint.lint_files", "filesystem.write_file"},
		find:    []string{"git log", "git show commit", "lint files", "write file"},
		look:    script("t3_look"),
		script:  script("t3"),
		slip:    [2]string{"s.content.matchAll", "s.stat.matchAll"},
		outputs: filesOf("CHANGELOG.md"),
	}
}

// logged is a commit as the git server lists it.
type logged struct{ Hash, ShortHash, Subject string }

func plainChangelog(ctx context.Context, p *plain) error {
	repo := p.world.path("repo")
	replies, err := p.turn(ctx, request{"git", "git_log", args{"path": repo, "maxCount": commitCount}})
	if err != nil {
		return err
	}
	log, err := read[struct{ Commits []logged }](replies[0])
	if err != nil {
		return err
	}
	var named []logged
	var shows []request
	for _, c := range log.Commits {
		if strings.HasPrefix(c.Subject, "feat") || strings.HasPrefix(c.Subject, "fix") {
			named = append(named, c)
			shows = append(shows, request{"git", "git_show", args{"path": repo, "object": c.Hash, "stat": true}})
		}
	}
	if replies, err = p.turn(ctx, shows...); err != nil {
		return err
	}
	touched, files, err := touchedBy(replies)
	if err != nil {
		return err
	}
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = repo + "/" + f
	}
	if replies, err = p.turn(ctx, request{"eslint", "lint-files", args{"filePaths": paths}}); err != nil {
		return err
	}
	lint, err := lintCounts(replies[0], repo)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("# Changelog\n\n")
	for i, c := range named {
		fmt.Fprintf(&b, "- %s (%s)", c.Subject, c.ShortHash)
		for _, f := range touched[i] {
			fmt.Fprintf(&b, "; %s: %s", f, lint[f])
		}
		b.WriteString("\n")
	}
	_, err = p.turn(ctx, request{"filesystem", "write_file", args{"path": p.world.path("CHANGELOG.md"), "content": b.String()}})
	return err
}

// touchedBy returns the files of each commit, and all of them, sorted.
func touchedBy(shown []string) (each [][]string, all []string, err error) {
	line := regexp.MustCompile(`(?m)^ (\S+) +\| +\d+`)
	for _, reply := range shown {
		c, err := read[content](reply)
		if err != nil {
			return nil, nil, err
		}
		var files []string
		for _, m := range line.FindAllStringSubmatch(c.Content, -1) {
			files = append(files, m[1])
		}
		each, all = append(each, files), append(all, files...)
	}
	slices.Sort(all)
	return each, slices.Compact(all), nil
}

// lintCounts reads the answer of the linter: a sentence, a JSON object a file,
// a sentence.
func lintCounts(reply, repo string) (map[string]string, error) {
	counts := make(map[string]string)
	_, rest, _ := strings.Cut(reply, ":{")
	d := json.NewDecoder(strings.NewReader("{" + rest))
	for d.More() {
		var r struct {
			FilePath     string `json:"filePath"`
			ErrorCount   int    `json:"errorCount"`
			WarningCount int    `json:"warningCount"`
		}
		err := d.Decode(&r)
		if _, text := errors.AsType[*json.SyntaxError](err); text && len(counts) > 0 || errors.Is(err, io.EOF) {
			break // the last sentence
		}
		if err != nil {
			return nil, fmt.Errorf("read what the linter says: %w", err)
		}
		counts[strings.TrimPrefix(r.FilePath, repo+"/")] = fmt.Sprintf("%d errors, %d warnings", r.ErrorCount, r.WarningCount)
	}
	return counts, nil
}
