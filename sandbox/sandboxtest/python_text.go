package sandboxtest

import (
	"strings"

	"github.com/bindery-mcp/bindery"
)

// pythonParsers are texts that are hard to parse.
func pythonParsers() []Case {
	cases := []Case{
		{
			Name: "script over its limit", Corpus: 26, Source: "1 #" + strings.Repeat(" ", 256<<10-2),
			Want: Want{Codes: []bindery.Code{bindery.Limit}, Says: "256 KiB"},
		},
		{Name: "deep JSON", Corpus: 29, Want: failed(""), Source: `import json; json.loads("[" * 5 * 10**6)`},
		{Name: "deep JSON, closed", Corpus: 29, Want: survived("1"), Source: `import json; len(json.loads("[" * 10**6 + "]" * 10**6))`},
		{Name: "deep JSON objects", Corpus: 29, Want: survived("1"), Source: `import json; len(json.loads('{"a":' * 10**5 + "1" + "}" * 10**5))`},
		{Name: "deep TOML", Corpus: 29, Want: failed(""), Source: `import tomllib; tomllib.loads("a = " + "[" * 10**5)`},
		{Name: "deep XML", Corpus: 29, Want: survived("*"), Source: `import xml.etree.ElementTree as E; E.fromstring("<a>" * 10**5 + "</a>" * 10**5).tag`},
		{Name: "entities that multiply", Corpus: 29, Want: failed(""), Source: `import xml.etree.ElementTree as E
laughs = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(12))
len(E.fromstring(f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l12;</x>').text)`},
	}
	// Strings made into code, and the same as the text of the script.
	for _, deep := range []struct {
		name, before, after string
		once                bool // only as the script itself
	}{
		{"parentheses", "(", "", false}, {"brackets", "[", "", false}, {"braces", "{", "", false}, {"negations", "-", "1", false}, {"lambdas", "lambda:", "1", false},
		{"sums", "1+", "1", false}, {"formats", "f'{", "", false}, {"comparisons", "1<", "1", false}, {"denials", "not ", "1", true}, {"conditions", "1 if 1 else ", "1", true},
		{"powers", "1**", "1", true}, {"attributes", "a.", "a", true}, {"types", "list[", "", true}, {"awaits", "await ", "a", true},
		{"comprehensions", "[a for a in ", "[]", true}, {"stars", "*", "a", true},
	} {
		text := `"` + deep.before + `" * 10**6 + "` + deep.after + `"`
		script := Case{Name: "script of " + deep.name, Corpus: 25, Limits: brief, Want: survived("*")}
		script.Source = strings.Repeat(deep.before, (256<<10-len(deep.after))/len(deep.before)) + deep.after
		script.Want.Codes = append(script.Want.Codes, bindery.Invalid)
		cases = append(cases, script)
		if deep.once {
			continue
		}
		cases = append(cases,
			Case{Name: "evaluated " + deep.name, Corpus: 24, Want: survived("*"), Source: `len(str(eval(` + text + `)))`},
			Case{Name: "constructed " + deep.name, Corpus: 24, Want: survived("*"), Source: `import ast; type(ast.parse(` + text + `)).__name__`},
		)
	}
	for _, deep := range []struct{ name, text string }{
		{"blocks", nested("if 1:")}, {"functions", nested("def f():")}, {"loops", nested("for a in b:")}, {"tries", nested("try:")},
		{"alternatives", "if a: 1\n" + strings.Repeat("elif a: 1\n", 20000)}, {"decorators", strings.Repeat("@a\n", 80000) + "def f(): 1"},
		{"assignments", strings.Repeat("a=", 120000) + "1"}, {"names", strings.Repeat("a;", 120000)}, {"strings", strings.Repeat(`"a" `, 60000)},
		{"arguments", "def f(" + strings.Repeat("a,", 120000) + "): 1"}, {"continuations", strings.Repeat("\\\n", 120000) + "1"},
		{"a null", "1\x00"}, {"no UTF-8", "\"\xff\xfe\""}, {"another encoding", "# coding: utf-7\n+AGE-"}, {"half a pair", "\"\xed\xa0\x80\""},
		{"nothing", ""}, {"a comment", "# nothing"}, {"form feeds", strings.Repeat("\f", 1000) + "1"}, {"a byte order mark", "\ufeff1"},
		{"odd line ends", "1\r\r\n\u2028\x0b2"}, {"future", "from __future__ import " + strings.Repeat("a,", 1000) + "b"},
	} {
		c := Case{Name: "script of " + deep.name, Corpus: 25, Source: deep.text, Want: survived("*")}
		c.Want.Codes = append(c.Want.Codes, bindery.Invalid)
		cases = append(cases, c)
	}
	return cases
}

// nested is a statement inside itself, as often as fits in a script.
func nested(head string) string {
	var b strings.Builder
	for n := 0; b.Len()+n+len(head)+10 < 256<<10; n++ {
		b.WriteString(strings.Repeat(" ", n))
		b.WriteString(head)
		b.WriteByte('\n')
	}
	return b.String()
}

// pythonArchives are small texts that stand for much, or for code.
func pythonArchives() []Case {
	return []Case{
		{Name: "bomb of zeros", Corpus: 17, Limits: brief, Want: failed(""), Source: `import zlib
c = zlib.compressobj(9)
b = b"".join(c.compress(bytes(10**6)) for _ in range(300)) + c.flush()
len(zlib.decompress(b))`},
		{Name: "bomb of zeros, zipped", Corpus: 17, Limits: brief, Want: failed(""), Source: `import io, zipfile
f = io.BytesIO()
with zipfile.ZipFile(f, "w", zipfile.ZIP_DEFLATED) as z:
    with z.open("a", "w") as a:
        for _ in range(300): a.write(bytes(10**6))
len(zipfile.ZipFile(f).read("a"))`},
		{Name: "bomb of zeros, gzipped", Corpus: 17, Want: failed(""), Source: `import gzip
b = gzip.compress(bytes(10**6)) * 300
len(gzip.decompress(b))`},
		{Name: "normal form of a long letter", Corpus: 17, Want: finished("true"), Source: `import unicodedata
len(unicodedata.normalize("NFKD", "\ufdfa" * 10**5)) == 18 * 10**5`},
		{Name: "pickle that calls", Corpus: 24, Want: failed(""), Source: `import pickle
pickle.loads(b"cos\nsystem\n(S'echo a way out'\ntR.")`},
		{Name: "pickle that evaluates", Corpus: 24, Want: value("2"), Source: `import pickle
pickle.loads(b"cbuiltins\neval\n(S'1 + 1'\ntR.")`},
		{Name: "deep pickle", Corpus: 24, Want: survived("1"), Source: `import pickle
len(pickle.loads(b"]" * 10**6 + b"a" * (10**6 - 1) + b"."))`},
		{Name: "pickle of something deep", Corpus: 24, Want: failed(""), Source: `import pickle
a = []
for _ in range(10**5): a = [a]
pickle.dumps(a)`},
		{Name: "pickle of a long text", Corpus: 24, Want: failed(""), Source: `import pickle
pickle.loads(b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f.")`},
		{Name: "pickles at random", Corpus: 24, Want: survived("1"), Source: `import pickle, random
r = random.Random(1)
for _ in range(2000):
    try: pickle.loads(b"\x80\x04" + r.randbytes(40) + b".")
    except Exception: pass
1`},
		{Name: "marshalled at random", Corpus: 24, Want: survived("1"), Source: `import marshal, random
r = random.Random(1)
for _ in range(2000):
    try: marshal.loads(bytes([r.choice(b"ciszl()[{<>fgTFN.")]) + r.randbytes(40))
    except Exception: pass
1`},
		{Name: "code made at random", Corpus: 24, Want: survived("1"), Source: `import random
r = random.Random(1)
def f(a, b=2):
    c = a + b
    return c
for _ in range(200):
    try: f.__code__ = f.__code__.replace(co_code=r.randbytes(60)); f(1)
    except BaseException: pass
1`},
		{Name: "code of another shape", Corpus: 24, Want: survived("1"), Source: `def f(a): return a
try: f.__code__ = f.__code__.replace(co_stacksize=0, co_varnames=("a",), co_consts=(), co_names=()); f(1); f()
except Exception: pass
1`},
		{Name: "queries without an end", Corpus: 24, Limits: wall, Want: failed(""), Source: `import sqlite3
sqlite3.connect(":memory:").execute("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n").fetchone()`},
		{Name: "query that calls back", Corpus: 24, Limits: wall, Want: failed(""), Source: `import sqlite3
c = sqlite3.connect(":memory:")
def f():
    while True: pass
c.create_function("f", 0, f)
c.execute("select f()").fetchone()`},
	}
}
