package tasks

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The repository of T3.
const (
	commitCount  = 40
	featureCount = 22 // commits that a changelog names
	sourceCount  = 10
)

// commit is one of the commits, the oldest first.
type commit struct {
	subject, body, author string
	file, content         string
}

func sourceName(i int) string { return fmt.Sprintf("src/module%02d.js", i) }

func commits(seed uint64) []commit {
	d := newDice(seed, "commits")
	kinds := make([]string, commitCount)
	for i := range kinds {
		switch {
		case i < featureCount && i%3 == 0:
			kinds[i] = "fix"
		case i < featureCount:
			kinds[i] = "feat"
		default:
			kinds[i] = pick(d, []string{"chore", "docs", "test", "refactor"})
		}
	}
	what := []string{"rounding of totals", "address check", "retry after a timeout", "sorting of long lists", "empty basket", "session renewal", "csv export", "price cache"}
	why := []string{"Reported by support.", "Needed for the audit.", "Part of the new checkout.", "Found by a load test."}
	sources := make([][]string, sourceCount)
	var list []commit
	for i, kind := range shuffled(d, kinds) {
		n, thing := i%sourceCount, pick(d, what)
		if kind == "chore" || kind == "docs" {
			list = append(list, commit{
				subject: fmt.Sprintf("%s: %s", kind, thing), body: pick(d, why), author: pick(d, owners()),
				file: "NOTES.md", content: fmt.Sprintf("# Notes\n\nLast: %s (%d)\n", thing, i),
			})
			continue
		}
		sources[n] = append(sources[n], function(d, i))
		list = append(list, commit{
			subject: fmt.Sprintf("%s(module%02d): %s", kind, n, thing), body: pick(d, why), author: pick(d, owners()),
			file: sourceName(n), content: strings.Join(sources[n], "\n"),
		})
	}
	return list
}

// function is some JavaScript that the linter has something to say about.
func function(d dice, i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "export function step%d(input, options) {\n", i)
	if d.chance(35) {
		fmt.Fprintf(&b, "  var unused%d = options;\n", i)
	}
	fmt.Fprintf(&b, "  let total = %d;\n  for (const item of input) {\n", d.below(100))
	if d.chance(30) {
		b.WriteString("    if (item.kind == \"net\") total += item.value;\n")
	} else {
		b.WriteString("    if (item.kind === \"net\") total += item.value;\n")
	}
	b.WriteString("  }\n  return total;\n}\n")
	return b.String()
}

const eslintConfig = `export default [{
  files: ["**/*.js"],
  rules: { "no-unused-vars": "warn", eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
}];
`

// fastImport is the history as git fast-import reads it. Names, dates and
// contents are all that goes into a commit's hash.
func fastImport(seed uint64) string {
	var b strings.Builder
	blob := func(text string) { fmt.Fprintf(&b, "data %d\n%s\n", len(text), text) }
	const start, day = 1735732800, 86400 // 2025-01-01 12:00 UTC
	b.WriteString("reset refs/heads/main\n")
	for i, c := range commits(seed) {
		mail := strings.ToLower(strings.ReplaceAll(c.author, " ", ".")) + "@example.com"
		who := fmt.Sprintf("%s <%s> %d +0000", c.author, mail, start+i*day)
		fmt.Fprintf(&b, "commit refs/heads/main\nmark :%d\nauthor %s\ncommitter %s\n", i+1, who, who)
		blob(c.subject + "\n\n" + c.body + "\n")
		if i > 0 {
			fmt.Fprintf(&b, "from :%d\n", i)
		} else {
			fmt.Fprintf(&b, "M 100644 inline eslint.config.mjs\n")
			blob(eslintConfig)
		}
		fmt.Fprintf(&b, "M 100644 inline %s\n", c.file)
		blob(c.content)
		b.WriteString("\n")
	}
	return b.String()
}

// writeRepository makes the repository with the git command, away from the
// configuration of whoever runs it.
func writeRepository(ctx context.Context, dir string, seed uint64) error {
	repo := filepath.Join(dir, "repo")
	if err := os.MkdirAll(repo, 0o755); err != nil {
		return err
	}
	for _, step := range []struct {
		stdin string
		args  []string
	}{
		{"", []string{"init", "--quiet", "--initial-branch=main", "--template="}},
		{fastImport(seed), []string{"fast-import", "--quiet"}},
		{"", []string{"reset", "--quiet", "--hard", "main"}},
	} {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, "git", step.args...)
		cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = repo, strings.NewReader(step.stdin), &out, &out
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES=" + dir}
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("git %s: %w: %s", step.args[0], err, bytes.TrimSpace(out.Bytes()))
		}
	}
	return nil
}
