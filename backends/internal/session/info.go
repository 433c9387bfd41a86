package session

import "github.com/modelcontextprotocol/go-sdk/mcp"

// Info is what a server says of itself.
type Info struct {
	Title, Version, Instructions string
	Protocol                     string // protocol version agreed on
	// What it offers.
	HasTools, HasResources, HasPrompts, HasCompletions, HasLogging bool
	// CanSubscribe tells that it reports updates of single resources.
	CanSubscribe bool
	// Which of its lists it reports changes of.
	ToolsChange, ResourcesChange, PromptsChange bool
}

func infoOf(r *mcp.InitializeResult) Info {
	if r == nil {
		return Info{}
	}
	i := Info{Instructions: r.Instructions, Protocol: r.ProtocolVersion}
	if r.ServerInfo != nil {
		i.Title, i.Version = r.ServerInfo.Title, r.ServerInfo.Version
	}
	c := r.Capabilities
	if c == nil {
		return i
	}
	i.HasTools, i.HasResources, i.HasPrompts = c.Tools != nil, c.Resources != nil, c.Prompts != nil
	i.HasCompletions, i.HasLogging = c.Completions != nil, c.Logging != nil //nolint:staticcheck // deprecated by the protocol, and still spoken
	i.ToolsChange = i.HasTools && c.Tools.ListChanged
	i.PromptsChange = i.HasPrompts && c.Prompts.ListChanged
	i.ResourcesChange = i.HasResources && c.Resources.ListChanged
	i.CanSubscribe = i.HasResources && c.Resources.Subscribe
	return i
}

// Info returns what the server said in the handshake.
func (s *Session) Info() Info { return s.info }
