package js_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// sameAsNode are scripts, each an expression, whose result is what node's
// JSON.stringify gives for the same expression.
var sameAsNode = []string{
	`[1, 1.5, -0, 1e21, 1e-7, 123456789.123, 0.1 + 0.2, 5e-324, 2 ** 53]`,
	`[(0.1).toFixed(20), (255).toString(16), (1e21).toString(), (25).toString(36), Number("0x1f"), parseInt("12px"), Math.round(-0.5)]`,
	`["é", "\u2028", "\x00", "\"", "\\", "😀", "\t"]`,
	`"abc".split("").reverse().join("")`,
	`[..."a😀b"].length`,
	`"a-b_c d".replace(/[-_ ](.)/g, (_, c) => c.toUpperCase())`,
	`"2024-01-05T10:00:00Z".match(/(?<y>\d{4})-(?<m>\d\d)/).groups.m`,
	`[..."a1b22".matchAll(/\d+/g)].map(m => [m[0], m.index])`,
	`"x".padStart(3, "ab") + "y".repeat(3) + " z ".trim()`,
	`["b", "a", "C"].sort()`,
	`[10, 9, 1].sort()`,
	`[3, 1, 2].sort((a, b) => b - a)`,
	`[3, 1, 2].toSorted()`,
	`[1, [2, [3, [4]]]].flat(Infinity)`,
	`[1, 2, 3].flatMap(x => [x, x * 2])`,
	`Object.entries({b: 1, a: 2, 1: 3, 0: 4})`,
	`Object.fromEntries(new Map([["a", 1]]))`,
	`({...{a: 1, b: 2}, b: 3})`,
	`(({a, ...rest}) => rest)({a: 1, b: 2, c: 3})`,
	`[undefined, () => 1, null]`,
	`({a: undefined, b: null, c() {}})`,
	`new Date(86400000)`,
	`new Date("2024-02-30T00:00:00Z").getTime()`,
	`new Date(Date.UTC(2024, 1, 29)).toISOString()`,
	`[new Date(0).getUTCDay(), new Date("2024-03-01").getTime(), Date.parse("2024-03-01T00:00:00+02:00")]`,
	`[typeof 1n, String(2n ** 64n), (10n / 3n).toString()]`,
	`[1, 2, 3, 4].findLast(x => x % 2)`,
	`[1, 2, 3].at(-1)`,
	`Object.hasOwn({a: 1}, "a")`,
	`[null ?? 1, 0 ?? 1, 0 || 1, undefined?.x]`,
	`(() => { let a = null; a ??= 5; return a })()`,
	`[1, 2, 3].includes(2) && [NaN].includes(NaN)`,
	`Array.from({length: 3}, (_, i) => i * i)`,
	`[...new Set([1, 1, 2])]`,
	`[...new Map([[1, "a"]]).entries()]`,
	`Array.from("abc", c => c.charCodeAt(0))`,
	`(function* () { yield 1; yield 2 })().next()`,
	`[...(function* () { yield* [1, 2] })()]`,
	`class_()`,
	`JSON.parse('{"a":[1,{"b":null}]}').a[1]`,
	`JSON.stringify({a: [1, {b: 2}]}, null, 2)`,
	`JSON.parse("[1,2]", (k, v) => Array.isArray(v) ? v : v + 1 || v)`,
	`[encodeURIComponent("a b&é"), decodeURIComponent("%C3%A9"), escape("é")]`,
	`["a", "b"].entries().next().value`,
	`[Math.max(), Math.min(1, 2), Math.hypot(3, 4), Math.sign(-3), Math.trunc(-1.5), Math.cbrt(27)].slice(1)`,
	`Number.isInteger(5.0) && Number.isSafeInteger(2 ** 53 - 1)`,
	`[parseFloat("1.5abc"), +"", +" 12 ", Number(null)]`,
	`(() => { try { null.x } catch (e) { return [e instanceof TypeError, e.name] } })()`,
	`(() => { try { return 1 } finally { } })()`,
	`(() => { label: for (const i of [1, 2]) for (const j of [1, 2]) { if (j === 2) continue label; if (i === 2) break label } return "ok" })()`,
	`await Promise.all([1, Promise.resolve(2)])`,
	`await Promise.allSettled([Promise.reject(1), 2])`,
	`await Promise.race([new Promise(() => {}), Promise.resolve(3)])`,
	`await (async () => { const o = []; for await (const x of [Promise.resolve(1), 2]) o.push(x); return o })()`,
	`await (async () => { const o = []; queueMicrotask(() => o.push(2)); o.push(1); await null; o.push(3); return o })()`,
	`await (async () => { const o = []; Promise.resolve().then(() => o.push(1)); await new Promise(r => setTimeout(r, 1)); o.push(2); return o })()`,
	`[new Uint16Array([1, 65536])[1], new Uint8ClampedArray([300])[0]]`,
	`[btoa("abc"), atob("YWJj")]`,
	`[...new TextEncoder().encode("é")]`,
	`new TextDecoder().decode(new Uint8Array([226, 130, 172, 255]))`,
	`structuredClone({a: [1, {b: new Date(0)}]})`,
	`Object.keys({z: 1, a: 2, 10: 3, 9: 4})`,
	`[[1, 2], [3]].map(([a, b = 9]) => a + b)`,
	`((...args) => args.length)(...[1, 2], 3)`,
	`new (class A { static s = 1; #p = 2; get p() { return this.#p } toJSON() { return this.p + A.s } })()`,
	`new Proxy({}, {get: (_, k) => k === "toJSON" ? undefined : 1, ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({enumerable: true, configurable: true})})`,
	`Reflect.ownKeys({b: 1, a: 2})`,
	`[1, 2, 3].reduceRight((a, b) => a + "-" + b)`,
	`(1234567.891).toLocaleString("en-US")`,
	`[[1, "a"], [2, "b"]].reduce((m, [k, v]) => ({...m, [v]: k}), {})`,
}

const nodeProgram = `
const class_ = () => { class A { constructor() { this.x = 1 } } class B extends A { y = this.x + 1 } return new B() };
const run = async () => {
  const out = [];
  for (const s of JSON.parse(require("fs").readFileSync(0, "utf8")))
    out.push(JSON.stringify(await new (async () => {}).constructor("class_", "return (" + s + ")")(class_)));
  console.log(JSON.stringify(out));
};
run();`

func TestSameAsNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	in, err := json.Marshal(sameAsNode)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", nodeProgram)
	cmd.Stdin = strings.NewReader(string(in))
	raw, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, raw)
	}
	var want []string
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	for i, source := range sameAsNode {
		t.Run(source, func(t *testing.T) {
			s := "const class_ = () => { class A { constructor() { this.x = 1 } } class B extends A { y = this.x + 1 } return new B() };\nreturn (" + source + ")"
			out, _ := run(t, script(s))
			if got := show(out); got != want[i] {
				t.Errorf("got %s, node gives %s", got, want[i])
			}
		})
	}
}
