package sandboxtest

import (
	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// pythonCalls are scripts that call too much, or do not wait.
func pythonCalls() []Case {
	const later = "import asyncio\nasync def one(): return 1\n"
	return []Case{
		{Name: "call that is not awaited", Corpus: 46, Want: Want{Value: "1", Note: "srv.count"}, Source: later + "srv.count()\nawait one()"},
		{Name: "call that never ends and is not awaited", Corpus: 46, Want: Want{Value: "1", Note: "cancelled"}, Source: later + "srv.hang()\nawait one()"},
		{
			Name: "ten thousand calls", Corpus: 47, Want: value("10000"),
			Limits: func(l *sandbox.Limits) { l.Calls, l.InFlight = 10_000, 64 },
			Source: "import asyncio\nlen(await asyncio.gather(*[srv.echo(i=i) for i in range(10000)]))",
		},
		{
			Name: "thousand calls in parallel", Corpus: 47, Want: value("1000"),
			Source: "len(parallel(lambda i: srv.echo(i=i), range(1000)))",
		},
		{
			Name: "thousand calls that never end", Corpus: 47, Want: timedOut(), Limits: wall,
			Source: "import asyncio\nawait asyncio.gather(*[srv.hang() for _ in range(1000)])",
		},
		{Name: "call that never ends", Corpus: 47, Want: timedOut(), Limits: wall, Source: "srv.hang()"},
		{Name: "call that never ends, swallowed", Corpus: 47, Want: timedOut(), Limits: wall, Source: "while True:\n    try: srv.hang()\n    except BaseException: pass"},
		{
			Name: "calls beyond the budget", Corpus: 48, Want: Want{Value: `[20,"limit"]`},
			Limits: func(l *sandbox.Limits) { l.Calls = 20 },
			Source: "n = 0\ntry:\n    while True:\n        srv.count()\n        n += 1\nexcept ToolError as e: code = e.code\n[n, code]",
		},
		{
			Name: "calls without an end", Corpus: 48, Want: exhausted(), Limits: func(l *sandbox.Limits) { wall(l); l.Calls = 20 },
			Source: later + "while True:\n    try: srv.count()\n    except Exception: pass",
		},
		{
			Name: "calls without an end, in turns", Corpus: 48, Want: exhausted(), Limits: func(l *sandbox.Limits) { wall(l); l.Calls = 20 },
			Source: "while True:\n    try: srv.count()\n    except Exception: pass",
		},
		{Name: "pages without an end", Corpus: 48, Want: survived("*"), Limits: func(l *sandbox.Limits) { l.Calls = 200 }, Source: "calls = []\ndef more(**a):\n    calls.append(1)\n    return srv.echo(items=[1], nextCursor=str(len(calls)))\nlen(paginate(more, pages=10**9))"},
		{Name: "tries without an end", Corpus: 48, Want: survived("*"), Limits: wall, Source: "retry(lambda: srv.fail(), attempts=10**9, delay=0)"},
		{Name: "call with an answer of two MiB", Corpus: 62, Want: value("2097152"), Source: `len(srv.big())`},
		{
			Name: "result over its limit", Corpus: 62, Want: failed("1 MiB"), Limits: func(l *sandbox.Limits) { l.Result = 1 << 20 },
			Source: "srv.big()",
		},
		{Name: "answers that fill the memory", Corpus: 62, Want: exhausted(), Source: "a = []\nwhile True: a.append(srv.big())"},
		{Name: "failure among calls", Corpus: 63, Want: failed("srv.fail"), Source: "import asyncio\nawait asyncio.gather(srv.slow(), srv.fail(), srv.hang())"},
		{Name: "failure in a group", Corpus: 63, Want: failed("srv.fail"), Source: "import asyncio\nasync def f(): await srv.fail()\nasync with asyncio.TaskGroup() as g:\n    g.create_task(f())\n    g.create_task(asyncio.sleep(1e6))"},
		{
			Name: "failures that are awaited", Corpus: 63, Want: value(`["slow","ToolError","srv","fail"]`),
			Source: "import asyncio\na, b = await asyncio.gather(srv.slow(), srv.fail(), return_exceptions=True)\n[a, type(b).__name__, b.server, b.tool]",
		},
		{Name: "call that is given up", Corpus: 63, Want: Want{Value: `"TimeoutError"`}, Source: "import asyncio\ntry: r = await asyncio.wait_for(srv.hang(), 0.05)\nexcept TimeoutError as e: r = type(e).__name__\nr"},
		{Name: "call that is cancelled", Corpus: 63, Want: Want{Value: `"CancelledError"`}, Source: "import asyncio\nc = srv.hang()\nc.cancel()\ntry: r = await c\nexcept asyncio.CancelledError as e: r = type(e).__name__\nr"},
		{Name: "calls in a callback of the encoder", Corpus: 39, Want: survived("*"), Source: "class O(dict):\n    def items(self): return [(k, srv.echo(**O(a=1))) for k in \"ab\"]\nsrv.echo(**{\"a\": O(a=1)})"},
		{Name: "tool that is not bound", Corpus: 66, Want: unbound("secret"), Source: `tools["srv"]["secret"]()`},
		{Name: "tool that is not bound, by a name made up", Corpus: 66, Want: unbound("secret"), Source: `getattr(srv, "sec" + "ret")()`},
		{Name: "server that is not bound", Corpus: 66, Want: unbound("vault"), Source: `tools["vault"]["open"]()`},
		{Name: "tool renamed to what is not bound", Corpus: 66, Want: survived(`"refused"`), Source: `t = srv.echo
for k in ("_server", "_name", "_spelling", "name", "server"):
    try: setattr(t, k, "vault")
    except Exception: pass
try: r = t(a=1)
except ToolError: r = "refused"
r if r == "refused" else [t, r]`},
		{Name: "execution inside", Corpus: 72, Want: unbound("execute_code"), Source: `tools.execute_code(code="1")`},
	}
}

// pythonArguments are arguments that no tool can take.
func pythonArguments() []Case {
	return []Case{
		{Name: "argument of 100 MB", Corpus: 61, Want: failed(""), Source: `srv.echo(a="x" * 10**8)`},
		{Name: "argument of 4 MiB", Corpus: 61, Want: failed("1 MiB"), Source: `srv.echo(a="x" * (4 << 20))`},
		{Name: "argument of many numbers", Corpus: 61, Want: failed("1 MiB"), Source: `srv.echo(a=[1] * 10**6)`},
		{Name: "argument of a huge integer", Corpus: 61, Want: survived("*"), Source: `srv.echo(a=10**400)["a"] == 10**400`},
		{Name: "arguments that are no object", Corpus: 61, Want: value(`["failed","failed","failed","failed"]`), Source: `out = []
for a in [(1,), ("x",), ([1],), ({}, {})]:
    try:
        srv.echo(*a)
        out.append("called")
    except TypeError: out.append("failed")
out`},
		{Name: "arguments that are no JSON", Corpus: 61, Want: value(`["refused","refused","refused","refused","refused"]`), Source: `out = []
for a in [float("nan"), float("inf"), lambda: 1, object, ...]:
    try:
        srv.echo(a=a)
        out.append("called")
    except (TypeError, ValueError): out.append("refused")
out`},
		{Name: "names of arguments that are no text", Corpus: 61, Want: failed(""), Source: `srv.echo(**{1: 2})`},
		{Name: "generator without an end as an argument", Corpus: 61, Want: failed(""), Source: "import itertools\nsrv.echo(a=itertools.count())"},
		{Name: "argument that changes while it is read", Corpus: 40, Want: survived("*"), Source: "class O(list):\n    def __iter__(self):\n        for x in range(3):\n            d[str(len(d))] = x\n            yield x\nd = {}\nd[\"a\"] = O([1])\nsrv.echo(**{\"d\": d})"},
		{Name: "getter that loops in an argument", Corpus: 40, Limits: wall, Want: timedOut(), Source: "class M:\n    def keys(self): return [\"a\"]\n    def __getitem__(self, k):\n        while True: pass\nsrv.echo(**M())"},
	}
}

// pythonNames are tools, and the objects that hold them, used as what they are
// not.
func pythonNames() []Case {
	return []Case{
		{
			Name: "tools of odd names", Corpus: 55, Want: value("[]"), Data: oddNames(),
			Source: `wrong = []
for name in data:
    for call in (lambda: tools["odd names"][name](a=1), lambda: tools.tool("odd names", name)(a=1), lambda: tools.server("odd names")[name]({"a": 1})):
        try:
            r = call()
            if r != {"a": 1}: wrong.append(name)
        except Exception as e: wrong.append(f"{name}: {e}")
wrong`,
		},
		{
			Name: "names of tools that are no names", Corpus: 55, Want: value("[]"),
			Source: `wrong = []
for name in [None, 1, b"echo", ("srv", "echo"), object(), "", "x" * 10**6, "echo\x00", "\ud800", float("nan"), "srv.echo"]:
    for call in (lambda: srv[name], lambda: tools[name], lambda: tools.tool("srv", name), lambda: tools.server(name), lambda: getattr(srv, name), lambda: tools.describe(name)):
        try: wrong.append(str(call()))
        except Exception: pass
wrong`,
		},
		{
			Name: "tools are not changed", Corpus: 57, Want: value(`[{"a":1},{"a":1}]`),
			Source: `forged = lambda *a, **k: "forged"
def f1(): tools.srv = 1
def f2(): del tools.srv
def f3(): del srv.echo
def f4(): srv.echo = forged
def f5(): tools["srv"] = {}
def f6(): srv["echo"] = forged
def f7(): srv.__dict__["echo"] = forged
def f8(): vars(tools)["srv"] = {"echo": forged}
def f9(): srv.__class__ = dict
def f10(): globals()["srv"].update(echo=forged)
for f in (f1, f2, f3, f4, f5, f6, f7, f8, f9, f10):
    try: f()
    except Exception: pass
[srv.echo(a=1), tools["srv"]["echo"](a=1)]`,
		},
		{
			Name: "tools without a prototype", Corpus: 57, Want: value("1"),
			Source: `import copy, pickle
class Other: __slots__ = ()
for o in (tools, srv, srv.echo, store, results, data):
    for f in (lambda: setattr(o, "__class__", Other), lambda: setattr(o, "__class__", object), lambda: str(o), lambda: repr(o), lambda: o + 1, lambda: hash(o), lambda: print(o), lambda: o == o,
              lambda: o(), lambda: len(o), lambda: bool(o), lambda: list(o), lambda: o[0], lambda: o < o, lambda: copy.deepcopy(o), lambda: pickle.dumps(o), lambda: o.__reduce__(), lambda: format(o, "x"),
              lambda: o.__init__(), lambda: o.__sizeof__(), lambda: o.__dir__(), lambda: next(iter(o)), lambda: o.__enter__(), lambda: 1 in o, lambda: float(o)):
        try: f()
        except Exception: pass
1`,
		},
		{Name: "tools as an argument", Corpus: 57, Want: survived("*"), Source: "srv.echo(a=srv, b=tools, c=srv.echo)"},
		{
			Name: "constructors", Corpus: 58, Want: survived("[]"),
			Source: `import itertools
out = []
for t in (type(srv), type(srv.echo), type(tools)):
    for n in range(6):
        for a in itertools.product(("vault", {"name": "vault", "ident": "vault", "tools": 1}, "open"), repeat=min(n, 3)):
            try: o = t(*a, *(["vault"] * (n - 3)))
            except Exception: continue
            for f in (lambda: o(a=1), lambda: o["open"](a=1), lambda: o.open(a=1)):
                try: out.append([str(o), f()])
                except Exception: pass
out`,
		},
	}
}

// pythonServers are servers looked at and imported.
func pythonServers() []Case {
	return []Case{
		{
			Name: "tools are looked at", Corpus: 60, Want: value("0"),
			Source: `import copy, inspect
for o in (tools, srv, srv.echo, srv.count):
    for f in (dir, repr, str, list, vars, bool, copy.copy, hash, inspect.signature, inspect.getdoc, inspect.getmembers, callable, lambda o: hasattr(o, "x"), lambda o: "x" in o, iter):
        try: f(o)
        except Exception: pass
srv.count()["before"]`,
		},
		{Name: "tools have keys", Corpus: 60, Want: value("true"), Source: `"echo" in dir(srv) and "srv" in dir(tools) and "echo" in srv and "srv" in tools`},
		{Name: "server that is hidden", Corpus: 60, Want: value(`{"a":1}`), Source: "srv = None\ntools.srv.echo(a=1)"},
		{Name: "server that is imported", Corpus: 60, Want: value(`[{"a":1},{"a":2}]`), Source: "import srv as s\nfrom srv import echo\n[s.echo(a=1), echo(a=2)]"},
		{Name: "server that is imported as a package", Corpus: 64, Want: unbound("srv"), Source: "import srv.echo.more"},
		{Name: "everything of a server", Corpus: 60, Want: survived(`{"a":1}`), Source: "from srv import *\necho(a=1)"},
	}
}

// pythonAuthority are scripts that look for a way out.
func pythonAuthority() []Case {
	cases := []Case{
		{Name: "import", Corpus: 64, Source: "import requests\nrequests.get(\"http://127.0.0.1\")", Want: unbound("requests")},
		{Name: "import()", Corpus: 64, Source: `__import__("numpy").array([1])`, Want: unbound("numpy")},
		{Name: "require", Corpus: 64, Source: "import importlib\nimportlib.import_module(\"pandas\")", Want: unbound("pandas")},
		{Name: "import of a relative", Corpus: 64, Source: "from . import secrets_of_the_host", Want: failed("")},
		{Name: "import of an odd name", Corpus: 64, Source: `__import__("../../etc/passwd\x00" * 1000)`, Want: failed("")},
		{Name: "import from elsewhere", Corpus: 64, Source: "import sys\nsys.path[:0] = [\"/\", \"/tmp\", \"/proc/self/cwd\", \"../..\"]\nimport bindery_of_the_host", Want: failed("bindery_of_the_host")},
		{Name: "extension from elsewhere", Corpus: 64, Source: "import importlib.machinery\nimportlib.machinery.ExtensionFileLoader(\"x\", \"/lib/x86_64-linux-gnu/libc.so.6\").load_module()", Want: failed("")},
		{Name: "environment", Corpus: 64, Source: "import os, posix\nsorted(set(map(str, [*os.environ, *posix.environ])) - {\"LC_CTYPE\", \"b'LC_CTYPE'\"})", Want: value("[]")},
		{
			Name: "nothing of the host in errors", Corpus: 59, Want: value("[]"),
			Source: `import re, sys, traceback, inspect, platform, sysconfig
texts = [str(f()) for f in (lambda: sys.argv, lambda: sys.executable, lambda: sys.orig_argv, lambda: sys.path, platform.node, platform.platform, lambda: sys.version)]
for f in [lambda: None.x, lambda: 1(), lambda: int("{"), lambda: srv.nothing(1), lambda: srv.fail(), lambda: srv.echo(1, 2), lambda: re.compile("("), lambda: [][0], lambda: 1 / 0, lambda: tools.vault.x,
          lambda: srv.ecko, lambda: "x" * -1 + 1, lambda: open("x"), lambda: __import__("requests"), lambda: eval("(") , lambda: sys._getframe(99), lambda: inspect.getsource(srv.echo), lambda: exec("raise ValueError")]:
    try: f()
    except BaseException as e: texts += [str(e), repr(e), traceback.format_exc(), "".join(traceback.format_stack())]
[t for t in texts if re.search(r"\.go\b|wazero|goroutine|/(home|root|tmp|proc|etc)/|github\.com", t)]`,
		},
		{
			Name: "callers of a function", Corpus: 59, Want: value("[]"),
			Source: `import inspect, sys
out = []
try: out += [f.filename for f in inspect.stack() if f.filename.startswith(("/home", "/root", "/tmp"))]
except Exception: pass
f = sys._getframe()
while f:
    out += [v for v in map(str, f.f_locals) if "secret" in v or "token" in v]
    f = f.f_back
out`,
		},
	}
	for _, w := range [][2]string{
		{"fetch", "import urllib.request\nurllib.request.urlopen(\"http://127.0.0.1\")"}, {"http", "import http.client\nhttp.client.HTTPConnection(\"127.0.0.1\").request(\"GET\", \"/\")"},
		{"socket", "import socket\nsocket.create_connection((\"127.0.0.1\", 80))"}, {"low-level socket", "import _socket\n_socket.socket()"},
		{"socket of a descriptor", "import _socket\ns = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM, 0, 3)\ns.accept()"},
		{"streams", "import asyncio\nawait asyncio.open_connection(\"127.0.0.1\", 80)"}, {"names of hosts", "import socket\nsocket.getaddrinfo(\"localhost\", 80)"},
		{"process", "import subprocess\nsubprocess.run([\"ls\"])"}, {"popen", "import subprocess\nsubprocess.Popen(\"ls\", shell=True)"}, {"asynchronous process", "import asyncio\nawait asyncio.create_subprocess_shell(\"ls\")"},
		{"system", "import os\nos.system(\"ls\") and 1 / 0"}, {"pipe", "import os\nos.popen(\"ls\").read()"}, {"spawn", "import os\nos.spawnv(os.P_WAIT, \"/bin/ls\", [\"ls\"])"},
		{"posix", "import posix\nposix.system(\"ls\")"}, {"pseudo-terminal", "import pty\npty.spawn(\"/bin/sh\")"}, {"processes", "import multiprocessing\nmultiprocessing.Process(target=print).start()"},
		{"ctypes", "import ctypes\nctypes.CDLL(None).system(b\"ls\")"}, {"memory map", "import mmap\nmmap.mmap(-1, 4096).write(b\"x\" * 5000)"}, {"kernel", "import fcntl\nfcntl.ioctl(0, 0)"},
		{"debugger", "breakpoint()"}, {"help", "help(\"modules\")\n1 / 0"}, {"browser", "import webbrowser\nwebbrowser.open(\"http://127.0.0.1\") or 1 / 0"}, {"window", "import tkinter\ntkinter.Tk()"},
	} {
		cases = append(cases, Case{Name: "way out: " + w[0], Corpus: 64, Source: w[1], Want: Want{Codes: []bindery.Code{bindery.Script, bindery.Invalid}}})
	}
	return cases
}
