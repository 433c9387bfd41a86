package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

type partKind uint8

const (
	literal partKind = iota
	envRef
	fileRef
	keychainRef
	cmdRef
	secretRef
)

// word is how a reference of the kind begins.
func (k partKind) word() string {
	switch k {
	case envRef:
		return "env"
	case fileRef:
		return "file"
	case keychainRef:
		return "keychain"
	case cmdRef:
		return "cmd"
	case secretRef:
		return "secret"
	case literal:
	}
	return ""
}

func parseReference(body string) (part, error) {
	word, rest, _ := strings.Cut(body, ":")
	switch word {
	case "env":
		name, fallback, optional := strings.Cut(rest, ":-")
		if !isVariable(name) {
			return part{}, fmt.Errorf("%s is not the name of a variable; write ${env:NAME}", quote(name))
		}
		return part{kind: envRef, text: name, fallback: fallback, optional: optional}, nil
	case "file":
		if rest == "" {
			return part{}, errors.New("${file:} names no file; write ${file:PATH}")
		}
		return part{kind: fileRef, text: rest}, nil
	case "keychain":
		if _, _, err := splitAccount(rest); err != nil {
			return part{}, err
		}
		return part{kind: keychainRef, text: rest}, nil
	case "cmd":
		if _, err := splitCommand(rest); err != nil {
			return part{}, err
		}
		return part{kind: cmdRef, text: rest}, nil
	case "secret":
		if !isSecretName(rest) {
			return part{}, errors.New("${secret:…} names no secret; write ${secret:NAME}, with a name as bindery secret list shows it")
		}
		return part{kind: secretRef, text: rest}, nil
	}
	if isVariable(body) {
		body = clip(body, 60)
		return part{}, fmt.Errorf("${%s} is not a reference; write ${env:%s}, or $${%s} for the characters themselves",
			body, body, body)
	}
	return part{}, fmt.Errorf("${%s…} is not a reference; there are env:NAME, file:PATH, secret:NAME, keychain:SERVICE/ACCOUNT and cmd:PROGRAM, and $${ writes the characters themselves",
		clip(word, 20))
}

// splitAccount takes a keychain reference apart. A service may be a URL.
func splitAccount(s string) (service, account string, err error) {
	i := strings.LastIndexByte(s, '/')
	if i <= 0 || i+1 == len(s) || strings.ContainsFunc(s, unicode.IsControl) || strings.Contains(s, "${") {
		return "", "", errors.New("${keychain:…} names no entry; write ${keychain:SERVICE/ACCOUNT}")
	}
	return s[:i], s[i+1:], nil
}

// maxArgv bounds the words of a command.
const maxArgv = 64

// splitCommand takes a command apart at white space. Quotes, single or double,
// keep a word together; nothing else has a meaning.
func splitCommand(s string) ([]string, error) {
	if strings.Contains(s, "${") {
		return nil, errors.New("${cmd:…} holds another reference; a command is text alone")
	}
	var argv []string
	var word strings.Builder
	var open rune // the quote that is not closed
	within := false
	for _, r := range s {
		switch {
		case open != 0 && r == open:
			open = 0
		case open == 0 && (r == '"' || r == '\''):
			open, within = r, true
		case open == 0 && unicode.IsSpace(r):
			if within {
				argv = append(argv, word.String())
			}
			word.Reset()
			within = false
		case r == 0:
			return nil, errors.New("${cmd:…} holds a zero byte")
		default:
			word.WriteRune(r)
			within = true
		}
	}
	if within {
		argv = append(argv, word.String())
	}
	switch {
	case open != 0:
		return nil, fmt.Errorf("${cmd:…} has a %c that is not closed", open)
	case len(argv) == 0 || argv[0] == "":
		return nil, errors.New("${cmd:} names no program; write ${cmd:PROGRAM ARGUMENTS}")
	case len(argv) > maxArgv:
		return nil, fmt.Errorf("${cmd:…} has more than %d words; write a script, and name that", maxArgv)
	}
	return argv, nil
}

// isSecretName reports whether s can be the name of a secret in the store.
func isSecretName(s string) bool {
	for _, b := range []byte(s) {
		if !isAlnum(b) && b != '_' && b != '-' && b != '.' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// reference spells p. What may be secret in it, a fallback and such words of a
// command, is shown as text says.
func (p part) reference(text func(string) string) string {
	body := p.text
	switch {
	case p.kind == cmdRef:
		body = showWords(body, text)
	case p.optional && p.fallback != "":
		body += ":-" + text(p.fallback)
	case p.optional:
		body += ":-"
	}
	return "${" + p.kind.word() + ":" + body + "}"
}

// showWords shows the words of s that look like a credential as text says.
func showWords(s string, text func(string) string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		if bare := strings.Trim(w, `"'`); looksSecret(bare) {
			words[i] = strings.Replace(w, bare, text(bare), 1)
		}
	}
	return strings.Join(words, " ")
}
