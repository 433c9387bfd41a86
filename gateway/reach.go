package gateway

import (
	"maps"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// open reports whether what the server of that name offers besides tools is the
// client's to use.
func (v *View) open(name string) bool {
	_, ok := v.server(name)
	return ok && !v.closed[name]
}

// absent are the tools that are not there, and why.
func (o *Options) absent() map[bindery.ToolID]error {
	if o.Absent == nil {
		return nil
	}
	return o.Absent()
}

// usable are those of the tools that would be the client's to use.
func (c Client) usable(tools map[bindery.ToolID]error, shown config.View) map[bindery.ToolID]error {
	usable := maps.Clone(tools)
	maps.DeleteFunc(usable, func(id bindery.ToolID, _ error) bool { return !c.allows(id) || !shown.Shows(id.Server, id.Name) })
	return usable
}

// unknown are the servers of the view whose tools nobody knows, if the client may
// be one who can use none of them.
func (v *View) unknown(c Client) map[string]bool {
	var unknown map[string]bool // nil for almost all views
	for _, s := range v.Servers {
		if len(s.Tools) == 0 && s.State != backends.Ready && !c.rules.Grants(s.Name) && len(v.absentOf(s.Name)) == 0 {
			if unknown == nil {
				unknown = make(map[string]bool)
			}
			unknown[s.Name] = true
		}
	}
	return unknown
}

// mayUse reports whether the client may use tools of a server that it sees none
// of: nobody knows the server's tools yet, or some are absent that are the
// client's to use.
func (c Client) mayUse(s backends.Server, shown config.View, absent map[bindery.ToolID]error) bool {
	known := len(s.Tools) > 0
	for id := range absent {
		if id.Server != s.Name {
			continue
		}
		if c.allows(id) && shown.Shows(id.Server, id.Name) {
			return true
		}
		known = true
	}
	return !known
}
