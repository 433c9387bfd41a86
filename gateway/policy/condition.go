package policy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// Bounds of one condition. The cost is CEL's own measure, of which a step is
// about one: the limit is some milliseconds.
const (
	maxNodes    = 2_000
	maxNesting  = 32
	maxLoops    = 2 // within one another
	maxRegex    = 1_000
	maxCost     = 200_000
	checkEvery  = 100 // steps of a loop between looks at the context
	maxProblem  = 300 // bytes of what the compiler says
	maxProblems = 10
)

// environment compiles conditions.
type environment struct {
	env *cel.Env
}

// variables are what a condition can look at, each with its type. Names with
// dots are whole names to CEL, so that a misspelled one is a mistake when the
// rule is compiled and not when it should have held.
func variables() []cel.EnvOption {
	texts := cel.ListType(cel.StringType)
	return []cel.EnvOption{
		cel.Variable("client.name", cel.StringType),
		cel.Variable("client.roles", texts),
		cel.Variable("tool.server", cel.StringType),
		cel.Variable("tool.name", cel.StringType),
		cel.Variable("tool.labels", texts),
		cel.Variable("tool.hints.readOnly", cel.BoolType),
		cel.Variable("tool.hints.destructive", cel.BoolType),
		cel.Variable("tool.hints.idempotent", cel.BoolType),
		cel.Variable("tool.hints.openWorld", cel.BoolType),
		cel.Variable("args", cel.MapType(cel.StringType, cel.DynType)),
		cel.Variable("script.digest", cel.StringType),
		cel.Variable("script.language", cel.StringType),
		cel.Variable("execution.calls", cel.IntType),
		cel.Variable("execution.servers", texts),
		cel.Variable("execution.tools", texts),
		cel.Variable("execution.labels", texts),
	}
}

func newEnvironment() (environment, error) {
	env, err := cel.NewEnv(append(variables(),
		cel.OptionalTypes(),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserRecursionLimit(maxNesting),
		cel.ParserExpressionSizeLimit(config.MaxWhen),
		cel.ExpressionNodeLimit(maxNodes),
		cel.RegexProgramSizeLimit(maxRegex),
		cel.ASTValidators(
			cel.ValidateRegexLiterals(), cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(),
			cel.ValidateComprehensionNestingLimit(maxLoops), cel.ValidateRegexProgramSizeLimit(maxRegex),
		),
	)...)
	return environment{env}, err
}

// condition is a compiled condition.
type condition struct {
	program cel.Program
	// usesHints tells that it looks at what the server says of its tool.
	usesHints bool
	// counted tells that arguments can make it cost more than it may.
	counted bool
}

// fault is something wrong with a condition.
type fault struct{ where, message, hint string }

func (e environment) compile(text string) (*condition, []fault) {
	ast, issues := e.env.Compile(text)
	if issues.Err() != nil {
		return nil, faults(issues)
	}
	if ast.OutputType() != cel.BoolType {
		return nil, []fault{{
			message: fmt.Sprintf("it is a %s, and a condition must be true or false", cel.FormatCELType(ast.OutputType())),
			hint:    "compare it with something, as in args.force == true",
		}}
	}
	c := new(condition)
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	estimate, err := e.env.EstimateCost(ast, sizes{})
	switch {
	case err != nil:
		return nil, []fault{{message: clip(err.Error())}}
	case estimate.Min > maxCost:
		return nil, []fault{{message: "it always takes longer than a rule may", hint: "make it several rules"}}
	case estimate.Max > maxCost:
		// Counting the cost is several times the cost, so it is left out where
		// no arguments can make it too much.
		c.counted = true
		options = append(options, cel.CostLimit(maxCost), cel.InterruptCheckFrequency(checkEvery))
	}
	if c.program, err = e.env.Program(ast, options...); err != nil {
		return nil, []fault{{message: clip(err.Error())}}
	}
	for _, ref := range ast.NativeRep().ReferenceMap() {
		c.usesHints = c.usesHints || strings.HasPrefix(ref.Name, "tool.hints.")
	}
	return c, nil
}

func faults(issues *cel.Issues) []fault {
	var all []fault
	for _, e := range issues.Errors() {
		f := fault{message: clip(e.Message)}
		if e.Location != nil && e.Location.Line() > 0 {
			f.where = fmt.Sprintf("%d:%d", e.Location.Line(), e.Location.Column()+1)
		}
		if strings.HasPrefix(e.Message, "undeclared reference to") && !strings.Contains(e.Message, "did you mean") {
			f.message = strings.TrimSuffix(f.message, " (in container '')")
			f.hint = "known are client.name, client.roles, tool.server, tool.name, tool.labels, tool.hints.readOnly, .destructive, .idempotent, .openWorld, " +
				"args, script.digest, script.language, execution.calls, execution.servers, execution.tools, execution.labels, and CEL's own functions"
		}
		all = append(all, f)
		if len(all) == maxProblems {
			break
		}
	}
	if len(all) == 0 {
		all = []fault{{message: clip(issues.Err().Error())}}
	}
	return all
}

// holds evaluates the condition.
func (c *condition) holds(ctx context.Context, in *vars) (bool, error) {
	eval := c.program.Eval
	if c.counted {
		eval = func(in any) (ref.Val, *cel.EvalDetails, error) { return c.program.ContextEval(ctx, in) }
	}
	out, _, err := eval(in)
	if err != nil {
		return false, err
	}
	holds, ok := out.(types.Bool)
	if !ok {
		return false, fmt.Errorf("the condition came to a %s", out.Type().TypeName())
	}
	return bool(holds), nil
}

// sizes says how long what a condition looks at can be. Where it says nothing
// the compiler assumes the worst.
type sizes struct{}

func (sizes) EstimateSize(node cost.AstNode) *cost.SizeEstimate {
	if len(node.Path()) == 0 {
		return nil
	}
	switch root := node.Path()[0]; {
	case root == "args" && node.Type().Kind() == types.MapKind:
		return &cost.SizeEstimate{Max: maxArgsValues}
	case root == "args":
		return &cost.SizeEstimate{Max: maxArgs}
	case root == "execution.tools", root == "execution.servers", root == "execution.labels":
		return &cost.SizeEstimate{Max: maxTouched}
	default:
		return &cost.SizeEstimate{Max: maxName}
	}
}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate { //nolint:gocritic // the signature is that of cost.Estimator
	return nil
}

const maxName = 1_000 // bytes of a name, and how many roles or labels

func clip(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxProblem {
		text = strings.ToValidUTF8(text[:maxProblem], "") + "…"
	}
	return text
}

// explain says why a condition could not be evaluated, for whoever has to
// mend the rule or the call.
func explain(err error) string {
	switch text := err.Error(); {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), strings.Contains(text, "operation interrupted"):
		return "it was given up"
	case strings.Contains(text, "actual cost limit exceeded"), strings.Contains(text, "operation cancelled: actual cost limit"):
		return "it takes longer than a rule may"
	case strings.HasPrefix(text, "no such key: "):
		return strings.Replace(text, "no such key: ", "there is no ", 1) + " in the arguments"
	case strings.HasPrefix(text, "no such overload"):
		return "a value is of another type than the rule expects"
	default:
		return clip(text)
	}
}
