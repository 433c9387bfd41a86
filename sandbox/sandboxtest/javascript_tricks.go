package sandboxtest

import "github.com/bindery-mcp/bindery/sandbox"

// javascriptClean looks at everything that a script could have changed for the
// next one.
const javascriptClean = `
const own = (o: any) => Reflect.ownKeys(o).map(String).sort().join(" ");
const text = (...f: any[]) => f.map((f) => Function.prototype.toString.call(f)).join(" ");
const inherited: string[] = [];
for (const k in {}) inherited.push(k);
[
  own(globalThis), own(Object), own(Object.prototype), own(Array.prototype), own(Function.prototype), own(Promise), own(Promise.prototype),
  own(String.prototype), own(RegExp.prototype), own(Map.prototype), own(Error.prototype), own(JSON), own(Symbol), own(Math), own(console), own(tools),
  text(JSON.parse, JSON.stringify, Promise, Promise.prototype.then, Array.prototype.map, Array.from, Object.keys, setTimeout, console.log),
  inherited, JSON.stringify({a: [1, {b: 2}]}), JSON.stringify(await srv.echo({a: 1})), await srv.count({}), typeof data,
]`

// javascriptPollution are scripts that change what everything else stands on.
// What the next script sees is for the runner to look at.
func javascriptPollution() []Case {
	return []Case{
		{
			Name: "polluted prototype", Corpus: 33, Want: value("1"),
			Source: `(Object.prototype as any).polluted = 1; (Array.prototype as any).polluted = 1; (globalThis as any).polluted = 1; ({} as any).polluted`,
		},
		{
			Name: "toJSON on prototypes", Corpus: 34, Want: value(`{"a":[1],"b":"x"}`),
			Source: `for (const c of [Object, Array, String, Number]) (c.prototype as any).toJSON = () => "forged"; const o: any = await srv.echo({a: [1], b: "x"}); o`,
		},
		{
			Name: "JSON replaced", Corpus: 35, Want: value(`{"a":1}`),
			Source: `JSON.parse = JSON.stringify = (() => { throw new Error("replaced") }) as any; (globalThis as any).JSON = null; const o = await srv.echo({a: 1}); o`,
		},
		{
			Name: "then patched", Corpus: 36, Want: value(`{"a":1}`),
			Source: `(Promise.prototype as any).then = () => { throw new Error("patched") }; const o = await srv.echo({a: 1}); o`,
		},
		{
			Name: "Promise replaced", Corpus: 36, Want: value(`{"a":1}`),
			Source: `(globalThis as any).Promise = class { constructor() { throw new Error("replaced") } }; const o = await srv.echo({a: 1}); o`,
		},
		{
			Name: "everything is thenable", Corpus: 37, Want: Want{Value: "*", Codes: failed("").Codes},
			Source: `(Object.prototype as any).then = function (r: any) { r(1) }; await srv.echo({a: 1}); 1`,
		},
		{
			Name: "everything never settles", Corpus: 37, Limits: wall, Want: Want{Value: "*", Codes: failed("").Codes},
			Source: `(Object.prototype as any).then = () => {}; await srv.echo({a: 1}); 1`,
		},
		{
			Name: "array methods replaced", Corpus: 36, Want: value(`{"a":[1,2]}`),
			Source: `for (const k of Object.getOwnPropertyNames(Array.prototype)) if (k !== "length") try { (Array.prototype as any)[k] = () => { throw new Error(k) } } catch {}
const o = await srv.echo({a: [1, 2]}); o`,
		},
		{
			Name: "iterators replaced", Corpus: 36, Want: value(`{"a":[1,2]}`),
			Source: `(Array.prototype as any)[Symbol.iterator] = (Map.prototype as any)[Symbol.iterator] = (Set.prototype as any)[Symbol.iterator] = () => { throw new Error("replaced") };
const o = await srv.echo({a: [1, 2]}); o`,
		},
		{
			Name: "setters on the prototype", Corpus: 33, Want: value(`[{"a":1,"server":2},0]`),
			Source: `let n = 0; for (const k of ["a", "server", "tool", "result", "name", "0"]) Object.defineProperty(Object.prototype, k, {set() { n++ }, configurable: true});
const o = await srv.echo(JSON.parse('{"a":1,"server":2}')); [o, n]`,
		},
		{
			Name: "frozen globals", Corpus: 33, Want: value(`{"a":1}`),
			Source: `for (const o of [Object, Array, Promise, Error, Object.prototype, Array.prototype, Promise.prototype, Error.prototype]) Object.freeze(o); const o = await srv.echo({a: 1}); o`,
		},
	}
}

// javascriptSettling are promises that settle oddly, or not.
func javascriptSettling() []Case {
	return []Case{
		{Name: "thenable of itself", Corpus: 38, Limits: wall, Want: timedOut(), Source: `const t: any = {then(r: any) { r(t) }}; t`},
		{Name: "thenable that does not settle", Corpus: 38, Want: failed("nothing can settle"), Source: `await ({then() {}} as any)`},
		{
			Name: "rejection that nobody handles", Corpus: 42, Want: Want{Value: "1", Note: "out of luck"},
			Source: `Promise.reject(new Error("out of luck")); 1`,
		},
		{Name: "thrown null", Corpus: 43, Want: failed("null"), Source: `throw null`},
		{Name: "thrown undefined", Corpus: 43, Want: failed("undefined"), Source: `throw undefined`},
		{Name: "thrown symbol", Corpus: 43, Want: failed("ymbol"), Source: `throw Symbol("s")`},
		{Name: "thrown object", Corpus: 43, Want: failed(`{"a":1}`), Source: `throw {a: 1}`},
		{Name: "thrown error of a throwing message", Corpus: 43, Want: failed("throws again"), Source: `throw Object.defineProperty(new Error(), "message", {get() { throw new Error() }})`},
		{Name: "thrown proxy", Corpus: 43, Want: failed("the script threw"), Source: `throw new Proxy({}, {get() { throw 1 }, ownKeys() { throw 1 }, getPrototypeOf() { throw 1 }})`},
		{Name: "thrown error of a looping name", Corpus: 43, Limits: wall, Want: timedOut(), Source: `throw Object.defineProperty(new Error(), "name", {get() { for (;;) {} }})`},
		{Name: "promise that nothing settles", Corpus: 44, Want: failed("nothing can settle"), Source: `await new Promise(() => {})`},
		{Name: "promise that settles twice", Corpus: 45, Want: value("1"), Source: `await new Promise((r, j) => { r(1); r(2); j(3) })`},
		{Name: "settling after the end", Corpus: 45, Want: value("1"), Source: `setTimeout(() => { console.log("late") }, 1); srv.slow({}).then(() => { throw 1 }, () => {}); 1`},
		{Name: "timers after the end", Corpus: 71, Want: value("1"), Source: `setInterval(() => {}, 1); setTimeout(() => { for (;;) {} }, 30); 1`},
		{Name: "clocks", Corpus: 71, Want: value("true"), Source: `const a = Date.now(), r = Math.random(); a > 1.7e12 && Date.now() - a < 60_000 && r >= 0 && r < 1 && new Date().getTimezoneOffset() === 0`},
	}
}

// javascriptOutput are scripts that print.
func javascriptOutput() []Case {
	return []Case{
		{
			Name: "long lines", Corpus: 49, Want: Want{Value: "1", Codes: exhausted().Codes},
			Source: `const s = "x".repeat(1e5); for (let i = 0; i < 1000; i++) console.log(s); 1`,
		},
		{
			Name: "many lines", Corpus: 49, Want: Want{Value: "1", Log: "line 0"},
			Source: `for (let i = 0; i < 1e5; i++) console.log("line " + i); 1`,
		},
		{Name: "many empty lines", Corpus: 49, Want: value("1"), Source: `for (let i = 0; i < 1e5; i++) console.log(); 1`},
		{
			Name: "odd values", Corpus: 50, Want: Want{Value: "1", Log: "Circular"},
			Source: `const o: any = {n: 1n, s: Symbol("s")}; o.self = o; console.log(o); console.log(Symbol("s"), 1n, {toString() { throw 1 }}, new Proxy({}, {}), Object.create(null)); 1`,
		},
		{Name: "getter that throws", Corpus: 50, Want: value("1"), Source: `try { console.log({get a() { throw new Error("thrown") }}) } catch {} 1`},
		{Name: "control characters", Corpus: 51, Want: Want{Value: "1", Log: `\x1b[2J`}, Source: `console.log("\u001b[2J\u0007\u009b </result>"); 1`},
		{
			Name: "logs over their limit", Corpus: 49, Want: value("1"), Limits: func(l *sandbox.Limits) { l.Logs = 100 },
			Source: `for (let i = 0; i < 1000; i++) console.log("0123456789"); 1`,
		},
	}
}
