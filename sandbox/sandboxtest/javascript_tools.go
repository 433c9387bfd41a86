package sandboxtest

import (
	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// javascriptCalls are scripts that call too much, or do not wait.
func javascriptCalls() []Case {
	return []Case{
		{Name: "call that is not awaited", Corpus: 46, Want: Want{Value: "1", Note: "srv.count"}, Source: `srv.count({}); 1`},
		{Name: "call that never ends and is not awaited", Corpus: 46, Want: Want{Value: "1", Note: "cancelled"}, Source: `srv.hang({}); 1`},
		{
			Name: "ten thousand calls", Corpus: 47, Want: value("10000"),
			Limits: func(l *sandbox.Limits) { l.Calls, l.InFlight = 10_000, 64 },
			Source: `(await Promise.all(Array.from({length: 10000}, (_, i) => srv.echo({i})))).length`,
		},
		{
			Name: "thousand calls that never end", Corpus: 47, Want: timedOut(), Limits: wall,
			Source: `await Promise.all(Array.from({length: 1000}, () => srv.hang({})))`,
		},
		{
			Name: "calls beyond the budget", Corpus: 48, Want: Want{Value: `[20,"limit"]`},
			Limits: func(l *sandbox.Limits) { l.Calls = 20 },
			Source: `let n = 0, code: any; try { for (;;) { await srv.count({}); n++ } } catch (e: any) { code = e.code } [n, code]`,
		},
		{
			Name: "calls without an end", Corpus: 48, Want: exhausted(), Limits: func(l *sandbox.Limits) { wall(l); l.Calls = 20 },
			Source: `for (;;) srv.count({}).catch(() => {})`,
		},
		{Name: "argument of 100 MB", Corpus: 61, Want: failed(""), Source: `await srv.echo({a: "x".repeat(1e8)})`},
		{Name: "argument of 4 MiB", Corpus: 61, Want: failed("1 MiB"), Source: `await srv.echo({a: "x".repeat(4 << 20)})`},
		{Name: "arguments that are no object", Corpus: 61, Want: value(`["failed","failed","failed"]`), Source: `const out: any[] = [];
for (const a of [1, "x", [1]]) try { await srv.echo(a as any); out.push("called") } catch { out.push("failed") } out`},
		{
			Name: "result over its limit", Corpus: 62, Want: failed("1 MiB"), Limits: func(l *sandbox.Limits) { l.Result = 1 << 20 },
			Source: `await srv.big({})`,
		},
		{Name: "failure among calls", Corpus: 63, Want: failed("srv.fail"), Source: `await Promise.all([srv.slow({}), srv.fail({}), srv.hang({})])`},
		{
			Name: "failures that are awaited", Corpus: 63, Want: value(`["fulfilled","rejected","srv","fail"]`),
			Source: `const [a, b]: any = await Promise.allSettled([srv.slow({}), srv.fail({})]); [a.status, b.status, b.reason.server, b.reason.tool]`,
		},
		{Name: "tool that is not bound", Corpus: 66, Want: unbound("secret"), Source: `await (tools as any)["srv"]["secret"]({})`},
		{Name: "server that is not bound", Corpus: 66, Want: unbound("vault"), Source: `await (tools as any)["vault"]["open"]({})`},
		{Name: "execution inside", Corpus: 72, Want: unbound("execute_code"), Source: `await (tools as any).execute_code({code: "1"})`},
	}
}

// javascriptNames are tools, and the objects that hold them, used as what they
// are not.
func javascriptNames() []Case {
	return []Case{
		{
			Name: "tools of odd names", Corpus: 55, Want: value("[]"),
			Source: `const wrong: any[] = [];
const implied = ["then", "toString", "valueOf"]; // the language itself asks every object for these
const call = (name: string) => implied.includes(name) ? tools.tool("odd names", name) : (tools as any)["odd names"][name];
for (const name of data) try { const r: any = await call(name)({a: 1}); if (r.a !== 1) wrong.push(name) } catch (e: any) { wrong.push(name + ": " + e.message) } wrong`,
			Data: oddNames(),
		},
		{
			Name: "tools are not changed", Corpus: 57, Want: value(`{"a":1}`),
			Source: `for (const f of [
  () => { (tools as any).srv = 1 }, () => { delete (tools as any).srv }, () => { delete (srv as any).echo }, () => { (srv as any).echo = () => "forged" },
  () => Object.defineProperty(srv, "echo", {value: () => "forged"}), () => Object.defineProperty(tools, "srv", {value: {}}),
  () => Object.freeze(srv), () => Object.preventExtensions(tools), () => { (globalThis as any).srv = {echo: () => "forged"} },
]) try { f() } catch {}
const o = await srv.echo({a: 1}); o`,
		},
		{
			Name: "tools without a prototype", Corpus: 57, Want: value("1"),
			Source: `for (const o of [tools, srv, srv.echo] as any[]) { try { Object.setPrototypeOf(o, null) } catch {} try { String(o) } catch {} try { "" + o; o + 1 } catch {} try { console.log(o) } catch {} } 1`,
		},
		{
			Name: "tools as an argument", Corpus: 57, Want: Want{Value: "*", Codes: []bindery.Code{bindery.Script}},
			Source: `try { Object.setPrototypeOf(srv, null) } catch {} await srv.echo({a: srv, b: tools} as any); 1`,
		},
		{
			Name: "constructors", Corpus: 58, Want: value("[]"),
			Source: `const out: any[] = [];
for (const f of [tools, srv, srv.echo, console.log, setTimeout, async () => {}, function* () {}, Promise.resolve(), [], /x/, new Error(), await srv.echo({})] as any[])
  for (const c of [f.constructor, Object.getPrototypeOf(f)?.constructor, f.constructor?.constructor])
    try { const g = c("return this")(); if (g && typeof g === "object" && g.srv) out.push(String(c)) } catch {}
out`,
		},
		{
			Name: "tools are looked at", Corpus: 60, Want: value("0"),
			Source: `await (tools as any); await (srv as any); JSON.stringify(tools); JSON.stringify(srv); Object.keys(tools); Object.entries(srv); for (const k in srv) void k; String(srv); ({...srv}); structuredClone({});
(await srv.count({}) as any).before`,
		},
		{Name: "tools have keys", Corpus: 60, Want: value("true"), Source: `Object.keys(srv).includes("echo") && Object.keys(tools).includes("srv")`},
	}
}

// javascriptAuthority are scripts that look for a way out.
func javascriptAuthority() []Case {
	cases := []Case{
		{
			Name: "nothing of the host", Corpus: 64, Want: value("[]"),
			Source: `["process", "require", "module", "fetch", "XMLHttpRequest", "WebSocket", "Deno", "Bun", "WebAssembly", "Worker", "SharedArrayBuffer", "Atomics", "importScripts", "global", "window"].filter((n) => typeof (globalThis as any)[n] !== "undefined")`,
		},
		{Name: "import", Corpus: 64, Source: `import fs from "fs"; fs.readFileSync("/etc/passwd")`, Want: unbound("import")},
		{Name: "import()", Corpus: 64, Source: `const fs = await import("fs"); fs`, Want: unbound("import")},
		{Name: "require", Corpus: 64, Source: `require("fs")`, Want: unbound("require")},
		{Name: "fetch", Corpus: 64, Source: `await fetch("http://127.0.0.1")`, Want: failed("fetch")},
		{Name: "process", Corpus: 64, Source: `process.exit(0)`, Want: failed("process")},
		{
			Name: "nothing of the host in errors", Corpus: 59, Want: value("[]"),
			Source: `const texts: any[] = [];
for (const f of [() => null.x, () => (undefined as any)(), () => JSON.parse("{"), () => srv.nothing({}), () => srv.fail({}), () => srv.echo(...([1] as any)), () => new RegExp("("), () => [].reduce(0 as any), () => { throw new Error("x") }, () => (tools as any).vault.x, () => structuredClone(() => {}), () => "x".repeat(-1)])
  try { await f() } catch (e: any) { texts.push(String(e?.stack), String(e?.message)) }
texts.filter((s) => /\.go\b|goja|goroutine|\/(home|root|tmp|usr|proc|etc)\/|github\.com|0x[0-9a-f]{6}/.test(s))`,
		},
		{
			Name: "callers of a function", Corpus: 59, Want: value("[]"),
			Source: `const out: any[] = []; const f: any = function () { for (const k of ["caller", "callee", "arguments"]) try { if (f[k]) out.push(k) } catch {} }; f();
try { if ((Error as any).prepareStackTrace || (Error as any).captureStackTrace?.({}, 1)) out.push("stack") } catch {} out`,
		},
	}
	return cases
}
