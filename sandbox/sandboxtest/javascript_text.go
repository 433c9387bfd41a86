package sandboxtest

import (
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// javascriptParsers are texts that are hard to parse.
func javascriptParsers() []Case {
	cases := []Case{
		{
			Name: "script over its limit", Corpus: 26, Source: "1;" + strings.Repeat(" ", 256<<10-1),
			Want: Want{Codes: []bindery.Code{bindery.Limit}, Says: "256 KiB"},
		},
		{Name: "deep JSON", Corpus: 29, Want: failed(""), Source: `JSON.parse("[".repeat(5e6))`},
		{Name: "deep JSON, closed", Corpus: 29, Want: finished("*"), Source: `JSON.parse("[".repeat(1e6) + "]".repeat(1e6)).length`},
	}
	// Strings made into code, and the same as the text of the script.
	for _, deep := range [][2]string{
		{"parentheses", "("}, {"brackets", "["}, {"braces", "{"}, {"templates", "`${"}, {"negations", "!"}, {"arrows", "a=>"}, {"types", "Array<"},
	} {
		name, text := deep[0], deep[1]
		cases = append(cases,
			Case{Name: "evaluated " + name, Corpus: 24, Want: failed(""), Source: `eval("` + text + `".repeat(1e6))`},
			Case{Name: "constructed " + name, Corpus: 24, Want: failed(""), Source: `new Function("` + text + `".repeat(1e6))()`},
		)
		script := Case{Name: "script of " + name, Corpus: 25, Source: strings.Repeat(text, (256<<10)/len(text))}
		script.Want.Codes = []bindery.Code{bindery.Invalid, bindery.Limit, bindery.Timeout, bindery.Script}
		cases = append(cases, script)
	}
	return cases
}

// javascriptRecursion are recursions through everything that calls back.
func javascriptRecursion() []Case {
	var cases []Case
	for _, r := range [][2]string{
		{"function", `function f(): any { return f() + 1 } f()`},
		{"getter", `const o: any = {get a() { return o.a }}; o.a`},
		{"toString", `const o: any = {toString() { return "" + o }}; "" + o`},
		{"toPrimitive", `const o: any = {[Symbol.toPrimitive]() { return +o }}; +o`},
		{"proxy", `const p: any = new Proxy({}, {get(t, k) { return p[k] }}); p.a`},
		{"comparator", `(function f() { [2, 1].sort(f as any) })()`},
		{"reviver", `(function f() { JSON.parse("[1]", f as any) })()`},
		{"replacer", `(function f() { "a".replace("a", f as any) })()`},
		{"delegation", `function* g(): any { yield* g() } [...g()]`},
		{"construction", `class A { a = new A() } new A()`},
		{"async", `async function f(): Promise<any> { return await f() } await f()`},
		{"array text", `const a: any[] = []; for (let i = 0; i < 1e5; i++) a[0] = [a[0]]; String(a)`},
	} {
		c := Case{Name: "recursion: " + r[0], Corpus: 27, Source: r[1], Want: failed("")}
		switch r[0] {
		case "function", "getter":
			c.Want = failed("stack")
		case "array text":
			c.Want = finished("*")
		}
		cases = append(cases, c)
	}
	return cases
}

// javascriptValues are values that are more than they seem.
func javascriptValues() []Case {
	const graph = `let o: any = {}; for (let i = 0; i < 40; i++) o = {a: o, b: o}; `
	limit := Want{Codes: []bindery.Code{bindery.Limit}, Says: "1 MiB"}
	return []Case{
		{Name: "deep result", Corpus: 28, Want: finished("*"), Source: `let o: any = 1; for (let i = 0; i < 1e6; i++) o = [o]; o`},
		{Name: "result of shared references", Corpus: 30, Want: limit, Source: graph + `o`},
		{Name: "argument of shared references", Corpus: 30, Want: failed("1 MiB"), Source: graph + `await srv.echo(o)`},
		{Name: "log of shared references", Corpus: 30, Want: value("1"), Source: graph + `console.log(o); 1`},
		{Name: "text of shared references", Corpus: 30, Want: exhausted(), Source: graph + `JSON.stringify(o).length`},
		{Name: "cyclic result", Corpus: 31, Want: value(`{"self":"[Circular]"}`), Source: `const o: any = {}; o.self = o; o`},
		{Name: "cyclic argument", Corpus: 31, Want: failed("contains itself"), Source: `const o: any = {}; o.self = o; await srv.echo(o)`},
		{
			Name: "argument of ten million keys", Corpus: 32, Want: exhausted(), Limits: wall,
			Source: `await srv.echo(new Proxy({}, {
  ownKeys: () => Array.from({length: 1e7}, (_, i) => "k" + i),
  getOwnPropertyDescriptor: () => ({value: 1, enumerable: true, configurable: true}),
}))`,
		},
		{
			Name: "getters of the result", Corpus: 39, Want: value(`{"a":1,"calls":0}`),
			Source: `let n = 0; ({get a() { srv.count({}); return ++n }, get calls() { return n - 1 }})`,
		},
		{
			Name: "proxy as the result", Corpus: 39, Want: exhausted(), Limits: wall,
			Source: `new Proxy({}, {ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({enumerable: true, configurable: true}), get() { for (;;) {} }})`,
		},
		{Name: "getter that loops in an argument", Corpus: 40, Limits: wall, Want: timedOut(), Source: `await srv.echo({get a() { for (;;) {} }})`},
		{Name: "toJSON that loops", Corpus: 41, Limits: wall, Want: timedOut(), Source: `({toJSON() { for (;;) {} }})`},
		{Name: "toJSON that throws", Corpus: 41, Want: failed("out of luck"), Source: `({toJSON() { throw new Error("out of luck") }})`},
		{
			Name: "kinds of values", Corpus: 52,
			Want: value(`[null,null,null,0,9007199254740993,"1970-01-01T00:00:00.000Z",null,{"k":1},[1],"AQI=","/a/g",[1,null,3]]`),
			Source: `const sparse = [1, , 3];
[undefined, NaN, Infinity, -0, 9007199254740993n, new Date(0), new Date(NaN), new Map([["k", 1]]), new Set([1]), new Uint8Array([1, 2]), /a/g, sparse]`,
		},
		{Name: "function as the result", Corpus: 52, Want: value(`{"a":1}`), Source: `({a: 1, f() {}, [Symbol("s")]: 2})`},
		{Name: "error as the result", Corpus: 52, Want: value(`{"name":"TypeError","message":"no"}`), Source: `new TypeError("no")`},
		{
			Name: "lone surrogates", Corpus: 53, Want: value("[\"\uFFFD\",\"\uFFFD\"]"),
			Source: `const s = "\uD800"; const e: any = await srv.echo({k: s}); [e.k, s]`,
		},
		{
			Name: "lone surrogates in keys", Corpus: 53, Want: value("[[\"k\uFFFD\"],1]"),
			Source: `const e: any = await srv.echo({["k\uD800"]: 1}); [Object.keys(e), Object.values(e)[0]]`,
		},
		{
			Name: "result of two MiB", Corpus: 52, Want: limit, Source: `"x".repeat(2 ** 21)`,
		},
		{
			Name: "own keys of odd names", Corpus: 54, Want: value(`["__proto__","constructor","prototype","toString","hasOwnProperty","then","","a.b",true,true]`),
			Source: `const o: any = await srv.echo(JSON.parse('{"__proto__":{"x":1},"constructor":1,"prototype":1,"toString":1,"hasOwnProperty":1,"then":1,"":1,"a.b":1}'));
[...Object.keys(o), Object.getPrototypeOf(o) === Object.prototype, ({} as any).x === undefined]`,
		},
		{Name: "data of odd names", Corpus: 54, Data: []byte(`{"__proto__":{"polluted":1}}`), Want: value(`[["__proto__"],true]`), Source: `[Object.keys(data), (data as any).polluted === undefined]`},
		{
			Name: "data over its limit", Corpus: 61, Data: []byte(`"` + strings.Repeat("x", 2<<20) + `"`), Limits: func(l *sandbox.Limits) { l.Result = 1 << 20 },
			Want: Want{Codes: []bindery.Code{bindery.Limit}, Says: "1 MiB"}, Source: `data.length`,
		},
	}
}
