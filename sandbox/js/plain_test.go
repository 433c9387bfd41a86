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
		{`/\p{L}/u.test("a")`, false},
		{`/(?<year>\d)/.test("1")`, false},
		{`/a/d.exec("a")`, false},
		{`/a/v.exec("a")`, false},
		{`f<string>(1)`, false},
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
