package tasks

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

// run is one way of doing a task, done.
type run struct {
	said conversation
	wire Traffic
	// kept are the bytes of results that a script read and no model did.
	kept    int64
	outputs map[string]string
	answer  string
	// servers are those of the task, with what they offer.
	servers []backends.Server
}

// manner is how a script side goes about it.
type manner struct {
	// slips says that the first script has a mistake.
	slips bool
	// knows says that the store knows the results of all tools from before.
	knows bool
	store *learned.Store
}

func (o *Options) runPlain(ctx context.Context, base string, t Task) (r run, err error) {
	w, err := o.newWorld(ctx, base, t)
	if err != nil {
		return run{}, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	p := newPlain(w)
	answer, err := t.plain(ctx, p)
	if err != nil {
		return run{}, fmt.Errorf("%s by plain calls: %w", t.ID, err)
	}
	r = run{said: p.said, wire: p.wire(), answer: w.stated(answer), servers: w.set.Catalogue().Servers}
	r.outputs, err = t.outputs(w)
	return r, err
}

func (o *Options) runCode(ctx context.Context, base string, t Task, m manner) (r run, err error) {
	w, err := o.newWorld(ctx, base, t)
	if err != nil {
		return run{}, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	f, err := o.open(ctx, w, m.store)
	if err != nil {
		return run{}, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	answer, err := t.code(ctx, f, m)
	if err != nil {
		return run{}, fmt.Errorf("%s by a script: %w", t.ID, err)
	}
	r = run{said: f.said, wire: f.wire(), answer: w.stated(answer), servers: w.set.Catalogue().Servers}
	r.kept = max(0, r.wire.Results-f.answered)
	r.outputs, err = t.outputs(w)
	return r, err
}

// code is what a model sends to the gateway, turn by turn.
func (t Task) code(ctx context.Context, f *front, m manner) (answer string, err error) {
	found, err := f.mustRun(ctx, t.search(), "")
	if err != nil {
		return "", err
	}
	if missing := t.notIn(found); len(missing) > 0 {
		return "", fmt.Errorf("the searches do not find %s:\n%s", strings.Join(missing, ", "), found)
	}
	look := t.look
	if t.probe != "" && !m.knows {
		look = t.probe
	}
	if look != "" {
		if _, err := f.mustRun(ctx, look, ""); err != nil {
			return "", err
		}
	}
	if !m.slips {
		return f.mustRun(ctx, t.script, "")
	}
	wrong := strings.Replace(t.script, t.slip[0], t.slip[1], 1)
	text, failed, err := f.turn(ctx, wrong, "")
	if err != nil {
		return "", err
	}
	if !failed {
		return "", fmt.Errorf("the script with a mistake did not fail: %s", text)
	}
	resume := ""
	if m := execution.FindStringSubmatch(text); m != nil {
		resume = m[1]
	}
	return f.mustRun(ctx, t.script, resume)
}

func (f *front) mustRun(ctx context.Context, script, resume string) (string, error) {
	text, failed, err := f.turn(ctx, script, resume)
	if err != nil {
		return "", err
	}
	if failed {
		return "", fmt.Errorf("the script failed: %s", text)
	}
	return text, nil
}

// hits is how many tools a search asks for.
const hits = 3

// search is the script by which the tools are found.
func (t Task) search() string {
	quoted := make([]string, len(t.find))
	for i, words := range t.find {
		quoted[i] = fmt.Sprintf("%q", words)
	}
	return fmt.Sprintf(`(await Promise.all([%s].map(q => tools.search(q, { limit: %d })))).join("\n")`, strings.Join(quoted, ", "), hits)
}

// notIn returns the tools that a script needs and the text does not show.
func (t Task) notIn(found string) []string {
	return slices.DeleteFunc(slices.Clone(t.uses), func(name string) bool { return strings.Contains(found, name+"(") })
}

// valueIn returns an answer without the notes of the gateway behind it.
func valueIn(answer string) string {
	value, _, _ := strings.Cut(answer, "\nnote: ")
	return value
}

// differences says what two runs made that is not the same; "" is nothing.
func (t Task) differences(a, b run) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(a.outputs)) {
		if a.outputs[name] != b.outputs[name] {
			list = append(list, name)
		}
	}
	if t.answers && a.answer != valueIn(b.answer) {
		list = append(list, "the answer")
	}
	return strings.Join(list, ", ")
}
