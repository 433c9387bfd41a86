package sandboxtest

import "github.com/bindery-mcp/bindery"

// pythonTime are loops that do not end.
func pythonTime() []Case {
	cases := []Case{
		{
			Name: "endless loop, CPU", Corpus: 1,
			Want: Want{Codes: []bindery.Code{bindery.Limit}, Says: "CPU limit of 1 s exceeded"}, Source: "i = 0\nwhile True:\n    i += 1",
		},
		{Name: "deep pattern", Corpus: 8, Want: failed(""), Source: `import re; re.compile("(" * 10**6 + ")" * 10**6)`},
		{Name: "pattern of nested repeats", Corpus: 8, Want: survived("*"), Source: `import re
p = "a"
for _ in range(60): p = f"(?:{p}){{0,9}}"
re.compile(p).match("a" * 100) is not None`},
		{
			Name: "appending lines", Corpus: 16, Want: value("440000"),
			Source: "s = \"\"\nfor i in range(20000): s += \"a line of some length\\n\"\nlen(s)",
		},
		{
			Name: "appending many lines", Corpus: 16, Want: finished("2200000"),
			Source: "s = \"\"\nfor i in range(100000): s += \"a line of some length\\n\"\nlen(s)",
		},
	}
	for _, endless := range pythonEndlessLoops() {
		cases = append(cases, Case{Name: endless.name, Corpus: endless.corpus, Limits: wall, Want: timedOut(), Source: endless.source})
	}
	return cases
}

// pythonEndlessLoops are loops that only the clock ends.
func pythonEndlessLoops() []attack {
	return []attack{
		{"endless loop", 1, `while True: pass`},
		{"endless loop in a comprehension", 1, `import itertools; all(True for _ in itertools.count())`},
		{"loop that swallows errors", 2, `while True:
    try:
        while True:
            try:
                raise ValueError
            except BaseException:
                continue
            finally:
                pass
    except BaseException:
        continue`},
		{"finally that loops", 2, `def f():
    while True:
        try:
            return 1
        finally:
            continue
f()`},
		{"context manager that swallows", 2, `class Swallow:
    def __enter__(self): return self
    def __exit__(self, *error): return True
while True:
    with Swallow():
        while True:
            with Swallow(): raise KeyboardInterrupt`},
		{"interrupts that are swallowed", 2, `import signal
for n in range(1, 32):
    try: signal.signal(n, lambda *a: None)
    except BaseException: pass
def f():
    try:
        while True: pass
    except BaseException:
        f()
r = f()`},
		{"endless microtasks", 3, `import asyncio
loop = asyncio.get_running_loop()
def again(): loop.call_soon(again)
again()
await asyncio.sleep(1e6)`},
		{"endless timers", 4, `import asyncio
loop = asyncio.get_running_loop()
def again(): loop.call_later(0, again)
again()
await loop.create_future()`},
		{"endless async loop", 4, `import asyncio
while True: await asyncio.sleep(0)`},
		{"endless loop in asyncio.run", 4, `import asyncio
async def main():
    while True: await asyncio.sleep(0)
asyncio.run(main())`},
		{"tasks that make tasks", 4, `import asyncio
async def f(): asyncio.create_task(f())
await f()
await asyncio.sleep(1e6)`},
		{"long sleep", 4, `import time; time.sleep(1e6)`},
		{"many sleeps", 4, `import time
while True:
    try: time.sleep(0)
    except BaseException: pass`},
		{"long sleep, awaited", 4, `import asyncio; await asyncio.sleep(1e6)`},
		{"backtracking", 5, `import re; re.search(r"(x+x+)+y", "x" * 60)`},
		{"backtracking, back reference", 5, `import re; re.match(r"^(a+)+\1b$", "a" * 40)`},
		{"backtracking, lookahead", 6, `import re; re.match(r"^(?=(a+)+b)", "a" * 40)`},
		{"backtracking, replace", 7, `import re; len(re.sub(r"(?=(a+)+b)a", "x", "a" * 3000000))`},
	}
}

// pythonNatives are loops inside one native function, where an interpreter may
// not look at its interrupt.
func pythonNatives() []Case {
	return []Case{
		{Name: "sum of a range", Corpus: 9, Limits: wall, Want: timedOut(), Source: `sum(range(10**12))`},
		{Name: "includes of a range", Corpus: 9, Limits: wall, Want: timedOut(), Source: `1.5 in range(10**12)`},
		{Name: "repeat without an end", Corpus: 9, Limits: wall, Want: timedOut(), Source: `import itertools; any(itertools.repeat(0))`},
		{
			Name: "queue of the last of many", Corpus: 9, Limits: wall, Want: timedOut(),
			Source: `import collections, itertools; collections.deque(itertools.count(), maxlen=1)`,
		},
		{Name: "count of a long text", Corpus: 9, Limits: wall, Want: exhausted(), Source: `s = "a" * 10**7
while True: s.count("ab"), s.replace("b", "c"), s.split("b")`},
		{Name: "members of a long object", Corpus: 10, Limits: wall, Want: timedOut(), Source: `class Long:
    def __getitem__(self, i): return i
    def __len__(self): return 2**31 - 1
-1 in Long()`},
		{Name: "list of a long object", Corpus: 10, Want: failed(""), Source: `class Long:
    def __getitem__(self, i): return i
    def __len__(self): return 2**31 - 1
len(list(Long()))`},
		{
			Name: "evil comparator", Corpus: 11, Limits: wall, Want: exhausted(),
			Source: `import functools, random
len(sorted(range(10**6), key=functools.cmp_to_key(lambda a, b: random.choice((-1, 1)))))`,
		},
		{Name: "comparator that loops", Corpus: 11, Limits: wall, Want: timedOut(), Source: `def key(x):
    while True: pass
sorted([3, 2, 1], key=key)`},
		{Name: "comparator that changes its list", Corpus: 11, Want: failed("modified"), Source: `a = [3, 2, 1]
a.sort(key=lambda x: a.append(x) or x)`},
		{Name: "array from a length", Corpus: 12, Want: failed(""), Source: `len(list(range(2**31 - 1)))`},
		{Name: "spread of a counter", Corpus: 12, Want: exhausted(), Source: `import itertools; len([*itertools.count()])`},
		{Name: "product of ranges", Corpus: 12, Limits: wall, Want: exhausted(), Source: `import itertools
sum(1 for _ in itertools.product(range(1000), repeat=10))`},
		{Name: "zip of nothing, forever", Corpus: 12, Limits: wall, Want: timedOut(), Source: `while True: list(zip())`},
	}
}

// pythonIntegers are numbers of very many digits.
func pythonIntegers() []Case {
	const unlimited = "import sys; sys.set_int_max_str_digits(0)\n"
	return []Case{
		{Name: "long power", Corpus: 22, Limits: wall, Want: failed(""), Source: `(2 ** (2 ** 31)) > 0`},
		{Name: "longer power", Corpus: 22, Limits: wall, Want: failed(""), Source: `(2 ** (2 ** 40)) > 0`},
		{Name: "power of a power", Corpus: 22, Limits: wall, Want: failed(""), Source: `7 ** (7 ** 8) > 0`},
		{Name: "long shift", Corpus: 22, Limits: wall, Want: failed(""), Source: `(1 << (2 ** 40)) > 0`},
		{Name: "digits of a long integer", Corpus: 22, Limits: wall, Want: failed(""), Source: unlimited + `int("9" * 10**8) > 0`},
		{Name: "digits beyond the language's own limit", Corpus: 22, Want: failed("digits"), Source: `int("9" * 10**6)`},
		{Name: "text of a long integer", Corpus: 23, Limits: wall, Want: exhausted(), Source: unlimited + `len(str(3 ** 10_000_000))`},
		{Name: "text beyond the language's own limit", Corpus: 23, Want: failed("digits"), Source: `str(10 ** 5000)`},
		{Name: "factorial", Corpus: 23, Limits: wall, Want: exhausted(), Source: `import math; math.factorial(10**7) > 0`},
		{Name: "binomial", Corpus: 23, Limits: wall, Want: exhausted(), Source: `import math; math.comb(10**8, 5 * 10**7) > 0`},
		{Name: "digits of a decimal", Corpus: 23, Limits: wall, Want: failed(""), Source: `import decimal
decimal.getcontext().prec = 400_000_000
decimal.Decimal(2).sqrt() > 0`},
		{Name: "power of a fraction", Corpus: 23, Limits: wall, Want: failed(""), Source: `import fractions
f = fractions.Fraction(3, 7)
while True: f = f * f + 1`},
		{Name: "number of a very long float", Corpus: 23, Want: failed(""), Source: `"%.2147483647f" % 1e300`},
	}
}
