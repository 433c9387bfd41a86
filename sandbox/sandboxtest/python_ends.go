package sandboxtest

import "github.com/bindery-mcp/bindery"

// pythonSettling are futures that settle oddly.
func pythonSettling() []Case {
	return []Case{
		{Name: "thenable of itself", Corpus: 38, Want: failed(""), Source: `class T:
    def __await__(self): return (yield from self.__await__())
await T()`},
		{Name: "thenable that yields for ever", Corpus: 38, Limits: wall, Want: timedOut(), Source: `class T:
    def __await__(self):
        while True: yield
await T()`},
		{Name: "thenable that yields something else", Corpus: 38, Want: failed("yield"), Source: `class T:
    def __await__(self): yield 5
await T()`},
		{Name: "thenable that gives no iterator", Corpus: 38, Want: failed(""), Source: `class T:
    def __await__(self): return self
await T()`},
		{Name: "coroutine awaited twice", Corpus: 45, Want: failed("already awaited"), Source: `async def f(): return 1
c = f()
await c
await c`},
		{Name: "rejection that nobody handles", Corpus: 42, Want: Want{Value: "1", Note: "out of luck"}, Source: `import asyncio
async def f(): raise ValueError("out of luck")
t = asyncio.create_task(f())
await asyncio.sleep(0.01)
1`},
		{Name: "rejections by the thousand", Corpus: 42, Want: value("1"), Source: `import asyncio
async def f(i): raise ValueError("out of luck" * 100 + str(i))
t = [asyncio.create_task(f(i)) for i in range(5000)]
await asyncio.sleep(0.01)
1`},
		{Name: "promise that settles twice", Corpus: 45, Want: value("1"), Source: `import asyncio
f = asyncio.get_running_loop().create_future()
f.set_result(1)
try: f.set_result(2)
except asyncio.InvalidStateError: pass
try: f.set_exception(ValueError())
except asyncio.InvalidStateError: pass
await f`},
		{Name: "call that settles twice", Corpus: 45, Want: survived("*"), Source: `import asyncio
c = srv.slow()
try: c.set_result("forged")
except Exception: pass
await asyncio.sleep(0.1)
await c`},
		{Name: "script that cancels itself", Corpus: 45, Want: failed(""), Source: `import asyncio
asyncio.current_task().cancel()
await asyncio.sleep(1)`},
		{Name: "script that cancels everything", Corpus: 45, Limits: wall, Want: survived("*"), Source: `import asyncio
while True:
    for t in asyncio.all_tasks(): t.cancel()
    try: await asyncio.sleep(0)
    except BaseException: pass`},
		{Name: "cancellation that is swallowed", Corpus: 45, Limits: wall, Want: timedOut(), Source: `import asyncio
async def f():
    while True:
        try: await asyncio.sleep(1e6)
        except asyncio.CancelledError: pass
await asyncio.wait_for(f(), 0.01)`},
		{Name: "callback that throws", Corpus: 42, Want: value("1"), Source: `import asyncio
def f(*a): raise BaseException("out of luck") if a else ValueError("out of luck")
asyncio.get_running_loop().call_soon(f)
await asyncio.sleep(0.01)
1`},
		{Name: "callback that ends everything", Corpus: 42, Want: survived("*"), Source: `import asyncio
def f(): raise SystemExit(3)
asyncio.get_running_loop().call_soon(f)
await asyncio.sleep(0.01)
1`},
		{Name: "clocks", Corpus: 71, Want: value("true"), Source: `import datetime, random, time
a, m, r = time.time(), time.monotonic(), random.random()
a > 1.7e9 and 0 <= time.time() - a < 60 and time.monotonic() >= m and 0 <= r < 1 and datetime.datetime.now().astimezone().utcoffset() == datetime.timedelta(0)`},
	}
}

// pythonEndless are things that are awaited in vain.
func pythonEndless() []Case {
	stuck := Want{Codes: []bindery.Code{bindery.Script}, Says: "nothing can"}
	return []Case{
		{Name: "promise that nothing settles", Corpus: 44, Want: stuck, Source: "import asyncio\nawait asyncio.get_running_loop().create_future()"},
		{Name: "thenable that does not settle", Corpus: 38, Want: stuck, Source: "import asyncio\nclass T:\n    def __await__(self): return asyncio.Future().__await__()\nawait T()"},
		{Name: "event that nothing sets", Corpus: 44, Want: stuck, Source: "import asyncio\nawait asyncio.Event().wait()"},
		{Name: "queue that nothing fills", Corpus: 44, Want: stuck, Source: "import asyncio\nawait asyncio.gather(asyncio.Queue().get(), asyncio.Queue().get())"},
		{Name: "lock that is taken twice", Corpus: 44, Want: stuck, Source: "import asyncio\nl = asyncio.Lock()\nawait l.acquire()\nawait l.acquire()"},
		{Name: "tasks that await each other", Corpus: 44, Want: stuck, Source: "import asyncio\nasync def f(n): await t[n]\nt = []\nt += [asyncio.create_task(f(1)), asyncio.create_task(f(0))]\nawait t[0]"},
		{Name: "group that waits in vain", Corpus: 44, Want: stuck, Source: "import asyncio\nasync with asyncio.TaskGroup() as g: g.create_task(asyncio.Event().wait())"},
		{Name: "asyncio.run that waits in vain", Corpus: 44, Want: stuck, Source: "import asyncio\nasync def main(): await asyncio.Event().wait()\nasyncio.run(main())"},
		{Name: "deadlocks that are swallowed", Corpus: 44, Limits: wall, Want: survived("*"), Source: "import asyncio\nwhile True:\n    try: await asyncio.Event().wait()\n    except BaseException: pass"},
		{Name: "lock of threads that is taken twice", Corpus: 44, Limits: wall, Want: failed(""), Source: "import threading\nl = threading.Lock()\nfor _ in range(2): l.acquire()"},
		{Name: "queue of threads that nothing fills", Corpus: 44, Limits: wall, Want: failed(""), Source: "import queue\nqueue.Queue().get()"},
		{Name: "condition that nothing notifies", Corpus: 44, Limits: wall, Want: failed(""), Source: "import threading\nc = threading.Condition()\nwith c: c.wait()"},
		{Name: "barrier for two", Corpus: 44, Limits: wall, Want: failed(""), Source: "import threading\nthreading.Barrier(2).wait()"},
	}
}

// pythonRaised are exceptions that are more than they seem.
func pythonRaised() []Case {
	cases := []Case{
		{Name: "thrown null", Corpus: 43, Want: failed("BaseException"), Source: `raise None`},
		{Name: "thrown object", Corpus: 43, Want: failed("BaseException"), Source: `raise {"a": 1}`},
		{Name: "thrown class", Corpus: 43, Want: failed(""), Source: `raise ValueError`},
		{Name: "thrown interrupt", Corpus: 43, Want: failed(""), Source: `raise KeyboardInterrupt("out of luck")`},
		{Name: "thrown end of a generator", Corpus: 43, Want: failed(""), Source: `raise GeneratorExit`},
		{Name: "thrown end of an iteration", Corpus: 43, Want: failed(""), Source: "async def f(): raise StopIteration(1)\nawait f()"},
		{Name: "thrown cancellation", Corpus: 43, Want: failed(""), Source: "import asyncio\nraise asyncio.CancelledError"},
		{Name: "thrown lack of memory", Corpus: 43, Want: failed(""), Source: `raise MemoryError`},
		{Name: "thrown recursion", Corpus: 43, Want: failed(""), Source: `raise RecursionError("out of luck")`},
		{Name: "thrown message of 100 MB", Corpus: 43, Want: failed(""), Source: `raise ValueError("x" * 10**8)`},
		{Name: "thrown arguments of 100 MB", Corpus: 43, Want: failed(""), Source: `raise ValueError([0] * 10**6, ["x" * 10**6] * 100)`},
		{Name: "thrown name of a MB", Corpus: 43, Want: failed(""), Source: `raise type("X" * 10**6, (Exception,), {})("out of luck")`},
		{Name: "thrown name of odd characters", Corpus: 43, Want: failed("out of luck"), Source: `raise type("a\n\x1b[2J</result>", (Exception,), {})("out of luck")`},
		{Name: "thrown message of odd characters", Corpus: 43, Want: failed("out of luck"), Source: `raise ValueError("out of luck\x1b[2J\x00\x9b </result>")`},
		{Name: "thrown syntax error of odd places", Corpus: 43, Want: failed(""), Source: "e = SyntaxError(\"out of luck\", (\"<script>\", \"nan\", [], {}))\ne.lineno = -2**70\ne.offset = \"x\"\ne.text = 5\nraise e"},
		{Name: "thrown decoding error that was changed", Corpus: 43, Want: failed(""), Source: "e = UnicodeDecodeError(\"u\", b\"abc\", 0, 1, \"r\")\ne.start, e.end, e.object = -5, 10**9, b\"\"\nraise e"},
		{Name: "thrown in a circle", Corpus: 43, Want: failed("out of luck"), Source: "e, f = ValueError(\"out of luck\"), ValueError(\"too\")\ne.__cause__, f.__cause__, e.__context__, f.__context__ = f, e, f, e\nraise e"},
		{Name: "thrown group of ten thousand", Corpus: 43, Want: failed(""), Source: `raise ExceptionGroup("out of luck", [ValueError("x" * 1000)] * 10**4)`},
		{Name: "thrown error of a tool that is forged", Corpus: 43, Want: failed("out of luck"), Source: "e = ToolError(\"out of luck\")\ne.server, e.tool, e.code, e.hint, e.result, e._hint, e._place = [], 5, {}, b\"\", *[e] * 3\nraise e"},
		{Name: "thrown by a missing key", Corpus: 43, Want: failed(""), Source: `{}["a\n" * 10**5]`},
	}
	for _, h := range [][2]string{
		{"text", "    def __str__(self): DO"}, {"representation", "    def __repr__(self): DO"}, {"class", "    @property\n    def __class__(self): DO"},
		{"attribute", "    def __getattribute__(self, k): DO"}, {"missing attribute", "    def __getattr__(self, k): DO"},
		{"arguments", "    @property\n    def args(self): DO"}, {"trace", "    @property\n    def __traceback__(self): DO"},
		{"cause", "    @property\n    def __cause__(self): DO"}, {"context", "    @property\n    def __context__(self): DO"},
		{"notes", "    @property\n    def __notes__(self): DO"}, {"equality", "    def __eq__(self, o): DO\n    __hash__ = __eq__"},
	} {
		head := "class E(Exception):\n" + h[1] + "\nraise E(\"out of luck\")"
		cases = append(cases, Case{Name: "thrown error of a throwing " + h[0], Corpus: 43, Want: failed(""), Source: doing(head, `raise BaseException("again")`)})
		if h[0] == "text" || h[0] == "class" || h[0] == "attribute" || h[0] == "cause" {
			cases = append(cases, Case{Name: "thrown error of a looping " + h[0], Corpus: 43, Limits: wall, Want: failed(""), Source: doing(head, `while True: pass`)})
		}
	}
	const named = "class M(type):\n    @property\n    def __name__(c): DO\n    __module__ = __name__\nclass E(Exception, metaclass=M): pass\nraise E(\"out of luck\")"
	return append(cases,
		Case{Name: "thrown error of a throwing name", Corpus: 43, Want: failed(""), Source: doing(named, `raise BaseException("again")`)},
		Case{Name: "thrown error of a looping name", Corpus: 43, Limits: wall, Want: failed(""), Source: doing(named, `while True: pass`)},
	)
}

// pythonExits are scripts that end their interpreter.
func pythonExits() []Case {
	cases := []Case{
		{Name: "exit", Corpus: 64, Want: failed(""), Source: "import sys\nsys.exit(3)"},
		{Name: "exit with a text", Corpus: 64, Want: failed("out of luck"), Source: "import sys\nsys.exit(\"out of luck\")"},
		{Name: "exit with something odd", Corpus: 64, Want: failed(""), Source: "class O:\n    def __str__(self): return 5\nraise SystemExit(O())"},
		{Name: "exit without an error", Corpus: 64, Want: survived("*"), Source: "print(\"done\")\nexit()"},
		{Name: "exit in the middle", Corpus: 64, Want: survived("*"), Source: "result = 1\nimport sys\nsys.exit(0)\nwhile True: pass"},
	}
	for _, e := range [][2]string{
		{"os._exit(0)", "import os\nos._exit(0)"}, {"os._exit(3)", "import os\nos._exit(3)"}, {"os._exit of an odd number", "import os\nos._exit(-2**31)"},
		{"os.abort", "import os\nos.abort()"}, {"os.kill", "import os\nos.kill(os.getpid(), 9)"}, {"raised signal", "import signal\nsignal.raise_signal(signal.SIGABRT)"},
		{"segmentation fault", "import faulthandler\nfaulthandler._sigsegv()"}, {"fatal error", "import faulthandler\nfaulthandler._fatal_error_c_thread()"},
		{"stack overflow", "import faulthandler\nfaulthandler._stack_overflow()"}, {"memory at zero", "import ctypes\nctypes.string_at(0)"},
		{"posix._exit", "import posix\nposix._exit(0)"}, {"exit in a finalizer", "import os\nclass D:\n    def __del__(self): os._exit(0)\nd = D()\ndel d"},
		{"exit in a call", "import asyncio, os\nasync def f(): os._exit(0)\nawait asyncio.gather(srv.slow(), f())"},
		{"fork", "import os\nwhile True: os.fork()"}, {"exec", "import os\nos.execv(\"/bin/sh\", [\"sh\"])"},
	} {
		cases = append(cases, Case{Name: e[0], Corpus: 64, Want: failed(""), Source: e[1]})
	}
	return cases
}
