package sandboxtest

import (
	"strings"

	"github.com/bindery-mcp/bindery"
)

// pythonRecursion are recursions through everything that calls back.
func pythonRecursion() []Case {
	var cases []Case
	for _, r := range [][2]string{
		{"function", "def f(): return f() + 1\nf()"},
		{"getter", "class O:\n    @property\n    def a(self): return self.a\nO().a"},
		{"toString", "class O:\n    def __str__(self): return str(self)\nstr(O())"},
		{"repr", "class O:\n    def __repr__(self): return repr([self])\nrepr(O())"},
		{"format", "class O:\n    def __format__(self, s): return f\"{self}\"\nf\"{O()}\""},
		{"toPrimitive", "class O:\n    def __index__(self): return [1][self]\n[1][O()]"},
		{"proxy", "class P:\n    def __getattr__(self, k): return getattr(self, k)\nP().a"},
		{"every attribute", "class P:\n    def __getattribute__(self, k): return getattr(self, k)\nP().a"},
		{"comparator", "class O:\n    def __lt__(self, o): return sorted([self, o])\nsorted([O(), O()])"},
		{"equality", "class O:\n    def __eq__(self, o): return [self] == [o]\nO() == O()"},
		{"hash", "class O:\n    def __hash__(self): return hash((self,))\n{O()}"},
		{"membership", "class O:\n    def __contains__(self, x): return x in self\n1 in O()"},
		{"arithmetic", "class O:\n    def __add__(self, o): return self + o\nO() + 1"},
		{"reflected arithmetic", "class O:\n    def __radd__(self, o): return sum([self], o)\nsum([O()])"},
		{"iterator", "class O:\n    def __iter__(self): return iter(self)\nlist(O())"},
		{"length", "class O:\n    def __len__(self): return len(self)\nlen(O())"},
		{"truth", "class O:\n    def __bool__(self): return not self\nnot O()"},
		{"calls of instances", "class A: pass\nA.__call__ = A()\nA()()"},
		{"reviver", "import json\ndef f(d): return json.loads('{\"a\":1}', object_hook=f)\nf({})"},
		{"replacer", "import re\ndef f(m): return re.sub(\"a\", f, \"a\")\nf(None)"},
		{"key function", "def f(x): return max([1], key=f)\nf(1)"},
		{"reduction", "import functools\ndef f(a, b): return functools.reduce(f, [1, 2])\nf(1, 2)"},
		{"cache", "import functools\n@functools.lru_cache(None)\ndef f(n): return f(n + 1)\nf(0)"},
		{"delegation", "def g(): yield from g()\nlist(g())"},
		{"construction", "class A:\n    def __init__(self): self.a = A()\na = A()"},
		{"class construction", "class M(type):\n    def __new__(m, *a): return M(*a)\nM(\"a\", (), {})"},
		{"instance check", "class M(type):\n    def __instancecheck__(c, o): return isinstance(o, c)\nclass A(metaclass=M): pass\nisinstance(1, A)"},
		{"descriptor", "class D:\n    def __get__(self, o, t): return o.a\nclass A: a = D()\nA().a"},
		{"missing key", "class D(dict):\n    def __missing__(self, k): return self[k]\nD()[1]"},
		{"import", "import builtins\nf = builtins.__import__\ndef g(*a, **k): return g(*a, **k)\nbuiltins.__import__ = g\nimport json"},
		{"evaluation", "def f(): return eval(\"f()\")\nf()"},
		{"execution", "s = \"exec(s)\"\nexec(s)"},
		{"copy", "import copy\nclass O:\n    def __deepcopy__(self, m): return copy.deepcopy([self])\ncopy.deepcopy(O())"},
		{"exit of a context", "class C:\n    def __enter__(self): return self\n    def __exit__(self, *e):\n        with self: raise ValueError\nwith C(): pass"},
		{"async", "async def f(): return await f()\nawait f()"},
		{"asyncio.run", "import asyncio\nasync def f(): return asyncio.run(f())\nawait f()"},
		{"group of errors", "def f():\n    try: raise ValueError\n    except ValueError: f()\nr = f()"},
		{"limit raised", "import sys\nsys.setrecursionlimit(10**6)\ndef f(): return f() + 1\nf()"},
		{"limit raised, through C", "import sys\nsys.setrecursionlimit(10**9)\nclass P:\n    def __getattr__(self, k): return getattr(self, k)\nP().a"},
		{"limit raised, comparing", "import sys\nsys.setrecursionlimit(10**9)\nclass O:\n    def __eq__(self, o): return [self] == [o]\nO() == O()"},
		{"limit raised, sorting", "import sys\nsys.setrecursionlimit(10**9)\ndef f(x): return sorted([1], key=f)\nf(1)"},
	} {
		c := Case{Name: "recursion: " + r[0], Corpus: 27, Source: r[1], Want: failed("")}
		if r[0] == "function" || r[0] == "getter" {
			c.Want = failed("recursion")
		}
		cases = append(cases, c)
	}
	return append(cases, Case{
		Name: "recursion: limit lowered", Corpus: 27, Want: survived(`{"a":1}`), Source: "import sys\nsys.setrecursionlimit(30)\nsrv.echo(a=1)",
	})
}

// pythonNesting are things inside themselves, deeper than any stack.
func pythonNesting() []Case {
	const list = "a = []\nfor _ in range(2 * 10**5): a = [a]\n"
	cases := []Case{
		{Name: "deep result", Corpus: 28, Want: survived("*"), Source: list + "a"},
		{Name: "deep result of objects", Corpus: 28, Want: survived("*"), Source: "a = {}\nfor _ in range(10**5): a = {\"a\": a}\na"},
		{Name: "deep result, just too deep", Corpus: 28, Want: failed("nested deeper"), Source: "a = 1\nfor _ in range(1100): a = {\"a\": a}\na"},
		{Name: "deep argument", Corpus: 28, Want: failed(""), Source: list + "srv.echo(a=a)"},
		{Name: "deep log", Corpus: 28, Want: survived("1"), Source: list + "print(a)\n1"},
		{Name: "deep data", Corpus: 28, Want: Want{Codes: []bindery.Code{bindery.Script, bindery.Limit, bindery.Invalid}}, Data: []byte(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)), Source: "len(data)"},
		{Name: "deep answer", Corpus: 28, Want: survived("*"), Source: "a = 1\nfor _ in range(150): a = [a]\nlen(srv.echo(a=a))"},
		{Name: "deep groups of errors", Corpus: 28, Want: failed(""), Source: "e = ValueError(\"out of luck\")\nfor _ in range(10**5): e = ExceptionGroup(\"g\", [e])\nraise e"},
		{Name: "deep causes", Corpus: 28, Want: failed("out of luck"), Source: "e = None\nfor _ in range(10**5):\n    n = ValueError(\"out of luck\")\n    n.__cause__ = n.__context__ = e\n    e, n = n, 0\nraise e"},
	}
	for _, n := range [][2]string{
		{"array text", list + "str(a)"},
		{"array comparison", list + "b = a\n" + list + "a == b"},
		{"tuple hash", "t = ()\nfor _ in range(2 * 10**5): t = (t,)\nhash(t)"},
		{"frozen set", "s = frozenset()\nfor _ in range(10**5): s = frozenset([s])\nhash(s)"},
		{"chain", "import itertools\ni = iter([1])\nfor _ in range(2 * 10**5): i = itertools.chain(i)\nnext(i)"},
		{"map", "i = iter([1])\nfor _ in range(2 * 10**5): i = map(int, i)\nnext(i)"},
		{"zip", "i = iter([1])\nfor _ in range(2 * 10**5): i = zip(i)\nnext(i)"},
		{"filter", "i = iter([1])\nfor _ in range(2 * 10**5): i = filter(None, i)\nnext(i)"},
		{"partial", "import functools\nf = int\nfor _ in range(2 * 10**5): f = functools.partial(functools.partial, f)\nf()"},
		{"decorated", "f = lambda n: n\nfor _ in range(10**5): f = (lambda g: lambda n: g(n))(f)\nf(1)"},
		{"copied", list + "import copy\nlen(copy.deepcopy(a))"},
		{"written as JSON", list + "import json\njson.dumps(a)"},
		{"printed prettily", list + "import pprint\npprint.pformat(a)"},
		{"classes", "c = object\nfor _ in range(3000): c = type(\"c\", (c,), {})\nc()"},
		{"instance of a tuple", "t = int\nfor _ in range(2 * 10**5): t = (t,)\nisinstance(\"\", t)"},
		{"unions", "u = int\nfor _ in range(10**5): u = list[u]\nrepr(u)"},
		{"closing", "def g(i):\n    yield 0\n    yield from i\nk = iter([])\nfor _ in range(10**5):\n    k = g(k)\n    next(k)\nk.close()"},
		{"let go", list + "del a\n1"},
		{"methods", "import types\nm = lambda *a: len(a)\nfor _ in range(2 * 10**5): m = types.MethodType(m, 0)\nm()"},
		{"static methods", "f = lambda: 1\nfor _ in range(2 * 10**5): f = staticmethod(f)\nf()"},
	} {
		cases = append(cases, Case{Name: "nesting: " + n[0], Corpus: 27, Limits: brief, Source: n[1], Want: survived("*")})
	}
	return append(cases, Case{
		Name: "nesting: limit of the parser", Corpus: 27, Source: "import ast, sys\nsys.setrecursionlimit(10**9)\nast.literal_eval(\"[\" * 90 + \"]\" * 90) and 1",
		Want: Want{Codes: []bindery.Code{bindery.Script, bindery.Limit}, Value: "1"},
	})
}
