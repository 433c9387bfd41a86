package policy

// What is not a tool has a name of the form server.resources/read to the
// policy, so that its rules and labels cover it.
const (
	ReadResource = "resources/read"
	GetPrompt    = "prompts/get"
	Complete     = "completion/complete"
)

// Requests returns those names.
func Requests() []string { return []string{ReadResource, GetPrompt, Complete} }
