package link

import (
	"bytes"

	"github.com/rogpeppe/go-internal/diff"
)

// Options say what a client is to know of the gateway. An empty field leaves
// what the client has.
type Options struct {
	// Name is the name of the gateway in the client: ASCII letters, digits and
	// _, at most 40. It is "bindery" if empty.
	Name string
	// URL is the endpoint, as in http://127.0.0.1:8080/mcp.
	URL string
	// TokenEnvVar names the environment variable that holds the client's
	// token.
	TokenEnvVar string
	// ToolTimeout is how long the client waits for one script, in seconds.
	ToolTimeout int
	// Required makes the client wait for the gateway before its first turn,
	// and fail without it.
	Required bool
	// Approval is the client's approval mode for the gateway's tools: "auto",
	// "prompt" or "approve".
	Approval string
	// DirectNamespaces keeps execute_code in front of the model, outside of
	// the client's own deferral of tools.
	DirectNamespaces bool
}

// Edit is a change of one file.
type Edit struct {
	// Before is nil for a file that does not exist.
	Before, After []byte
	Changed       bool
}

// Diff returns the change as a unified diff, empty if there is none; name
// stands for the file in it.
func (e Edit) Diff(name string) []byte {
	if bytes.Equal(e.Before, e.After) {
		return nil
	}
	return diff.Diff(name, e.Before, name, e.After)
}

// ManualError is a file that cannot be edited without risk to what else it
// holds.
type ManualError struct {
	// Why says what stands in the way, and Text is what to write by hand.
	Why  string
	Text string
}

// Error returns both parts.
func (e *ManualError) Error() string {
	return "edit the client's configuration: " + e.Why + "; write this by hand:\n" + e.Text
}
