package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// maxAnswer is how many bytes of a script's value reach the model. A model
// that asks for more than this has forgotten to reduce; clients cut at about
// the same size, without saying how.
const maxAnswer = 48 << 10

// maxListed is how many calls an error lists by name.
const maxListed = 20

// Text renders the answer for a model: the value as compact JSON, or the
// string itself, then what was logged, then notes. A failure shows the
// script's own line and the calls that already took effect.
func (a Answer) Text() string {
	var b strings.Builder
	if f := a.Outcome.Failure; f != nil {
		writeFailure(&b, f)
		writeEffects(&b, a.Calls)
	} else {
		b.WriteString(cut(a.valueText()))
	}
	writeLogs(&b, a.Outcome)
	for _, n := range a.Outcome.Notes {
		section(&b, "note: "+n)
	}
	if b.Len() == 0 {
		return "(the script returned nothing)"
	}
	return b.String()
}

// Value renders the script's result alone.
func (a Answer) Value() string { return a.valueText() }

func (a Answer) valueText() string {
	v, _ := extractImages(a.Outcome.Value)
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// Images are the image blocks in the script's value, in order.
func (a Answer) Images() []bindery.Content {
	_, images := extractImages(a.Outcome.Value)
	return images
}

func cut(s string) string {
	if len(s) <= maxAnswer {
		return s
	}
	head := strings.ToValidUTF8(s[:maxAnswer], "")
	return fmt.Sprintf("%s\n… cut: %d of %d bytes shown. Filter, map or slice in the script and return less.",
		head, len(head), len(s))
}

func section(b *strings.Builder, text string) {
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	b.WriteString(text)
}

func writeFailure(b *strings.Builder, f *sandbox.Failure) {
	name := f.Name
	if name == "" {
		name = "Error"
	}
	fmt.Fprintf(b, "%s: %s", name, f.Message)
	if f.Line > 0 {
		fmt.Fprintf(b, "\n  at script line %d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(b, ":%d", f.Column)
		}
	}
	if f.SourceLine != "" {
		fmt.Fprintf(b, "\n    %s", f.SourceLine)
	}
	if f.Hint != "" {
		section(b, "hint: "+f.Hint)
	}
}

// writeEffects lists what a failed script already did, so that nobody repeats
// it unawares. Calls that were refused did nothing and are left out.
func writeEffects(b *strings.Builder, calls []Record) {
	for _, state := range []CallState{Completed, Failed, Unknown} {
		var names []string
		n := 0
		for _, r := range calls {
			if r.State != state {
				continue
			}
			if n++; n <= maxListed {
				names = append(names, fmt.Sprintf("%s (line %d)", r.Tool, r.Line))
			}
		}
		if n == 0 {
			continue
		}
		if n > maxListed {
			names = append(names, fmt.Sprintf("and %d more", n-maxListed))
		}
		section(b, effectTitle(state)+strings.Join(names, ", "))
	}
}

func effectTitle(s CallState) string {
	switch s {
	case Completed:
		return "calls that completed before, and are not undone: "
	case Failed:
		return "calls that failed: "
	default:
		return "calls that were sent and not answered, and may have taken effect: "
	}
}

func writeLogs(b *strings.Builder, o sandbox.Outcome) {
	if len(o.Logs) == 0 {
		return
	}
	section(b, "logs:")
	for _, l := range o.Logs {
		text := l.Text
		if l.Level != "log" && l.Level != "info" {
			text = l.Level + ": " + text
		}
		section(b, text)
	}
	if o.LogsDropped > 0 {
		section(b, fmt.Sprintf("… %d more lines dropped (limits.logs)", o.LogsDropped))
	}
}

// maxImages bounds the images of one answer.
const maxImages = 16

// extractImages takes image content blocks ({type: "image", data, mimeType},
// as tools return them) out of the value, at its top or one or two levels
// down, and leaves a word in their place: a model can see an image, but not
// its base64.
func extractImages(value json.RawMessage) (json.RawMessage, []bindery.Content) {
	if !bytes.Contains(value, []byte(`"image"`)) {
		return value, nil
	}
	var images []bindery.Content
	text := replaceImages(value, 3, &images)
	return text, images
}

func replaceImages(v json.RawMessage, depth int, images *[]bindery.Content) json.RawMessage {
	if depth == 0 || !bytes.Contains(v, []byte(`"image"`)) {
		return v
	}
	switch firstByte(v) {
	case '{':
		var block bindery.Content
		if json.Unmarshal(v, &block) == nil && block.Type == "image" && len(block.Data) > 0 && len(*images) < maxImages {
			*images = append(*images, block)
			placeholder, _ := json.Marshal(fmt.Sprintf("[image %d: %s, %d bytes]", len(*images), block.MIMEType, len(block.Data)))
			return placeholder
		}
		return replaceInObject(v, depth, images)
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(v, &list) != nil {
			return v
		}
		for i := range list {
			list[i] = replaceImages(list[i], depth-1, images)
		}
		return marshalOr(list, v)
	default:
		return v
	}
}

// replaceInObject keeps the order of the members, which json.Marshal of a map
// would lose.
func replaceInObject(v json.RawMessage, depth int, images *[]bindery.Content) json.RawMessage {
	dec := json.NewDecoder(bytes.NewReader(v))
	if _, err := dec.Token(); err != nil {
		return v
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return v
		}
		var member json.RawMessage
		if err := dec.Decode(&member); err != nil {
			return v
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(key)
		if err != nil {
			return v
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(replaceImages(member, depth-1, images))
	}
	b.WriteByte('}')
	return b.Bytes()
}

func marshalOr(list []json.RawMessage, otherwise json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, v := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(v)
	}
	b.WriteByte(']')
	if !json.Valid(b.Bytes()) {
		return otherwise
	}
	return b.Bytes()
}

func firstByte(v json.RawMessage) byte {
	t := bytes.TrimLeft(v, " \t\r\n")
	if len(t) == 0 {
		return 0
	}
	return t[0]
}
