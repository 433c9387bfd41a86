package sandboxtest

// pythonMemory are ways to fill the memory bit by bit.
func pythonMemory() []Case {
	const later = "import asyncio\nasync def never(): await asyncio.sleep(1e6)\n"
	cases := []Case{
		{Name: "replacement that doubles", Corpus: 15, Want: exhausted(), Source: `s = "x" * 1000
while True: s = s.replace("x", "xx")`},
		{Name: "string that doubles", Corpus: 15, Want: failed(""), Source: `s = "xx"
while True: s += s`},
		{Name: "list that doubles", Corpus: 15, Want: failed(""), Source: `a = [1]
while True: a *= 2`},
		{Name: "memory that is used again", Corpus: 19, Limits: wall, Want: timedOut(), Source: `while True:
    a = bytearray(20 << 20)
    del a`},
		{Name: "memory errors that are swallowed", Corpus: 19, Limits: brief, Want: exhausted(), Source: `a = []
while True:
    try:
        while True: a.append("x" * 10**6 + str(len(a)))
    except MemoryError:
        pass`},
		{Name: "memory error that is caught", Corpus: 19, Want: finished("true"), Source: `a = []
try:
    while True: a.append(bytearray(10**6))
except MemoryError:
    n = len(a)
    del a
n > 10`},
	}
	for _, grows := range []attack{
		{"objects forever", 18, "a = []\nwhile True: a.append({\"a\": 1, \"b\": [2]})"},
		{"instances forever", 18, "class C:\n    def __init__(self): self.a = self\na = []\nwhile True: a.append(C())"},
		{"cycles forever", 18, "import gc\ngc.disable()\nwhile True:\n    a = []\n    a.append(a)"},
		{"strings forever", 19, "a = []\ni = 0\nwhile True:\n    a.append(\"x\" * 10**6 + str(i))\n    i += 1"},
		{"map that grows", 20, "d = {}\ni = 0\nwhile True:\n    d[i] = {\"i\": i}\n    i += 1"},
		{"keys that grow", 20, "class O: pass\no = O()\ni = 0\nwhile True:\n    setattr(o, \"k%d\" % i, i)\n    i += 1"},
		{"promises forever", 20, "import asyncio\nasync def main():\n    a = []\n    while True: a.append(asyncio.get_running_loop().create_future())\nawait main()"},
		{"tasks forever", 20, later + "await asyncio.sleep(0)\nwhile True: asyncio.create_task(never())"},
		{"coroutines that nobody awaits", 20, later + "while True: never()"},
		{"generators forever", 20, "def g(): yield 1\na = []\nwhile True:\n    i = g()\n    next(i)\n    a.append(i)"},
		{"errors that hold each other", 20, "e = None\nwhile True:\n    n = ValueError()\n    n.__cause__ = e\n    e, n = n, 0"},
	} {
		cases = append(cases, Case{Name: grows.name, Corpus: grows.corpus, Limits: brief, Want: exhausted(), Source: grows.source})
	}
	return cases
}

// pythonBuffers ask at once for more memory than there is.
func pythonBuffers() []Case {
	var cases []Case
	for _, big := range []attack{
		{"repeat to half a GiB", 13, `len("x" * 2**29)`},
		{"repeat to 2 GiB", 13, `len("x" * 2**31)`},
		{"repeat to ten billion", 13, `len("x" * 10**10)`},
		{"repeat to a TiB", 13, `len("x" * 2**40)`},
		{"join to ten billion", 13, `len(",".join(["x" * 10**6] * 10**4))`},
		{"pad to a GiB", 14, `len("x".rjust(2**30))`},
		{"format to a GiB", 14, `len(f"{1:1000000000}")`},
		{"format to 2 GiB", 14, `len("%2000000000d" % 1)`},
		{"format of a given width", 14, `len("{:>{}}".format(1, 10**10))`},
		{"tabs to a GiB", 14, `len(("\t" * 10**4).expandtabs(10**5))`},
		{"buffer of 8 GiB", 17, `len(bytearray(2**33))`},
		{"buffers of 2 GiB", 17, `len([bytes(2**31 - 1) for _ in range(8)])`},
		{"list of a billion", 17, `len([0] * 10**9)`},
		{"tuple of a billion", 17, `len((0,) * 10**9)`},
		{"array of half a GiB", 17, `import array; len(array.array("d", [0]) * 2**26)`},
		{"record of a GiB", 17, `import struct; len(struct.pack("1000000000x"))`},
		{"stream beyond its end", 17, `import io
b = io.BytesIO()
b.seek(2**30)
b.write(b"x")`},
		{"text stream beyond its end", 17, `import io
b = io.StringIO()
b.seek(2**29)
b.write("x")
len(b.getvalue())`},
		{"arguments from a length", 21, `max(*([0] * 2**28))`},
		{"arguments from a range", 21, `print(*range(10**9))`},
		{"arguments by name", 21, `dict(**{"k%d" % i: i for i in range(10**7)})`},
	} {
		cases = append(cases, Case{Name: big.name, Corpus: big.corpus, Limits: brief, Want: failed(""), Source: big.source})
	}
	return cases
}
