package sandboxtest

import "github.com/bindery-mcp/bindery"

// javascriptTime are loops that do not end.
func javascriptTime() []Case {
	return []Case{
		{Name: "endless loop", Corpus: 1, Limits: wall, Want: timedOut(), Source: `while (true) {}`},
		{
			Name: "endless loop, CPU", Corpus: 1,
			Want: Want{Codes: []bindery.Code{bindery.Limit}, Says: "CPU limit of 1 s exceeded"}, Source: `for (let i = 0; ; i++) {}`,
		},
		{
			Name: "loop that swallows errors", Corpus: 2, Limits: wall, Want: timedOut(),
			Source: `for (;;) { try { for (;;) { try { throw 1 } catch {} finally { continue } } } catch {} finally { continue } }`,
		},
		{
			Name: "endless microtasks", Corpus: 3, Limits: wall, Want: timedOut(),
			Source: `(function f() { Promise.resolve().then(f) })(); await sleep(1e6)`,
		},
		{
			Name: "endless timers", Corpus: 4, Limits: wall, Want: timedOut(),
			Source: `(function f() { setTimeout(f, 0) })(); await new Promise(() => {})`,
		},
		{
			Name: "endless async loop", Corpus: 4, Limits: wall, Want: timedOut(),
			Source: `for (;;) await null`,
		},
		{Name: "backtracking, back reference", Corpus: 5, Limits: wall, Want: timedOut(), Source: `/^(a+)+\1b$/.test("a".repeat(40))`},
		{Name: "backtracking, lookahead", Corpus: 6, Limits: wall, Want: timedOut(), Source: `/^(?=(a+)+b)/.test("a".repeat(40))`},
		{
			Name: "backtracking, replace", Corpus: 7, Limits: wall, Want: timedOut(),
			Source: `("a".repeat(3e6)).replace(/(?=(a+)+b)a/g, "x").length`,
		},
		{Name: "deep pattern", Corpus: 8, Want: failed(""), Source: `new RegExp("(".repeat(1e6) + ")".repeat(1e6))`},
		{
			Name: "appending lines", Corpus: 16, Want: value("440000"),
			Source: `let s = ""; for (let i = 0; i < 20000; i++) s += "a line of some length\n"; s.length`,
		},
		{
			Name: "appending many lines", Corpus: 16, Want: finished("2200000"),
			Source: `let s = ""; for (let i = 0; i < 100000; i++) s += "a line of some length\n"; s.length`,
		},
	}
}

// javascriptNatives are loops inside one native function, where an interpreter
// may not look at its interrupt.
func javascriptNatives() []Case {
	return []Case{
		{Name: "join of holes", Corpus: 9, Limits: wall, Want: exhausted(), Source: `new Array(2 ** 32 - 1).join("x").length`},
		{Name: "fill of holes", Corpus: 9, Limits: wall, Want: exhausted(), Source: `new Array(2 ** 32 - 1).fill(0).length`},
		{Name: "includes of holes", Corpus: 9, Limits: wall, Want: exhausted(), Source: `new Array(2 ** 32 - 1).includes(7)`},
		{Name: "fill of a long object", Corpus: 10, Limits: wall, Want: exhausted(), Source: `Array.prototype.fill.call({length: 2 ** 53 - 1}, 0)`},
		{Name: "indexOf of a long object", Corpus: 10, Limits: wall, Want: exhausted(), Source: `Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 0)`},
		{Name: "reverse of a long object", Corpus: 10, Limits: wall, Want: exhausted(), Source: `Array.prototype.reverse.call({length: 2 ** 53 - 1})`},
		{
			Name: "evil comparator", Corpus: 11, Limits: wall, Want: exhausted(),
			Source: `Array.from({length: 1e6}, (_, i) => i).sort(() => Math.random() - 0.5).length`,
		},
		{
			Name: "comparator that loops", Corpus: 11, Limits: wall, Want: exhausted(),
			Source: `[3, 2, 1].sort(() => { for (;;) {} })`,
		},
		{Name: "array from a length", Corpus: 12, Want: exhausted(), Source: `Array.from({length: 2 ** 32 - 1}).length`},
		{Name: "spread of holes", Corpus: 12, Want: exhausted(), Source: `[...new Array(2 ** 31)].length`},
		{Name: "long power", Corpus: 22, Limits: wall, Want: failed(""), Source: `(2n ** (2n ** 31n)) > 0n`},
		{Name: "longer power", Corpus: 22, Limits: wall, Want: failed(""), Source: `(2n ** (2n ** 40n)) > 0n`},
		{Name: "long shift", Corpus: 22, Limits: wall, Want: failed(""), Source: `(1n << (2n ** 40n)) > 0n`},
		{Name: "digits of a long integer", Corpus: 22, Limits: wall, Want: failed(""), Source: `BigInt("9".repeat(1e8)) > 0n`},
		{Name: "text of a long integer", Corpus: 23, Limits: wall, Want: exhausted(), Source: `(3n ** 10000000n).toString().length`},
	}
}

// javascriptMemory are ways to ask for more memory than there is.
func javascriptMemory() []Case {
	return []Case{
		{Name: "repeat to half a GiB", Corpus: 13, Want: failed(""), Source: `"x".repeat(2 ** 29).length`},
		{Name: "repeat to 2 GiB", Corpus: 13, Want: failed(""), Source: `"x".repeat(2 ** 31).length`},
		{Name: "repeat to a TiB", Corpus: 13, Want: failed(""), Source: `"x".repeat(2 ** 40).length`},
		{Name: "pad to a GiB", Corpus: 14, Want: failed(""), Source: `"x".padStart(2 ** 30).length`},
		{
			Name: "replacement that doubles", Corpus: 15, Want: exhausted(),
			Source: `let s = "x".repeat(1000); for (;;) s = s.replaceAll(/x+/g, "$&$&")`,
		},
		{Name: "string that doubles", Corpus: 15, Want: failed(""), Source: `let s = "xx"; for (;;) s += s`},
		{Name: "buffer of 8 GiB", Corpus: 17, Want: failed(""), Source: `new ArrayBuffer(2 ** 33).byteLength`},
		{
			Name: "buffers of 2 GiB", Corpus: 17, Want: failed(""),
			Source: `Array.from({length: 8}, () => new Uint8Array(2 ** 31 - 1)).length`,
		},
		{Name: "objects forever", Corpus: 18, Want: exhausted(), Source: `const a: any[] = []; for (;;) a.push({a: 1, b: [2]})`},
		{Name: "strings forever", Corpus: 19, Want: exhausted(), Source: `const a: any[] = []; for (let i = 0; ; i++) a.push("x".repeat(1e6) + i)`},
		{Name: "map that grows", Corpus: 20, Want: exhausted(), Source: `const m = new Map(); for (let i = 0; ; i++) m.set(i, {i})`},
		{Name: "keys that grow", Corpus: 20, Want: exhausted(), Source: `const o: any = {}; for (let i = 0; ; i++) o["k" + i] = i`},
		{Name: "arguments from a length", Corpus: 21, Want: failed(""), Source: `Math.max.apply(null, {length: 2 ** 31 - 1} as any)`},
		{Name: "arguments from holes", Corpus: 21, Want: failed(""), Source: `Math.max.apply(null, new Array(2 ** 29))`},
		{
			Name: "promises forever", Corpus: 20, Want: exhausted(),
			Source: `const a: any[] = []; for (;;) a.push(new Promise(() => {}))`,
		},
		{
			Name: "generators forever", Corpus: 20, Want: exhausted(),
			Source: `function* g() { yield 1 } const a: any[] = []; for (;;) { const i = g(); i.next(); a.push(i) }`,
		},
	}
}
