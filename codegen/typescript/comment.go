package typescript

import "strings"

// comment returns text as a JSDoc comment behind indent; empty for no text.
// Its lines have no stars: those would be a tenth of what a description costs.
func comment(text, indent string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(text, "*/", `*\/`)
	var b strings.Builder
	b.WriteString(indent + "/**")
	for i, line := range strings.Split(text, "\n") {
		switch {
		case i == 0:
			b.WriteString(" " + line)
		case line == "":
			b.WriteString("\n")
		default:
			b.WriteString("\n" + indent + line)
		}
	}
	b.WriteString(" */\n")
	return b.String()
}
