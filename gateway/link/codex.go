package link

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// DefaultName is the gateway's name in a client.
const DefaultName = "bindery"

var (
	nameForm     = regexp.MustCompile(`^[A-Za-z0-9_]{1,40}$`)
	variableForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// Codex returns the change of Codex's config.toml that makes it use the
// gateway: the table [mcp_servers.NAME], and the namespace mcp__NAME in
// direct_only_tool_namespaces of [features.code_mode]. existing is nil for a
// file that does not exist. A file that has it all already is not changed.
//
// The result is parsed again and compared with what was wanted before it is
// returned; the error is a [*ManualError] if the file is written in a way that
// cannot be edited like that.
func Codex(existing []byte, o Options) (Edit, error) {
	steps, err := o.codexSteps()
	if err != nil {
		return Edit{}, fmt.Errorf("link codex: %w", err)
	}
	d, err := open(existing)
	if err != nil {
		return Edit{}, fmt.Errorf("link codex: %w", err)
	}
	want, err := decode(existing)
	if err != nil {
		return Edit{}, fmt.Errorf("link codex: %w", err)
	}
	if _, local := lookup(want, append(steps[0].path[:2:2], "command")); local {
		return Edit{}, manual(errors.New("the entry starts a command instead of naming a url"), steps)
	}
	if on, ok := lookup(want, append(steps[0].path[:2:2], "enabled")); ok && on != true {
		steps = append(steps, step{path: append(steps[0].path[:2:2], "enabled"), value: true})
	}
	after := existing
	for _, s := range steps {
		had, ok := lookup(want, s.path)
		if ok && s.holds(had) {
			continue
		}
		if after, err = s.apply(d); err != nil {
			return Edit{}, manual(err, steps)
		}
		if d, err = open(after); err != nil {
			return Edit{}, manual(err, steps)
		}
		if !put(want, s.path, s.merged(had)) {
			return Edit{}, manual(errNoPlace, steps)
		}
	}
	got, err := decode(after)
	if err != nil || !reflect.DeepEqual(got, want) {
		return Edit{}, manual(errors.New("the edited file would not say what was wanted"), steps)
	}
	return Edit{Before: existing, After: after, Changed: !bytes.Equal(existing, after)}, nil
}

// step is one key that is to have a value, or one string that a list is to
// hold.
type step struct {
	path  []string
	value any  // string, int64 or bool
	list  bool // value is one of the strings of a list
}

func (o Options) codexSteps() ([]step, error) {
	if o.Name == "" {
		o.Name = DefaultName
	}
	u, err := url.Parse(o.URL)
	switch {
	case !nameForm.MatchString(o.Name):
		return nil, fmt.Errorf("%q cannot be the gateway's name; use letters, digits and _", o.Name)
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsFunc(o.URL, isControl):
		return nil, errors.New("the gateway's address is not a URL; write it like http://127.0.0.1:8080/mcp")
	case u.User != nil:
		return nil, errors.New("the gateway's address holds a password; name a token variable instead")
	case o.TokenEnvVar != "" && !variableForm.MatchString(o.TokenEnvVar):
		return nil, fmt.Errorf("%q is not the name of an environment variable", o.TokenEnvVar)
	case o.ToolTimeout < 0 || o.ToolTimeout > math.MaxInt32:
		return nil, fmt.Errorf("a tool timeout of %d s is out of range", o.ToolTimeout)
	case o.Approval != "" && !slices.Contains([]string{"auto", "prompt", "approve"}, o.Approval):
		return nil, fmt.Errorf("%q is no approval mode; use auto, prompt or approve", o.Approval)
	}
	in := func(key string) []string { return []string{"mcp_servers", o.Name, key} }
	steps := []step{{path: in("url"), value: o.URL}}
	if o.TokenEnvVar != "" {
		steps = append(steps, step{path: in("bearer_token_env_var"), value: o.TokenEnvVar})
	}
	if o.Required {
		steps = append(steps, step{path: in("required"), value: true})
	}
	if o.Approval != "" {
		steps = append(steps, step{path: in("default_tools_approval_mode"), value: o.Approval})
	}
	if o.ToolTimeout > 0 {
		steps = append(steps, step{path: in("tool_timeout_sec"), value: int64(o.ToolTimeout)})
	}
	if o.DirectNamespaces {
		steps = append(steps, step{path: namespacesPath(), value: "mcp__" + o.Name, list: true})
	}
	return steps, nil
}

func namespacesPath() []string {
	return []string{"features", "code_mode", "direct_only_tool_namespaces"}
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

func (s step) apply(d *document) ([]byte, error) {
	if s.list {
		return d.add(s.path, fmt.Sprint(s.value))
	}
	return d.set(s.path, s.text())
}

func (s step) text() string {
	switch v := s.value.(type) {
	case string:
		return quote(v)
	case int64:
		return strconv.FormatInt(v, 10)
	default:
		return fmt.Sprint(v)
	}
}

// holds reports whether had is what is wanted.
func (s step) holds(had any) bool {
	if !s.list {
		return had == s.value
	}
	list, _ := had.([]any)
	return slices.Contains(list, s.value)
}

// merged returns what should stand in the place of had.
func (s step) merged(had any) any {
	if !s.list {
		return s.value
	}
	list, _ := had.([]any)
	return append(slices.Clone(list), s.value)
}

// manual says what to write by hand.
func manual(err error, steps []step) error {
	var b strings.Builder
	for _, s := range steps {
		text := s.text()
		if s.list {
			text = "[" + text + "] (and what the list has already)"
		}
		fmt.Fprintf(&b, "  %s = %s\n", strings.Join(s.path, "."), text)
	}
	return &ManualError{Why: err.Error(), Text: strings.TrimSuffix(b.String(), "\n")}
}

func decode(data []byte) (map[string]any, error) {
	m := map[string]any{}
	if err := toml.Unmarshal(data, &m); err != nil {
		return nil, err
	}
	return m, nil
}

func lookup(m map[string]any, path []string) (any, bool) {
	for _, name := range path[:len(path)-1] {
		m, _ = m[name].(map[string]any)
	}
	v, ok := m[path[len(path)-1]]
	return v, ok
}

// put sets the value at path and reports whether there was a place for it.
func put(m map[string]any, path []string, value any) bool {
	for _, name := range path[:len(path)-1] {
		if _, ok := m[name]; !ok {
			m[name] = map[string]any{}
		}
		next, ok := m[name].(map[string]any)
		if !ok {
			return false
		}
		m = next
	}
	m[path[len(path)-1]] = value
	return true
}
