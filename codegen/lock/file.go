package lock

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// version is of the file's format and of what its digests are over.
const version = 1

// The bounds of a lock file. The 3,087 tools of 67 public servers take 2 MB.
const (
	MaxBytes = 32 << 20
	maxNodes = 2_000_000
	maxDepth = 8
)

const rewrite = "take it back from version control, or run bindery codegen to write it anew"

// Encode returns the lock as a file: JSON in ASCII with every tool on a line
// of its own, the same bytes for the same lock. A lock that [Parse] would find
// too big is an error with the code Limit.
func (l *Lock) Encode() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"version\": %d,\n  \"servers\": {", version)
	separator := "\n"
	for _, server := range sortedKeys(l.Servers) {
		b.WriteString(separator + "    " + encode(server) + ": {")
		separator = ",\n"
		tools := l.Servers[server]
		for i, name := range sortedKeys(tools) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("\n      " + encode(name) + ": " + encode(tools[name]))
		}
		b.WriteString("\n    }")
	}
	b.WriteString("\n  }\n}\n")
	if err := bounded(b.Bytes()); err != nil {
		return nil, &bindery.Error{Code: bindery.Limit, Op: "write the lock file", Err: err, Hint: "lock fewer servers in one file"}
	}
	return b.Bytes(), nil
}

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// encode returns v as JSON in ASCII: whoever reads a difference between two
// files sees every character there is.
func encode(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // strings, and structs and maps of them
	plain := strings.TrimSuffix(b.String(), "\n")
	if !strings.ContainsFunc(plain, unprintable) {
		return plain
	}
	b.Reset()
	for _, r := range plain {
		switch {
		case !unprintable(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.String()
}

func bounded(data []byte) error {
	if len(data) > MaxBytes {
		return fmt.Errorf("it has more than %d bytes", MaxBytes)
	}
	switch jsonscan.Exceeds(data, maxDepth, maxNodes) {
	case jsonscan.Depth:
		return fmt.Errorf("it nests more than %d levels deep", maxDepth)
	case jsonscan.Nodes:
		return fmt.Errorf("it has more than %d values", maxNodes)
	default:
		return nil
	}
}

var errNoServers = errors.New("it has no servers")

// Parse reads what [Lock.Encode] wrote, however it is indented. An error is a
// [bindery.Error] with the code Invalid, or Limit for more than MaxBytes or
// for more values than any lock has.
func Parse(data []byte) (*Lock, error) {
	fail := func(code bindery.Code, hint string, err error) (*Lock, error) {
		return nil, &bindery.Error{Code: code, Op: "read the lock file", Err: err, Hint: hint}
	}
	if line := conflict(data); line > 0 {
		return fail(bindery.Invalid, "take one side whole, then run bindery codegen again",
			fmt.Errorf("line %d marks a merge conflict that nobody resolved", line))
	}
	if err := bounded(data); err != nil {
		return fail(bindery.Limit, rewrite, err)
	}
	var file struct {
		Version int             `json:"version"`
		Servers json.RawMessage `json:"servers"`
	}
	if err := decode(data, &file); err != nil {
		return fail(bindery.Invalid, rewrite, err)
	}
	switch {
	case file.Version > version:
		return fail(bindery.Invalid, "update bindery", fmt.Errorf("it has version %d, and this bindery knows versions up to %d", file.Version, version))
	case file.Version < 1:
		return fail(bindery.Invalid, rewrite, errors.New("it does not say which version it has"))
	}
	if file.Servers == nil {
		return fail(bindery.Invalid, rewrite, errNoServers)
	}
	l := new(Lock)
	if err := decode(file.Servers, &l.Servers); err != nil {
		return fail(bindery.Invalid, rewrite, err)
	}
	if err := unique(data); err != nil {
		return fail(bindery.Invalid, rewrite, err)
	}
	if err := l.check(); err != nil {
		return fail(bindery.Invalid, rewrite, err)
	}
	return l, nil
}

// conflict returns the number of the first line with a conflict marker of git,
// or 0. No line of JSON begins with one.
func conflict(data []byte) int {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		for _, marker := range []string{"<<<<<<<", "|||||||", ">>>>>>>"} {
			if bytes.HasPrefix(text, []byte(marker)) {
				return line
			}
		}
	}
	return 0
}

func decode(data []byte, to any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(to)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows its end")
		}
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Errorf("line %d is not JSON: %w", line, err)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends too early")
	default:
		return errors.New(plain(err.Error())) // which quotes the file
	}
}

// unique refuses two members of one name: a merge of two files can leave both
// sides' lines for one tool, and the last would win unseen.
func unique(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	type level struct {
		names map[string]bool // nil for an array
		value bool            // a value is next, not a name
	}
	var open []level
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(open) > 0 && open[len(open)-1].names != nil {
			top := &open[len(open)-1]
			if name, ok := token.(string); ok && !top.value {
				if top.names[name] {
					return fmt.Errorf("%s is in it twice", quote(name))
				}
				top.names[name], top.value = true, true
				continue
			}
			top.value = false
		}
		switch token {
		case json.Delim('{'):
			open = append(open, level{names: map[string]bool{}})
		case json.Delim('['):
			open = append(open, level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
	}
}

// check refuses what Of would not have written and Compare would print or
// compare wrongly.
func (l *Lock) check() error {
	if l.Servers == nil {
		return errNoServers
	}
	for server, tools := range l.Servers {
		for name, t := range tools {
			if err := t.check(); err != nil {
				return fmt.Errorf("%s.%s: %w", label(server), label(name), err)
			}
		}
	}
	return nil
}

func (t Tool) check() error {
	if rest, ok := strings.CutPrefix(t.Digest, digestPrefix); !ok || len(t.Digest) != digestLen || !isHex(rest) {
		return fmt.Errorf("%s is no digest", quote(t.Digest))
	}
	all := []Part{{Wording: t.Title, Rules: t.Description}, t.Input}
	for _, p := range t.Parameters {
		all = append(all, p.Part)
	}
	if t.Output != nil {
		all = append(all, *t.Output)
	}
	for _, p := range all {
		for _, d := range []string{p.Wording, p.Fields, p.Rules} {
			if d != "" && (len(d) != shortLen || !isHex(d)) {
				return fmt.Errorf("%s is no digest of a part", quote(d))
			}
		}
		for name := range strings.SplitSeq(p.Type, typeSeparator) {
			if p.Type != "" && !slices.Contains(typeNames(), name) {
				return fmt.Errorf("%s is no type", quote(p.Type))
			}
		}
	}
	return nil
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}
