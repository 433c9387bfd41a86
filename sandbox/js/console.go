package js

import (
	"errors"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery/sandbox"
)

// console collects what a script prints, up to a number of bytes.
type console struct {
	x       *execution
	room    int64
	lines   []sandbox.Line
	dropped int
}

// object makes the global console.
func (c *console) object() *goja.Object {
	o := c.x.realm.rt.NewObject()
	put := func(name string, f func(goja.FunctionCall) goja.Value) {
		c.x.settled(o.DefineDataProperty(name, c.x.named(name, f), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
	}
	for _, method := range [][2]string{
		{"log", "log"}, {"info", "info"}, {"debug", "debug"}, {"warn", "warn"}, {"error", "error"},
		{"trace", "debug"}, {"dir", "log"}, {"group", "log"}, {"groupCollapsed", "log"}, {"table", "log"},
	} {
		name, level := method[0], method[1]
		put(name, func(call goja.FunctionCall) goja.Value {
			args := call.Arguments
			if name == "table" || name == "dir" {
				args = args[:min(1, len(args))]
			}
			c.print(level, args, name == "table")
			return goja.Undefined()
		})
	}
	put("assert", func(call goja.FunctionCall) goja.Value {
		if !call.Argument(0).ToBoolean() {
			args := append([]goja.Value{c.x.realm.rt.ToValue("Assertion failed")}, call.Arguments[min(1, len(call.Arguments)):]...)
			c.print("error", args, false)
		}
		return goja.Undefined()
	})
	for _, name := range []string{"groupEnd", "time", "timeEnd", "timeLog", "count"} {
		put(name, func(goja.FunctionCall) goja.Value { return goja.Undefined() })
	}
	return o
}

func (c *console) print(level string, args []goja.Value, rows bool) {
	if c.room <= 0 {
		c.dropped++
		return
	}
	var b strings.Builder
	for i, v := range args {
		if i > 0 {
			b.WriteByte(' ')
		}
		s, ok := c.show(v, rows, c.room-int64(b.Len()))
		if !ok {
			c.room = 0
			c.dropped++
			return
		}
		b.WriteString(s)
	}
	line := sandbox.Line{Level: level, Text: printable(b.String())}
	// A line end counts too, or empty lines would be free.
	if int64(len(line.Text))+1 > c.room {
		c.room = 0
		c.dropped++
		return
	}
	c.room -= int64(len(line.Text)) + 1
	c.lines = append(c.lines, line)
	c.x.host.Log(line)
}

// show returns v as a reader wants it; ok is false if that takes more than room.
func (c *console) show(v goja.Value, rows bool, room int64) (s string, ok bool) {
	if goja.IsString(v) {
		// A rope of 2 GB must not be flattened to find out that it is too long.
		if int64(stringLength(v)) > room {
			return "", false
		}
		return v.String(), true
	}
	o, isObject := v.(*goja.Object)
	if isObject && o.ClassName() == "Error" {
		return c.x.realm.describeError(o) + c.x.whereOf(o), true
	}
	if rows && isObject && o.ClassName() == "Array" {
		return c.table(o, room)
	}
	data, _, err := c.x.realm.encode(c.x.ctx, v, forLog, room)
	switch {
	case errors.Is(err, errTooLarge):
		return "", false
	case err != nil:
		return "[" + err.Error() + "]", true
	}
	return string(data), true
}

// table shows one row a line.
func (c *console) table(rows *goja.Object, room int64) (string, bool) {
	var lines []string
	n := int(rows.Get("length").ToInteger())
	for i := range n {
		s, ok := c.show(rows.Get(strconv.Itoa(i)), false, room)
		if !ok {
			return "", false
		}
		lines = append(lines, s)
		room -= int64(len(s)) + 1
	}
	return strings.Join(lines, "\n"), true
}

// stringLength returns the length of a string in UTF-16 units.
func stringLength(v goja.Value) int {
	s, ok := v.(goja.String)
	if !ok {
		return 0
	}
	return s.Length()
}
