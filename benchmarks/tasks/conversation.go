package tasks

import (
	"github.com/bindery-mcp/bindery"
)

// conversation is what a model wrote and read, turn by turn: a turn is one
// request to the model, which writes some calls at once and then reads all
// their results.
type conversation struct{ turns []turn }

type turn struct{ exchanges []exchange }

// exchange is one call and its result, as the model has them.
type exchange struct{ tool, args, result string }

// functionName is what a tool is called in the definitions that a model reads
// and in the calls that it writes.
func functionName(id bindery.ToolID) string { return "mcp__" + id.Server + "__" + id.Name }
