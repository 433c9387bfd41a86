package audit

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// redacted stands for a value that is not shown.
const redacted = "[redacted]"

// secretWords are parts of names whose values are credentials more often than
// not.
const secretWords = "token secret password passwd passphrase authorization credential credentials cookie apikey auth key pin otp"

// secretPrefixes begin the tokens of popular services, keys and headers.
const secretPrefixes = "sk- pk- rk- ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xoxb- xoxp- xoxa- xapp- AKIA ASIA AIza hf_ npm_ eyJ -----BEGIN Bearer Basic" //nolint:gosec // to recognise credentials by

// Redact returns arguments without what is probably a credential: members whose
// name says so, and strings that begin like a known token. What cannot be read
// is left out as a whole. It is for [Options.Values].
func Redact(args json.RawMessage) json.RawMessage {
	v, ok := decode(args)
	if !ok {
		return json.RawMessage(`"` + redacted + `"`)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(redact(v)); err != nil {
		return json.RawMessage(`"` + redacted + `"`)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// decode reads JSON from outside, within bounds.
func decode(args json.RawMessage) (v any, ok bool) {
	if !readable(args) {
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(args))
	dec.UseNumber()
	return v, dec.Decode(&v) == nil
}

// redact recurses as deep as decode allows.
func redact(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if isSecretName(key) && member != nil {
				v[key] = redacted
			} else {
				v[key] = redact(member)
			}
		}
	case []any:
		for i := range v {
			v[i] = redact(v[i])
		}
	case string:
		for p := range strings.FieldsSeq(secretPrefixes) {
			if strings.HasPrefix(strings.TrimSpace(v), p) {
				return redacted
			}
		}
	}
	return v
}

// isSecretName takes names apart as people write them: api_key, apiKey, API-KEY.
func isSecretName(name string) bool {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 && !unicode.IsUpper(rune(name[i-1])) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	for _, part := range strings.FieldsFunc(b.String(), func(c rune) bool { return !unicode.IsLetter(c) }) {
		for w := range strings.FieldsSeq(secretWords) {
			if part == w || len(w) > 4 && strings.HasSuffix(part, w) || part == w+"s" {
				return true
			}
		}
	}
	return false
}
