package sandboxtest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Case is one hostile script and what must come of it.
type Case struct {
	// Name is the same in every language.
	Name string
	// Corpus is the number of the attack in the table of the package's
	// documentation.
	Corpus int
	Source string
	Data   json.RawMessage
	// Limits changes [Limits]; nil leaves them.
	Limits func(*sandbox.Limits)
	Want   Want
}

// attack is a case of a table whose cases all want the same.
type attack struct {
	name   string
	corpus int
	source string
}

// Want is what must come of a case. With both Codes and Value, either may.
type Want struct {
	// Codes are the failures that are right; none for a script that must end
	// on its own.
	Codes []bindery.Code
	// Says is a part of the failure's message.
	Says string
	// Value is the script's value as JSON, "*" for any.
	Value string
	// Log is a part of a line that must be logged, Note of one of the notes.
	Log, Note string
}

// Limits are what cases run under unless they say otherwise: small enough for
// every attack to meet them within two seconds.
func Limits() sandbox.Limits {
	l := sandbox.DefaultLimits()
	l.Wall, l.CPU, l.Grace = 2*time.Second, time.Second, 200*time.Millisecond
	l.Memory = 128 << 20
	return l
}

// Cases returns the suite in one language; none for a language that has no
// engine.
func Cases(l sandbox.Language) []Case {
	switch l {
	case sandbox.TypeScript:
		return slices.Concat(
			javascriptTime(), javascriptNatives(), javascriptMemory(), javascriptParsers(), javascriptRecursion(), javascriptValues(),
			javascriptPollution(), javascriptSettling(), javascriptCalls(), javascriptOutput(), javascriptNames(), javascriptAuthority(),
		)
	case sandbox.Python:
		return slices.Concat(
			pythonTime(), pythonNatives(), pythonIntegers(), pythonMemory(), pythonBuffers(), pythonParsers(), pythonArchives(),
			pythonRecursion(), pythonNesting(), pythonValues(), pythonHooks(), pythonTexts(),
			pythonPollution(), pythonLoops(), pythonSettings(), pythonSettling(), pythonEndless(), pythonRaised(), pythonExits(), pythonLeftovers(),
			pythonCalls(), pythonArguments(), pythonOutput(), pythonNames(), pythonServers(), pythonAuthority(), pythonFiles(), pythonCallers(),
			pythonInside(), pythonFrames(),
		)
	default:
		return nil
	}
}

// clean is a script that tells whether anything was left by one before: its
// value is the same in every fresh engine.
func clean(l sandbox.Language) string {
	if l == sandbox.Python {
		return pythonClean
	}
	return javascriptClean
}

// wall makes the wall clock the limit that a case meets first.
func wall(l *sandbox.Limits) { l.Wall = 250 * time.Millisecond }

// brief is for what would take long to use up another limit.
func brief(l *sandbox.Limits) { l.Wall = time.Second }

// timedOut wants the wall clock to end the script.
func timedOut() Want {
	return Want{Codes: []bindery.Code{bindery.Timeout}, Says: "time limit of 0.25 s exceeded"}
}

// exhausted wants the script to end by whichever budget it uses up first.
func exhausted() Want { return Want{Codes: []bindery.Code{bindery.Limit, bindery.Timeout}} }

// failed wants an error that the script could have caught, or a budget that is
// used up.
func failed(says string) Want {
	w := Want{Codes: []bindery.Code{bindery.Script}, Says: says}
	if says == "" {
		w.Codes = append(w.Codes, bindery.Limit, bindery.Timeout)
	}
	return w
}

// unbound wants the script to fail for a name that it used, whether before it
// ran or when it came to it.
func unbound(name string) Want {
	return Want{Codes: []bindery.Code{bindery.Invalid, bindery.Script}, Says: name}
}

// value wants the script to end with v.
func value(v string) Want { return Want{Value: v} }

// finished wants the script to end with v, or to use up its budget.
func finished(v string) Want {
	return Want{Value: v, Codes: []bindery.Code{bindery.Limit, bindery.Timeout}}
}

// survived wants the script to end with v, with an error of its own or by its
// budget, all of which are right for a script that takes its own interpreter
// to pieces.
func survived(v string) Want {
	return Want{Value: v, Codes: []bindery.Code{bindery.Script, bindery.Limit, bindery.Timeout}}
}
