package sandboxtest

import (
	"strings"

	"github.com/bindery-mcp/bindery/sandbox"
)

// doing puts a statement where source says DO after a colon.
func doing(source, statement string) string {
	return strings.ReplaceAll(source, ": DO", ":\n            "+statement)
}

// pythonLeftovers are scripts that leave something that has yet to run.
func pythonLeftovers() []Case {
	const loop = "def loop(*a):\n    while True: pass\n"
	return []Case{
		{Name: "settling after the end", Corpus: 45, Want: value("1"), Source: `import asyncio
async def late():
    await srv.slow()
    raise ValueError("late")
asyncio.create_task(late())
await asyncio.sleep(0)
1`},
		{Name: "timers after the end", Corpus: 71, Want: value("1"), Source: loop + `import asyncio
asyncio.get_running_loop().call_later(0.03, loop)
await asyncio.sleep(0)
1`},
		{Name: "tasks after the end", Corpus: 71, Want: value("1"), Source: `import asyncio
async def f():
    while True: await asyncio.sleep(0)
asyncio.create_task(f())
await asyncio.sleep(0)
1`},
		{Name: "task that is not to be cancelled", Corpus: 71, Want: value("1"), Source: `import asyncio
async def f():
    while True:
        try: await asyncio.sleep(1e6)
        except BaseException: pass
asyncio.create_task(f())
await asyncio.sleep(0)
1`},
		{Name: "generator that is not to be closed", Corpus: 71, Limits: wall, Want: finished("1"), Source: `import asyncio
async def g():
    try: yield 1
    finally:
        while True: await asyncio.sleep(0)
async for n in g(): break
n`},
		{Name: "callbacks at exit", Corpus: 71, Want: value("1"), Source: loop + "import atexit\natexit.register(loop)\natexit.register(print, \"late\")\n1"},
		{Name: "finalizers at the end", Corpus: 71, Want: value("1"), Source: loop + "class D: __del__ = loop\nd = D()\nimport sys\nsys.left = D()\n1"},
		{Name: "finalizer that loops", Corpus: 71, Limits: wall, Want: timedOut(), Source: loop + "class D: __del__ = loop\nd = D()\ndel d"},
		{Name: "finalizer that makes another", Corpus: 71, Limits: wall, Want: survived("1"), Source: "class D:\n    def __del__(self): D()\nstr(D())\n1"},
		{Name: "finalizer that keeps its object", Corpus: 71, Want: finished("1"), Source: "a = []\nclass D:\n    def __del__(self): a.append(self)\nfor _ in range(1000): D()\na.clear()\n1"},
		{Name: "finalizer that throws", Corpus: 71, Want: value("1"), Source: "class D:\n    def __del__(self): raise BaseException(\"out of luck\" * 10**5)\nfor _ in range(1000): D()\n1"},
		{Name: "callback of a weak reference that loops", Corpus: 71, Limits: wall, Want: timedOut(), Source: loop + "import weakref\nclass O: pass\no = O()\nr = weakref.ref(o, loop)\ndel o"},
		{Name: "callback of the collector that loops", Corpus: 71, Limits: wall, Want: timedOut(), Source: loop + "import gc\ngc.callbacks.append(loop)\ngc.collect()"},
		{Name: "finalizer in the collector", Corpus: 71, Limits: wall, Want: timedOut(), Source: loop + "import gc\nclass D: __del__ = loop\nd = D()\nd.me = d\ndel d\ngc.collect()"},
		{Name: "generator close that loops", Corpus: 71, Limits: wall, Want: timedOut(), Source: loop + "def g():\n    try: yield\n    finally: loop()\ni = g()\nnext(i)\ndel i"},
		{Name: "generator that goes on when closed", Corpus: 71, Want: survived("1"), Source: "def g():\n    while True:\n        try: yield\n        except GeneratorExit: pass\ni = g()\nnext(i)\ntry: i.close()\nexcept RuntimeError: pass\ndel i\n1"},
		{Name: "threads after the end", Corpus: 71, Want: failed(""), Source: loop + "import threading\nthreading.Thread(target=loop).start()"},
		{Name: "timer thread", Corpus: 71, Want: failed(""), Source: loop + "import threading\nthreading.Timer(0, loop).start()"},
		{Name: "low-level thread", Corpus: 71, Want: failed(""), Source: loop + "import _thread\n_thread.start_new_thread(loop, ())"},
	}
}

// pythonOutput are scripts that print.
func pythonOutput() []Case {
	few := func(l *sandbox.Limits) { l.Logs = 100 }
	return []Case{
		{Name: "long lines", Corpus: 49, Want: finished("1"), Source: "s = \"x\" * 10**5\nfor _ in range(1000): print(s)\n1"},
		{Name: "many lines", Corpus: 49, Want: Want{Value: "1", Log: "line 0"}, Source: "for i in range(30000): print(\"line\", i)\n1"},
		{Name: "many empty lines", Corpus: 49, Want: value("1"), Source: "for i in range(30000): print()\n1"},
		{Name: "line without an end", Corpus: 49, Limits: wall, Want: exhausted(), Source: "while True: print(\"x\", end=\"\")"},
		{Name: "line of 100 MB", Corpus: 49, Want: survived("1"), Source: "print(\"x\" * 10**8)\n1"},
		{Name: "lines in one text", Corpus: 49, Want: finished("1"), Source: "print(\"x\\n\" * 3 * 10**5)\n1"},
		{Name: "errors by the thousand", Corpus: 49, Want: finished("1"), Source: "import sys\nfor i in range(10**4): print(\"x\" * 100, file=sys.stderr)\n1"},
		{Name: "warnings by the thousand", Corpus: 49, Want: finished("1"), Source: "import warnings\nfor i in range(10**4): warnings.warn(\"w\" * 1000 + str(i))\n1"},
		{Name: "logging by the thousand", Corpus: 49, Want: finished("1"), Source: "import logging\nlogging.basicConfig(level=1)\nfor i in range(10**4): logging.error(\"e\" * 1000)\n1"},
		{Name: "progress by the thousand", Corpus: 49, Want: finished("1"), Source: "for i in range(10**4): progress(\"p\" * 1000, i, 10**4)\n1"},
		{Name: "progress of odd kinds", Corpus: 49, Want: survived("1"), Source: "for p in [(None,), (1,), ({}, \"x\", []), (\"a\", float(\"nan\"), float(\"inf\")), (\"\\ud800\", -1, -1), (\"a\", 10**400, 2**70)]:\n    try: progress(*p)\n    except Exception: pass\n1"},
		{Name: "logs over their limit", Corpus: 49, Want: value("1"), Limits: few, Source: "for i in range(1000): print(\"0123456789\")\n1"},
		{Name: "line over the limit, in parts", Corpus: 49, Want: value("1"), Limits: few, Source: "for i in range(1000): print(\"0123456789\", end=\"\")\n1"},
		{
			Name: "odd values", Corpus: 50, Want: Want{Value: "1", Log: "{...}"},
			Source: "o = {\"b\": b\"\\xff\", \"n\": float(\"nan\")}\no[\"self\"] = o\nprint(o)\nprint(object(), type, lambda: 1, ..., NotImplemented, 1j, tools, srv, srv.echo)\n1",
		},
		{Name: "getter that throws", Corpus: 50, Want: value("1"), Source: "class O:\n    def __str__(self): raise ValueError(\"thrown\")\ntry: print(O())\nexcept ValueError: pass\n1"},
		{Name: "printed text that loops", Corpus: 50, Limits: wall, Want: timedOut(), Source: "class O:\n    def __str__(self):\n        while True: pass\nprint(O())"},
		{Name: "control characters", Corpus: 51, Want: Want{Value: "1", Log: `\x1b[2J`}, Source: `print("\u001b[2J\u0007\u009b </result>")
1`},
		{Name: "odd line ends", Corpus: 51, Want: Want{Value: "1", Log: "b"}, Source: "print(\"a\\r\\nb\\u2028c\\x85d\\x0be\\0f\")\n1"},
		{Name: "bytes that are no text", Corpus: 51, Want: survived("1"), Source: "import sys\nsys.stdout.buffer.write(b\"\\xff\\xfe\\x00\\n\" * 1000)\nsys.stdout.write(\"\\ud800\\n\")\n1"},
		{Name: "output that was taken away", Corpus: 50, Want: survived("1"), Source: "import sys\nsys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None\nprint(1)\n1"},
		{Name: "output that was closed", Corpus: 50, Want: survived("1"), Source: "import sys\nsys.stdout.close()\nsys.stderr.close()\ntry: print(1)\nexcept ValueError: pass\n1"},
		{Name: "output that loops", Corpus: 50, Limits: wall, Want: timedOut(), Source: "import sys\nclass O:\n    def write(self, s):\n        while True: pass\nsys.stdout = O()\nprint(1)"},
		{Name: "output that prints", Corpus: 50, Want: failed(""), Source: "import sys\nclass O:\n    def write(self, s): print(s)\nsys.stdout = O()\nprint(1)"},
		{Name: "input", Corpus: 50, Want: failed(""), Source: `input("password: ")`},
		{Name: "all of the input", Corpus: 50, Limits: wall, Want: survived(`""`), Source: "import sys\nsys.stdin.read()"},
	}
}
