package config

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// secretWords are parts of names whose values are credentials more often than
// not.
const secretWords = "TOKEN KEY SECRET PASSWORD PASSWD PASSPHRASE AUTHORIZATION CREDENTIAL CREDENTIALS COOKIE PAT DSN APIKEY AUTH"

// secretPrefixes begin the tokens of popular services.
const secretPrefixes = "sk- pk- rk- ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xoxb- xoxp- xoxa- xapp- ntn_ secret_ lin_api_ AKIA ASIA AIza hf_ npm_ dop_v1_ sntrys_ sntryu_ eyJ"

// namesSecret reports whether a variable or header of this name usually holds
// a credential.
func namesSecret(name string) bool {
	for _, w := range strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for s := range strings.FieldsSeq(secretWords) {
			if w == s || strings.HasSuffix(w, s) && len(s) > 4 {
				return true
			}
		}
	}
	return false
}

// looksSecret reports whether text looks like a credential whatever its name:
// a known prefix, an authorization header, a URL with a password or a token in
// it, or a long run of letters and digits such as generators make.
func looksSecret(text string) bool {
	text = strings.TrimSpace(text)
	if scheme, rest, ok := strings.Cut(text, " "); ok && isScheme(scheme) {
		return rest != ""
	}
	if u, err := url.Parse(text); err == nil && u.Scheme != "" && u.Host != "" {
		return urlHoldsSecret(u)
	}
	if name, rest, ok := strings.Cut(text, "="); ok && rest != "" {
		if strings.HasPrefix(name, "-") && namesSecret(name) {
			return true
		}
		text = rest
	}
	for p := range strings.FieldsSeq(secretPrefixes) {
		if strings.HasPrefix(text, p) && len(text) >= len(p)+8 {
			return true
		}
	}
	return looksRandom(text)
}

func urlHoldsSecret(u *url.URL) bool {
	if _, ok := u.User.Password(); ok {
		return true
	}
	for name, values := range u.Query() {
		for _, v := range values {
			if v != "" && (namesSecret(name) || looksRandom(v)) {
				return true
			}
		}
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if looksRandom(segment) {
			return true
		}
	}
	return false
}

// looksRandom wants 24 characters that mix letters and digits and nothing that
// occurs in paths, names of packages, or prose.
func looksRandom(s string) bool {
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z':
			letters++
		case '0' <= r && r <= '9':
			digits++
		case r == '-' || r == '_' || r == '+' || r == '=':
		default:
			return false
		}
	}
	return letters+digits >= 24 && letters >= 4 && digits >= 4
}

// isScheme reports whether s is the word in front of the credentials of an
// Authorization header (RFC 9110, section 11.4).
func isScheme(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "bearer", "basic", "token", "digest", "apikey":
		return true
	}
	return false
}

// holdsSecret reports whether what a reference stands for is to be taken for a
// credential. Variables hold all kinds of things, folders among them.
func (p part) holdsSecret(text string) bool {
	switch p.kind {
	case literal:
		return false
	case envRef:
		return namesSecret(p.text) || looksSecret(text)
	default:
		return true
	}
}

// Secrets returns what the references of the server, which are resolved, stand
// for within longer texts too, as far as it is nobody's to see.
func (s *Server) Secrets() []string {
	list := slices.Concat(s.Command.secrets, s.Cwd.secrets, s.URL.secrets)
	for _, v := range s.Args {
		list = append(list, v.secrets...)
	}
	for _, values := range []map[string]Secret{s.Env, s.Headers} {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			list = append(list, values[name].secrets...)
		}
	}
	return list
}
