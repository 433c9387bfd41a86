package front

import (
	"encoding/json"
	"slices"
	"strings"
)

const (
	firstModern = "2026-07-28"
	newestOld   = "2025-11-25"
	// batching is the one version that has batches.
	batching = "2025-03-26"
	// priming is the version from which a client knows an event without data.
	priming = "2025-11-25"
)

// versions returns what is spoken, newest first.
func versions() []string {
	return []string{firstModern, newestOld, "2025-06-18", batching, "2024-11-05"}
}

// old reports whether v is a version with sessions that is spoken here.
func old(v string) bool { return v < firstModern && slices.Contains(versions(), v) }

// negotiate answers the version that initialize asks for.
func negotiate(asked string) string {
	if old(asked) {
		return asked
	}
	return newestOld
}

func unsupported(asked string) *Error {
	data, _ := json.Marshal(struct {
		Supported []string `json:"supported"`
		Requested string   `json:"requested"`
	}{versions(), asked})
	return &Error{Code: CodeUnsupportedVersion, Message: "protocol version " + quoted(asked) + " is not spoken here; " + strings.Join(versions(), ", ") + " are", Data: data}
}
