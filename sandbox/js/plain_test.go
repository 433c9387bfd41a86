package js

import "testing"

// Only what means the same either way may pass the transpiler by.
func TestPlainScripts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		code string
		want bool
	}{
		{`1`, true},
		{`const [a, b] = await Promise.all([x.get({}), y.get()]); return a + b`, true},
		{"// why\nawait x.get({ id: 1 })", true},
		{`/^a+$/gi.test("aaa")`, true},
		{`/\p{L}/u.test("a")`, true},
		{`/(?<year>\d)/.test("1")`, true},
		{`/a/d.exec("a")`, false},
		{`/a/v.exec("a")`, false},
		{`for (let i = 0; i < 3; i++) sum(i); total`, true},
		{`rows.filter(r => r.age > 3 && r.age < 9).map(r => (r.id))`, true},
		{`a < b >= c`, true},
		{`f<string>(1)`, false},
		{"f < string > \n (1)", false},
		{"f<string>/* why */(1)", false},
		{"f<string>`x`", false},
		{`new Map<string, number>()`, false},
		{`new Set<string>; 1`, false},
		{`<any>x`, false},
		{`(<T>(x: T) => x)(1)`, false},
		{`const f = <T,>(x) => x; f(1)`, false},
		{`const n: number = 1; n`, false},
		{`x as any`, false},
		{`x!.y`, false},
		{`enum E { A } E.A`, false},
		{`interface A { b: 1 }
1`, false},
		{`for await (const x of y) z(x); 1`, false},
		{`async function* g() {} g()`, false},
		{`import a from "b"; a`, false},
		{`export default 1`, false},
		{`const main = () => 1`, false},
		{`"ä"`, false},
		{`new Error().stack`, false},
		{`}); evil(); (() => {`, false},
		{`})(); (async()=>{ 1`, false},
		{`if (1) 2`, false},
		{``, false},
	} {
		p, ok := compilePlain(text(tc.code), tc.code)
		if ok != tc.want || ok != (p != nil) {
			t.Errorf("%s: plain %v, want %v", tc.code, ok, tc.want)
		}
	}
}
