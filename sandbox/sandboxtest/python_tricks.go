package sandboxtest

// pythonClean looks at everything that a script could have changed for the
// next one. A module or class is told by the names in it, a function by where
// it is from; a set has no order.
const pythonClean = `
import sys
modules = {n: m for n, m in list(sys.modules.items()) if type(m) is type(sys)}
names = sorted(map(str, sys.modules))
import asyncio as aio, atexit, builtins, codecs, collections, copyreg, decimal, functools, gc, io, json, locale, logging, os, random, re, signal, threading, time, warnings, weakref, zlib

def digest(texts): return zlib.crc32("\n".join(sorted(texts)).encode())

def kind(v):
    if isinstance(v, type): return v.__qualname__ + str(len(v.__dict__))
    return f"{type(v).__name__} {getattr(v, '__qualname__', '')} {getattr(v, '__module__', '')} {len(v.__code__.co_code) if hasattr(v, '__code__') else ''}"

def inside(o): return digest([f"{k} {kind(v)}" for k, v in list(vars(o).items())])

def tried(f):
    try: return f()
    except Exception as e: return type(e).__name__

loop = aio.get_event_loop_policy().get_event_loop()
deep = [builtins, json, json.encoder, json.decoder, aio, aio.events, aio.tasks, aio.futures, sys, os, io, re, time, functools, collections, threading,
    json.JSONEncoder, json.JSONDecoder, aio.Future, aio.Task, aio.BaseEventLoop, type(loop), type(tools), type(srv), type(srv.echo), ToolError, logging.Logger]
built_in = [object, type, str, bytes, int, float, bool, list, dict, tuple, set, frozenset, BaseException, Exception, type(digest), type(sys), type(None), type(digest.__code__), type((i for i in ()))]
[
    names, {n: digest(map(str, list(vars(m)))) for n, m in modules.items()}, {o.__name__: inside(o) for o in deep}, {o.__name__: inside(o) for o in built_in},
    sorted(k for k in globals() if k[:1] != "_"), sorted(dir(builtins)),
    sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits(), gc.isenabled(), gc.get_threshold(), len(gc.callbacks), atexit._ncallbacks(),
    sys.gettrace() is None, sys.getprofile() is None, sys.path, [type(f).__name__ for f in sys.meta_path], len(sys.path_hooks), sys.argv, sys.flags.optimize,
    kind(sys.excepthook), kind(sys.displayhook), kind(sys.unraisablehook), kind(sys.stdout), kind(sys.stderr), kind(sys.stdin), kind(sys.__stdout__), len(warnings.filters),
    sorted(os.environ), tried(os.getcwd), tried(lambda: sorted(os.listdir("/"))), tried(lambda: open("left").read()), tried(lambda: str(signal.getsignal(signal.SIGINT))),
    decimal.getcontext().prec, locale.setlocale(locale.LC_ALL), len(logging.root.handlers), logging.root.level, sorted(logging.root.manager.loggerDict), time.tzname, threading.active_count(),
    len(copyreg.dispatch_table), tried(lambda: codecs.lookup("polluted").name), aio.get_event_loop_policy().__class__.__name__, loop.is_running(), loop.get_debug(),
    json.dumps({"a": [1, {"b": 2}]}), json.loads("[1]"), srv.echo(a=1), srv.count(), type(data).__name__, tools["srv"]["echo"](b=2), random.Random(1).random(),
]`

// boom is a function to put in the place of others.
const boom = "def boom(*a, **k): raise RuntimeError(\"replaced\")\n"

// pythonPollution are scripts that change what everything else stands on.
// What the next script sees is for the runner to look at.
func pythonPollution() []Case {
	return []Case{
		{Name: "polluted builtins", Corpus: 33, Want: value("1"), Source: `import builtins
builtins.polluted = 1
builtins.__dict__["print"] = builtins.len = builtins.isinstance = lambda *a: 0
polluted`},
		{Name: "builtins replaced", Corpus: 33, Want: survived(`{"a":1}`), Source: boom + `import builtins
for k in dir(builtins):
    if k not in ("boom", "__import__"): builtins.__dict__[k] = boom
tools["srv"]["echo"](a=1)`},
		{Name: "builtins emptied", Corpus: 33, Want: survived(`{"a":1}`), Source: `import builtins
e = srv.echo
builtins.__dict__.clear()
e(a=1)`},
		{Name: "polluted types", Corpus: 33, Want: survived("1"), Source: `import gc
for t in (dict, list, str, int, object, type, BaseException, type(lambda: 1)):
    d = gc.get_referents(t.__dict__)[0]
    d["polluted"] = d["__json__"] = 1
    for k in ("get", "append", "encode", "items", "__init_subclass__"): d.pop(k, None)
1`},
		{Name: "methods of types replaced", Corpus: 33, Want: survived("1"), Source: boom + `import gc
for t in (dict, list, str, bytes, bytearray):
    d = gc.get_referents(t.__dict__)[0]
    for k in list(d): d[k] = boom
1`},
		{Name: "modules polluted", Corpus: 33, Want: value("1"), Source: `import sys
for m in list(sys.modules.values()):
    try: m.polluted = 1
    except Exception: pass
sys.modules["polluted"] = sys
import polluted
1`},
		{Name: "classes polluted", Corpus: 33, Want: survived("1"), Source: `import gc
for o in gc.get_objects():
    if isinstance(o, type):
        try: o.polluted = 1
        except Exception: pass
1`},
		{
			Name: "toJSON on prototypes", Corpus: 34, Want: value(`{"a":[1],"b":"x"}`),
			Source: boom + "import json\nfor k in (\"default\", \"encode\", \"iterencode\"): setattr(json.JSONEncoder, k, boom)\nsrv.echo(a=[1], b=\"x\")",
		},
		{Name: "JSON replaced", Corpus: 35, Want: value(`{"a":1}`), Source: boom + `import json, sys
for m in (json, json.encoder, json.decoder, json.scanner):
    for k in list(vars(m)):
        if k[:2] != "__": setattr(m, k, boom)
sys.modules["json"] = None
srv.echo(a=1)`},
	}
}

// pythonLoops are scripts that change what waiting and importing stand on.
func pythonLoops() []Case {
	return []Case{
		{Name: "then patched", Corpus: 36, Want: survived(`{"a":1}`), Source: boom + `import asyncio
c = srv.echo(a=1)
for k in ("__await__", "__iter__", "add_done_callback"):
    try: setattr(type(c), k, boom)
    except Exception: pass
await c`},
		{Name: "Promise replaced", Corpus: 36, Want: value(`{"a":1}`), Source: boom + `import asyncio
asyncio.Future = asyncio.Task = asyncio.futures.Future = asyncio.tasks.Task = boom
await srv.echo(a=1)`},
		{Name: "asyncio replaced", Corpus: 36, Want: survived(`{"a":1}`), Source: boom + `import asyncio, sys
for m in [m for n, m in sys.modules.items() if n.startswith("asyncio")]:
    for k in list(vars(m)):
        if k[:2] != "__": setattr(m, k, boom)
await srv.echo(a=1)`},
		{Name: "loop patched", Corpus: 36, Want: survived(`{"a":1}`), Source: boom + `import asyncio
loop = asyncio.get_running_loop()
for k in ("call_soon", "call_later", "call_at", "select", "_run_once", "create_task", "is_running"):
    try: setattr(type(loop), k, boom)
    except Exception: pass
await srv.echo(a=1)`},
		{Name: "loop stopped", Corpus: 36, Want: survived(`{"a":1}`), Source: `import asyncio
loop = asyncio.get_running_loop()
loop.stop(); loop.close()
asyncio.set_event_loop(None); asyncio.set_event_loop_policy(None)
await srv.echo(a=1)`},
		{Name: "loop of one's own", Corpus: 36, Limits: wall, Want: survived("1"), Source: `import asyncio, selectors
class Loop(asyncio.SelectorEventLoop): pass
loop = asyncio.new_event_loop()
try: loop = Loop()
except Exception: pass
async def f(): return 1
asyncio.events._set_running_loop(None)
loop.run_until_complete(f())`},
		{Name: "everything is thenable", Corpus: 37, Want: survived("*"), Source: `import gc
gc.get_referents(object.__dict__)[0]["__await__"] = lambda self: iter([1])
gc.get_referents(dict.__dict__)[0]["__await__"] = lambda self: iter([])
await srv.echo(a=1)`},
		{Name: "everything never settles", Corpus: 37, Limits: wall, Want: survived("*"), Source: `import asyncio
asyncio.BaseEventLoop.call_soon = lambda *a, **k: None
asyncio.get_running_loop().call_soon = lambda *a, **k: None
await srv.echo(a=1)`},
		{Name: "modules emptied", Corpus: 36, Want: survived(`{"a":1}`), Source: `import sys
sys.modules.clear()
srv.echo(a=1)`},
		{Name: "modules taken apart", Corpus: 36, Want: survived(`{"a":1}`), Source: `import sys
for m in list(sys.modules.values()):
    if m is not sys.modules["__main__"] and hasattr(m, "__dict__"): m.__dict__.clear()
1`},
		{Name: "methods of tools replaced", Corpus: 36, Want: survived("*"), Source: boom + `for t in (type(tools), type(srv), type(srv.echo)):
    for k in list(vars(t)):
        try: setattr(t, k, boom)
        except Exception: pass
srv.echo(a=1)`},
		{Name: "import replaced", Corpus: 36, Want: survived(`{"a":1}`), Source: boom + `import builtins, sys
builtins.__import__ = boom
sys.meta_path[:] = []; sys.path_hooks[:] = []; sys.path[:] = []
srv.echo(a=1)`},
		{Name: "import that loops", Corpus: 36, Limits: wall, Want: timedOut(), Source: `import sys
class Finder:
    def find_spec(self, *a):
        while True: pass
sys.meta_path.insert(0, Finder())
import something`},
	}
}

// pythonSettings are scripts that leave the interpreter otherwise than they
// found it.
func pythonSettings() []Case {
	return []Case{
		{Name: "settings of the interpreter", Corpus: 33, Want: value("1"), Source: `import codecs, copyreg, decimal, gc, locale, logging, os, random, signal, sys, time, warnings
def tried(f, *a):
    try: f(*a)
    except Exception: pass
sys.setrecursionlimit(5000); sys.setswitchinterval(10); sys.set_int_max_str_digits(0)
gc.disable(); gc.set_threshold(1); gc.callbacks.append(print)
sys.path.append("/left"); sys.meta_path.append(None); sys.path_hooks.append(None); sys.argv[:] = ["left"]
sys.excepthook = sys.displayhook = sys.unraisablehook = print
decimal.getcontext().prec = 2; random.seed(1); warnings.simplefilter("error"); logging.basicConfig(level=1); logging.getLogger("left")
os.environ["LEFT"] = os.environ["TZ"] = "EST5EDT"
for f, *a in [(lambda: time.tzset(),), (locale.setlocale, locale.LC_ALL, "C"), (os.chdir, "/left"), (signal.signal, signal.SIGINT, signal.SIG_IGN), (lambda: os.umask(0),),
              (codecs.register, lambda n: codecs.lookup("utf-8") if n == "polluted" else None), (copyreg.pickle, type(sys), repr)]: tried(f, *a)
1`},
		{Name: "garbage that is kept", Corpus: 33, Want: finished("1"), Source: `import gc
gc.set_debug(gc.DEBUG_SAVEALL)
for _ in range(1000):
    a = []
    a.append(a)
gc.collect()
1`},
		{Name: "hooks that stay", Corpus: 33, Want: survived("1"), Source: `import sys
sys.addaudithook(lambda *a: None)
sys.settrace(lambda *a: None)
sys.setprofile(lambda *a: None)
1`},
		{Name: "hook that refuses everything", Corpus: 33, Want: survived("*"), Source: `import sys
def hook(*a): raise RuntimeError("refused")
sys.addaudithook(hook)
import json
srv.echo(a=1)`},
		{Name: "hook that loops", Corpus: 33, Limits: wall, Want: timedOut(), Source: `import sys
def hook(*a):
    while True: pass
sys.addaudithook(hook)
import wave
compile("1", "", "eval")`},
		{Name: "trace that loops", Corpus: 33, Limits: wall, Want: timedOut(), Source: `import sys
def loop(*a):
    while True: pass
def f(): pass
sys.settrace(loop)
f()`},
		{Name: "profile that loops", Corpus: 33, Limits: wall, Want: timedOut(), Source: `import sys
def loop(*a):
    while True: pass
sys.setprofile(loop)
len([])`},
		{Name: "trace of every step", Corpus: 33, Limits: wall, Want: survived("*"), Source: `import sys
seen = []
def trace(f, event, arg):
    f.f_trace_opcodes = True
    seen.append((f.f_code.co_name, dict(f.f_locals)))
    for k in f.f_locals: f.f_locals[k] = None
    return trace
sys.settrace(trace)
srv.echo(a=1)`},
		{Name: "trace that jumps", Corpus: 33, Limits: wall, Want: survived("*"), Source: `import sys
def trace(f, event, arg):
    try: f.f_lineno = f.f_code.co_firstlineno + 1
    except Exception: pass
    return trace
sys.settrace(trace)
srv.echo(a=1)`},
		{Name: "hooks of output that loop", Corpus: 33, Limits: wall, Want: survived("1"), Source: `import sys
def loop(*a):
    while True: pass
sys.excepthook = sys.displayhook = sys.unraisablehook = sys.breakpointhook = loop
class D:
    def __del__(self): raise ValueError
D()
1`},
	}
}
