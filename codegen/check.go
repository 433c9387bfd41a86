package codegen

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// maxProblems bounds how many problems an error lists.
const maxProblems = 8

// Partial is a value of which not everything is known. See [schema.Partial].
type Partial = schema.Partial

// Check returns an [*bindery.Error] for arguments that the tool would surely
// refuse: of code Invalid with the path of each, what was expected and what
// came, or of code NotFound for an unknown tool. Nil arguments stand for {}.
// What is uncertain passes; see [schema.Schema.Check].
func (m *Module) Check(id bindery.ToolID, l Language, args json.RawMessage) error {
	return m.CheckPartial(id, l, Partial{JSON: args})
}

// CheckPartial is Check for arguments that are not all known yet. It returns
// an error only if there is one whatever the rest turns out to be; see
// [schema.Schema.CheckPartial].
func (m *Module) CheckPartial(id bindery.ToolID, l Language, args Partial) error {
	f := m.function(id)
	if f == nil {
		err := m.unknown(id.String(), l)
		if e, ok := errors.AsType[*bindery.Error](err); ok {
			e.Op = "call " + shortName(id.String())
		}
		return err
	}
	if args.JSON == nil {
		args.JSON = json.RawMessage("{}")
	}
	problems := f.Input.CheckPartial(args)
	if len(problems) == 0 && !bytes.HasPrefix(bytes.TrimSpace(args.JSON), []byte("{")) {
		// The protocol has no other arguments, whatever the schema allows.
		problems = []schema.Problem{{Want: "object", Got: "another kind of value"}}
	}
	if len(problems) == 0 {
		return nil
	}
	lines := make([]string, 0, maxProblems+1)
	for i, p := range problems {
		if i == maxProblems {
			lines = append(lines, fmt.Sprintf("and %d more", len(problems)-i))
			break
		}
		if p.Path == "" {
			p.Path = "the arguments"
		}
		lines = append(lines, form.Clean(p.String(), 500))
	}
	return &bindery.Error{
		Code: bindery.Invalid, Op: "call " + writerOf(l).expression(f),
		Err:  errors.New(strings.Join(lines, "; ")),
		Hint: hint(f, l),
	}
}

// maxHint bounds a signature in an error, in bytes.
const maxHint = 500

// hint returns the signature, short enough for an error.
func hint(f *Function, l Language) string {
	if s := writerOf(l).signature(f, maxHint); s != "" {
		return s
	}
	return "tools.describe(" + form.Quote(f.ID.String()) + ") tells what it takes"
}
