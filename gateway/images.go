package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
)

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
