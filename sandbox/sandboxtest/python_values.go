package sandboxtest

import (
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// pythonValues are values that are more than they seem.
func pythonValues() []Case {
	const graph = "o = {}\nfor _ in range(40): o = {\"a\": o, \"b\": o}\n"
	limit := Want{Codes: []bindery.Code{bindery.Limit}, Says: "1 MiB"}
	return []Case{
		{Name: "result of shared references", Corpus: 30, Want: limit, Source: graph + "o"},
		{Name: "argument of shared references", Corpus: 30, Want: failed("1 MiB"), Source: graph + "srv.echo(**o)"},
		{Name: "log of shared references", Corpus: 30, Limits: brief, Want: exhausted(), Source: graph + "print(o)\n1"},
		{Name: "text of shared references", Corpus: 30, Limits: brief, Want: exhausted(), Source: graph + "import json\nlen(json.dumps(o))"},
		{Name: "rows of shared references", Corpus: 30, Want: failed(""), Source: graph + "table([o])"},
		{Name: "result of a shared text", Corpus: 30, Want: limit, Source: `["x" * 10**6] * 10**6`},
		{Name: "cyclic result", Corpus: 31, Want: value(`{"self":"[Circular]"}`), Source: "o = {}\no[\"self\"] = o\no"},
		{Name: "cyclic argument", Corpus: 31, Want: failed("contains itself"), Source: "o = {}\no[\"self\"] = o\nsrv.echo(**o)"},
		{Name: "cyclic result of objects", Corpus: 31, Want: value(`{"me":"[Circular]"}`), Source: "class O: pass\no = O()\no.me = o\no"},
		{Name: "cyclic result of errors", Corpus: 31, Want: survived("*"), Source: "e = ToolError(\"x\")\ne.result = e\ne"},
		{
			Name: "argument of ten million keys", Corpus: 32, Want: exhausted(), Limits: wall,
			Source: "class M:\n    def keys(self): return (\"k%d\" % i for i in range(10**7))\n    def __getitem__(self, k): return 1\nsrv.echo(**M())",
		},
		{
			Name: "getters of the result", Corpus: 39, Want: value(`{"a":1,"calls":0}`),
			Source: "class R(dict):\n    def __getitem__(self, k):\n        srv.count()\n        return 2\nR(a=1, calls=srv.count()[\"before\"])",
		},
		{
			Name: "kinds of values", Corpus: 52,
			Want: value(`[null,null,null,0,9007199254740993,"1970-01-01T00:00:00+00:00","1970-01-01",{"1":"k","null":2},[[[1,2],3]],[1,2],"AQI=","a+",[0,1,2],1.5,"1.50","0.1000000000000000055511151231257827","1/3",["a"],{"x":1},"red",[1,4],3600]`),
			Source: `import collections, dataclasses, datetime, decimal, enum, fractions, re
P = collections.namedtuple("P", "x")
class Color(enum.Enum): RED = "red"
[None, float("nan"), float("inf"), -0.0, 2**53 + 1, datetime.datetime.fromtimestamp(0, datetime.timezone.utc), datetime.date(1970, 1, 1), {1: "k", None: 2}, {(1, 2): 3},
 {2, 1}, b"\x01\x02", re.compile("a+"), range(3), decimal.Decimal("1.5"), "1.50", decimal.Decimal("0.1000000000000000055511151231257827"), fractions.Fraction(1, 3),
 {"a": 1}.keys(), P(1), Color.RED, (n * n for n in (1, 2)), datetime.timedelta(hours=1)]`,
		},
		{Name: "function as the result", Corpus: 52, Want: value(`{"a":1,"f":null,"t":null}`), Source: `{"a": 1, "f": lambda: 1, "t": int}`},
		{Name: "error as the result", Corpus: 52, Want: value(`{"name":"TypeError","message":"no"}`), Source: `TypeError("no")`},
		{Name: "huge integers in the result", Corpus: 52, Want: survived("*"), Source: `[10**400, 10**5000]`},
		{Name: "integer of a MiB", Corpus: 52, Want: failed(""), Source: `1 << (1 << 23)`},
		{Name: "keys that become one", Corpus: 52, Want: survived("*"), Source: `{1: "a", "1": "b", True: "c", "true": "d", None: 1, "null": 2, 1.5: 3, "1.5": 4}`},
		{Name: "result of two MiB", Corpus: 52, Want: limit, Source: `"x" * 2**21`},
		{Name: "result of many nothings", Corpus: 52, Want: limit, Source: `[None] * 10**6`},
		{Name: "generator without an end", Corpus: 52, Want: Want{Codes: []bindery.Code{bindery.Limit, bindery.Timeout}}, Source: `import itertools; itertools.count()`},
		{Name: "range without an end", Corpus: 52, Want: limit, Source: `range(2**31 - 1)`},
	}
}

// pythonHooks are results and arguments that run code of the script when they
// are looked at.
func pythonHooks() []Case {
	var cases []Case
	for i, h := range [][2]string{
		{"items", "class O(dict):\n    def items(self): DO\no = O(a=1)"},
		{"keys", "class O(dict):\n    def keys(self): DO\n    __iter__ = keys\no = O(a=1)"},
		{"iteration", "class O(list):\n    def __iter__(self): DO\no = O([1])"},
		{"length", "class O(list):\n    def __len__(self): DO\no = O([1])"},
		{"members", "import collections.abc\nclass O(collections.abc.Mapping):\n    def __iter__(self): DO\n    def __len__(self): return 1\n    def __getitem__(self, k): DO\no = O()"},
		{"text", "class O:\n    def __str__(self): DO\n    __repr__ = __str__\no = O()"},
		{"text of a string", "class O(str):\n    def __str__(self): DO\n    def encode(self, *a): DO\n    __len__ = __str__\no = O(\"a\")"},
		{"text of a number", "class O(float):\n    def __repr__(self): DO\n    __str__ = __float__ = __int__ = __repr__\no = O(1.5)"},
		{"value of a number", "class O(int):\n    def __index__(self): DO\n    __int__ = __str__ = __repr__ = bit_length = __index__\no = O(1)"},
		{"text of a date", "import datetime\nclass O(datetime.date):\n    def isoformat(self): DO\no = O(2020, 1, 1)"},
		{"bytes", "class O(bytes):\n    def __bytes__(self): DO\n    __len__ = __iter__ = __getitem__ = __bytes__\no = O(b\"a\")"},
		{"sorting of a set", "class K:\n    def __lt__(self, o): DO\no = {K(), K()}"},
		{"attributes", "class O:\n    def __getattr__(self, k): DO\no = O()"},
		{"every attribute", "class O:\n    def __getattribute__(self, k): DO\no = O()"},
		{"class", "class O:\n    @property\n    def __class__(self): DO\no = O()"},
		{"class of a class", "class M(type):\n    def __getattribute__(c, k): DO\nclass O(metaclass=M): pass\no = O()"},
		{"dictionary", "class O:\n    @property\n    def __dict__(self): DO\no = O()"},
		{"field", "import dataclasses\n@dataclasses.dataclass\nclass O:\n    a: int = 0\n    def __getattribute__(self, k): DO\no = O()"},
		{"member of an enumeration", "import enum\nclass O(enum.Enum):\n    A = 1\n    @property\n    def value(self): DO\no = O.A"},
		{"record", "import collections\nclass O(collections.namedtuple(\"O\", \"a\")):\n    @property\n    def _fields(self): DO\n    def __iter__(self): DO\no = O(1)"},
		{"generator", "def g():\n    yield 1\n    DO\no = g()"},
		{"awaiting", "class O:\n    def __await__(self): DO\no = O()"},
		{"equality", "class O:\n    def __eq__(self, o): DO\n    def __hash__(self): DO\no = O()"},
		{"message", "class O(Exception):\n    def __str__(self): DO\no = O()"},
	} {
		loops := [...]string{"o", "srv.echo(a=o)\n1"}
		for _, does := range []struct{ name, do, then string }{
			{"loops", "while True: pass", loops[i%2]}, {"throws", "raise BaseException(\"out of luck\")", "[o]"}, {"lies", "return self", "{\"a\": o}"},
		} {
			do := does.do
			if h[0] == "class of a class" {
				do = strings.ReplaceAll(do, "self", "c")
			}
			switch {
			case does.name == "lies" && (h[0] == "generator" || h[0] == "sorting of a set"):
				continue
			case does.name == "loops" && i%3 == 2: // each takes its time
				continue
			}
			source := strings.ReplaceAll(h[1], ": DO", ":\n            "+do)
			cases = append(cases, Case{
				Name: h[0] + " that " + does.name, Corpus: 41, Limits: wall, Want: survived("*"),
				Source: strings.ReplaceAll(source, "DO", do) + "\n" + does.then,
			})
		}
	}
	return cases
}

// pythonTexts are strings and keys that are odd.
func pythonTexts() []Case {
	const odd = `{"__proto__":{"x":1},"constructor":1,"__class__":1,"__dict__":1,"toString":1,"self":1,"then":1,"":1,"a.b":1}`
	return []Case{
		{Name: "lone surrogates", Corpus: 53, Want: value("[\"\uFFFD\",\"\uFFFD\"]"), Source: "s = \"\\ud800\"\ne = srv.echo(k=s)\n[e[\"k\"], s]"},
		{
			Name: "lone surrogates in keys", Corpus: 53, Want: value("[[\"k\uFFFD\"],1]"),
			Source: "e = srv.echo(**{\"k\\ud800\": 1})\n[list(e), list(e.values())[0]]",
		},
		{Name: "lone surrogates in a log", Corpus: 53, Want: Want{Value: "1", Log: "k"}, Source: "print(\"k\\ud800\")\n1"},
		{Name: "lone surrogates in an error", Corpus: 53, Want: failed("k"), Source: `raise ValueError("k\ud800")`},
		{Name: "lone surrogates in names", Corpus: 53, Want: unbound("is not a tool"), Source: "srv[\"\\ud800\"](a=1)"},
		{Name: "all characters", Corpus: 53, Want: value("true"), Source: `s = "".join(chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000 and i % 37 == 0)
srv.echo(s=s)["s"] == s`},
		{
			Name: "own keys of odd names", Corpus: 54,
			Want:   value(`["__proto__","constructor","__class__","__dict__","toString","self","then","","a.b",true]`),
			Source: "import json\no = srv.echo(**json.loads('" + odd + "'))\n[*o, type(o) is dict]",
		},
		{
			Name: "arguments of odd names", Corpus: 54, Want: value("[]"),
			Source: `wrong = []
for k in ["self", "cls", "args", "kwargs", "name", "tool", "server", "arguments", "timeout", "key", "raw", "_server", "data", "None", "class", "_", "__", "__class__", "given", "loop"]:
    try:
        if srv.echo(**{k: 1}) != {k: 1}: wrong.append(k)
    except BaseException as e: wrong.append(f"{k}: {e}")
wrong`,
		},
		{
			Name: "data of odd names", Corpus: 54, Data: []byte(`{"__proto__":{"polluted":1},"__class__":"x"}`),
			Want: value(`[["__proto__","__class__"],true]`), Source: `[list(data), type(data) is dict]`,
		},
		{
			Name: "data over its limit", Corpus: 61, Data: []byte(`"` + strings.Repeat("x", 2<<20) + `"`), Limits: func(l *sandbox.Limits) { l.Result = 1 << 20 },
			Want: Want{Codes: []bindery.Code{bindery.Limit}, Says: "1 MiB"}, Source: `len(data)`,
		},
		{Name: "numbers in data", Corpus: 52, Data: []byte(`[1e400,123456789012345678901234567890,-0,1.0,1e5]`), Want: survived("*"), Source: `data`},
	}
}
