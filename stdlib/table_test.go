package stdlib_test

import (
	"testing"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery/stdlib"
)

func TestTable(t *testing.T) {
	vm := goja.New()
	run(t, vm, stdlib.JavaScript().Code)
	for _, tc := range []struct{ name, call, want string }{
		{"records", `table([{id: 1, title: "a, b"}, {id: 2, title: "c", open: true}])`, "id\ttitle\topen\n1\ta, b\t\n2\tc\ttrue"},
		{"columns", `table([{id: 1, title: "a"}, {id: 2}], ["title", "id"])`, "title\tid\na\t1\n\t2"},
		{"what would break a row", `table([{a: "x\ty\nz\\n"}])`, "a\nx\\ty\\nz\\\\n"},
		{"values", `table([{a: null, b: undefined, c: [1, {d: 2}], e: false, f: 0, g: 10n, h: new Date(0)}])`, "a\tb\tc\te\tf\tg\th\n\t\t[1,{\"d\":2}]\tfalse\t0\t10\t1970-01-01T00:00:00.000Z"},
		{"lists", `table([[1, "a"], [2, "b"]], ["n", "s"])`, "n\ts\n1\ta\n2\tb"},
		{"lists without names", `table([[1, 2]])`, "1\t2"},
		{"any iterable", `table(new Map([["a", 1]]), ["k", "v"])`, "k\tv\na\t1"},
		{"single values", `table([1, "x"], ["v"])`, "v\n1\nx"},
		{"nothing", `table([])`, ""},
		{"no rows", `let e; try { table({a: 1}) } catch (x) { e = x.name } e`, "TypeError"},
		{"a text", `try { table("ab") } catch (x) { e = x.name + 1 } e`, "TypeError1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := run(t, vm, tc.call).String(); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}
