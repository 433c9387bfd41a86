package sandbox

import (
	"encoding/json"
	"strings"
)

// ProgressLevel is the level of a [Line] that tells how far a script is. Such
// a line is no output: it is not kept, and does not count against Limits.Logs.
const ProgressLevel = "progress"

// maxProgress is the longest message, in bytes.
const maxProgress = 200

// Progress is how far a script says it is.
type Progress struct {
	Message string `json:"message,omitempty"`
	// Done is of Total, in a unit of the script's own. Total is 0 if the
	// script does not know it, and both are if it counts nothing.
	Done  float64 `json:"done,omitempty"`
	Total float64 `json:"total,omitempty"`
}

// Line returns the line that tells it. The numbers must be finite.
func (p Progress) Line() Line {
	if len(p.Message) > maxProgress {
		p.Message = strings.ToValidUTF8(p.Message[:maxProgress], "") + "…"
	}
	text, _ := json.Marshal(p) // a string and finite numbers always encode
	return Line{Level: ProgressLevel, Text: string(text)}
}

// Progress returns what the line tells, if it is one that tells progress.
func (l Line) Progress() (Progress, bool) {
	var p Progress
	if l.Level != ProgressLevel || len(l.Text) > 8*maxProgress || json.Unmarshal([]byte(l.Text), &p) != nil {
		return Progress{}, false
	}
	if len(p.Message) > maxProgress+len("…") {
		return Progress{}, false
	}
	return p, true
}
