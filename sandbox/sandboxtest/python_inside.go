package sandboxtest

import (
	"fmt"

	"github.com/bindery-mcp/bindery"
)

// pythonFiles are scripts that look for files.
func pythonFiles() []Case {
	return []Case{
		{Name: "files of the host", Corpus: 64, Want: value("[]"), Source: `import io, os, pathlib, posix
found = []
for p in ["/etc/passwd", "/etc/hosts", "/proc/self/environ", "/proc/self/maps", "/proc/1/cmdline", "/sys/kernel", "/root/.bashrc", "/home", "/tmp", "../../../../etc/passwd", "//etc/passwd", "/./etc/passwd",
          "C:\\Windows\\win.ini", "/dev/null", "/dev/urandom", "/dev/mem", "/dev/fd/3", "/dev/tty", "/var/run/docker.sock", "bindery.yaml"]:
    for f in (lambda: open(p).read(1), lambda: io.open(p, "rb").read(1), lambda: io.FileIO(p).read(1), lambda: os.read(os.open(p, 0), 1), lambda: posix.read(posix.open(p, 0), 1),
              lambda: pathlib.Path(p).read_bytes(), lambda: io.open_code(p).read(1), lambda: posix.listdir(p), lambda: posix.stat(p), lambda: list(os.scandir(p)), lambda: os.readlink(p)):
        try:
            f()
            found.append(p)
        except (OSError, ValueError, AttributeError): pass
found`},
		{Name: "files that are written", Corpus: 64, Want: value("[]"), Source: `import io, os, pathlib, posix, sys
done = []
for d in ["", "/", "/tmp/", "/usr/local/lib/", *(p + "/" for p in sys.path), "/dev/", "../"]:
    p = d + "left"
    for f in (lambda: open(p, "w").write("x"), lambda: io.FileIO(p, "w").write(b"x"), lambda: posix.open(p, os.O_CREAT | os.O_WRONLY), lambda: pathlib.Path(p).write_text("x"), lambda: posix.mkdir(p),
              lambda: posix.symlink("/etc/passwd", p), lambda: posix.link(p, p + "2"), lambda: posix.rename(d, p), lambda: posix.unlink(d + "json.py"), lambda: posix.rmdir(d), lambda: posix.utime(d), lambda: posix.truncate(d, 0)):
        try:
            f()
            done.append(p)
        except (OSError, ValueError, AttributeError, TypeError): pass
done`},
		{Name: "temporary files", Corpus: 64, Want: failed(""), Source: "import tempfile\ntempfile.NamedTemporaryFile()"},
		{Name: "database in a file", Corpus: 64, Want: failed(""), Source: "import sqlite3\nsqlite3.connect(\"/tmp/left.db\").execute(\"create table t(a)\")"},
		{Name: "database that attaches a file", Corpus: 64, Want: failed(""), Source: "import sqlite3\nsqlite3.connect(\":memory:\").execute(\"attach '/tmp/left.db' as b\").execute(\"create table b.t(a)\")"},
		{Name: "database that loads code", Corpus: 64, Want: failed(""), Source: "import sqlite3\nc = sqlite3.connect(\":memory:\")\nc.enable_load_extension(True)\nc.load_extension(\"/lib/x86_64-linux-gnu/libc.so.6\")"},
		{Name: "modules from an archive", Corpus: 64, Want: failed(""), Source: "import zipimport\nzipimport.zipimporter(\"/tmp/left.zip\").load_module(\"left\")"},
	}
}

// pythonCallers are scripts that look for what called them, and meddle with it.
func pythonCallers() []Case {
	return []Case{
		{Name: "frames of the callers", Corpus: 58, Want: survived("1"), Source: `import sys
f = sys._getframe()
while f.f_back:
    f = f.f_back
    for k in list(f.f_locals): f.f_locals[k] = None
    f.f_trace = print
    try: f.f_lineno += 1
    except Exception: pass
    try: f.clear()
    except Exception: pass
1`},
		{Name: "globals of the callers", Corpus: 58, Want: survived("1"), Source: `import sys
f = sys._getframe()
while f.f_back:
    f = f.f_back
    if f.f_globals is not globals(): f.f_globals.clear()
1`},
		{Name: "traces of a failed call", Corpus: 58, Want: survived("1"), Source: `try: srv.fail()
except ToolError as e:
    t = e.__traceback__
    while t:
        if t.tb_frame.f_globals is not globals(): t.tb_frame.f_globals.clear()
        t = t.tb_next
1`},
		{Name: "objects of the collector, emptied", Corpus: 58, Want: survived("1"), Source: `import gc
for o in gc.get_objects():
    if o is not globals() and type(o) in (dict, list, set):
        try: o.clear()
        except Exception: pass
1`},
		{Name: "objects that were frozen, emptied", Corpus: 58, Want: survived("1"), Source: `import gc
gc.unfreeze()
for o in gc.get_objects():
    if o is not globals() and type(o) in (dict, list, set, bytearray):
        try: o.clear()
        except Exception: pass
gc.collect()
1`},
	}
}

// pythonInside are scripts that look for what stands between them and the host,
// and meddle with it.
func pythonInside() []Case {
	// The namespace of what a tool is made of, and the functions in it.
	const inside = `import gc, sys, types, random
space = getattr(type(srv.echo).__call__, "__globals__", globals())
own = [v for v in space.values() if isinstance(v, (types.FunctionType, type)) and getattr(v, "__module__", "") == space.get("__name__")]
r = random.Random(1)
`
	cases := []Case{
		{Name: "namespace inside, emptied", Corpus: 58, Want: survived(`{"a":1}`), Source: inside + "space.clear()\nsrv.echo(a=1)"},
		{Name: "namespace inside, replaced", Corpus: 58, Want: survived("*"), Source: inside + "for k in list(space):\n    if k[:2] != \"__\": space[k] = lambda *a, **k: 1\nsrv.echo(a=1)"},
		{Name: "code inside, replaced", Corpus: 58, Want: survived("*"), Source: inside + `def forged(*a, **k): return {"k": "go", "form": "json", "names": [], "text": 1}
for t in own:
    for f in (vars(t).values() if isinstance(t, type) else [t]):
        try: f.__code__ = forged.__code__
        except Exception: pass
srv.echo(a=1)`},
		{Name: "state inside, replaced", Corpus: 58, Want: survived("*"), Source: inside + `for o in list(space.values()):
    for k in list(getattr(o, "__dict__", {})):
        if type(o).__module__ == space["__name__"]:
            try: setattr(o, k, r.choice([None, -1, 10**9, "x", [], {}]))
            except Exception: pass
srv.echo(a=1)`},
		{Name: "limits inside, raised", Corpus: 58, Want: survived("*"), Source: inside + `for k, v in list(space.items()):
    if type(v) is int: space[k] = 2**62
    for a in ("room", "arguments", "limit", "left"):
        if hasattr(v, a):
            try: setattr(v, a, 2**62)
            except Exception: pass
for _ in range(300): print("x" * 1000)
try: srv.echo(a="x" * (3 << 20))
except Exception: pass
1`},
		{Name: "closures of the tools", Corpus: 58, Want: survived("*"), Source: `import gc, types
seen, todo = set(), [tools, srv, srv.echo, store, results, ToolError, print]
while todo and len(seen) < 20000:
    o = todo.pop()
    if id(o) in seen or o is globals(): continue
    seen.add(id(o))
    if isinstance(o, types.CellType): o.cell_contents = None
    todo += gc.get_referents(o)
srv.echo(a=1)`},
		{Name: "private parts of the tools", Corpus: 58, Want: survived("*"), Source: `for o in (tools, srv, srv.echo, store, results):
    for k in dir(type(o)):
        for v in (None, {}, "vault", lambda *a, **k: 1):
            try: object.__setattr__(o, k, v)
            except Exception: pass
srv.echo(a=1)`},
	}
	for _, n := range []string{"1", "2", "3", "4", "5", "6"} {
		cases = append(cases, Case{
			Name: "functions inside, called at random, " + n, Corpus: 58, Limits: wall, Want: survived("*"),
			Source: inside + "r.seed(" + n + `)
odd = [None, 0, -1, 2**40, "x", "\ud800", b"x", b"\xff" * 9, [], {}, {"k": "call"}, {"k": "value"}, {"k": "done"}, object(), srv, tools, srv.echo, lambda *a: 1, ValueError("x"), [srv] * 3, float("nan")]
for _ in range(3000):
    f = r.choice(own)
    try:
        o = f(*[r.choice(odd) for _ in range(r.randrange(5))])
        m = r.choice([k for k in dir(o)])
        getattr(o, m)(*[r.choice(odd) for _ in range(r.randrange(4))])
    except Exception: pass
1`,
		})
	}
	return cases
}

// pythonFrames write to and read from whatever the interpreter has open: it
// may be what its host hears.
func pythonFrames() []Case {
	const head = `import json, os, posix
def write(b):
    while b: b = b[posix.write(1, b):]
def send(head, body=b""):
    data = (head if isinstance(head, bytes) else json.dumps(head).encode()) + b"\n" + body
    write(len(data).to_bytes(4, "little") + data)
`
	want := survived("*")
	want.Codes = append(want.Codes, bindery.Invalid)
	var cases []Case
	for _, f := range [][2]string{
		{"to every descriptor", "for fd in range(1, 64):\n    for b in (b\"\\xff\" * 9, b\"{}\\n\", b\"\\0\" * 5):\n        try: posix.write(fd, b)\n        except OSError: pass\n1"},
		{"from every descriptor", "for fd in range(64):\n    if fd != 1:\n        try: posix.read(fd, 1 << 20)\n        except OSError: pass\n1"},
		{"descriptors closed", "for fd in range(64):\n    try: posix.close(fd)\n    except OSError: pass\nsrv.echo(a=1)"},
		{"descriptors swapped", "for a, b in ((0, 9), (1, 0), (9, 1)):\n    try: posix.dup2(a, b)\n    except (OSError, AttributeError): pass\nsrv.echo(a=1)"},
		{"descriptors sought", "for fd in range(8):\n    for f in (lambda: posix.lseek(fd, 0, 0), lambda: posix.ftruncate(fd, 0), lambda: posix.fstat(fd), lambda: posix.pread(fd, 9, 0), lambda: posix.isatty(fd), lambda: posix.fsync(fd)):\n        try: f()\n        except (OSError, AttributeError): pass\nsrv.echo(a=1)"},
		{"stream of the output", "import io\nio.FileIO(1, \"w\", closefd=False).write(b\"\\xff\" * 100)\nsrv.echo(a=1)"},
		{"answers read away", "import asyncio\nc = srv.slow()\nposix.read(0, 1 << 20)\nawait c"},
		{"of 4 GiB", "write(b\"\\xff\\xff\\xff\\xff{}\")\nsrv.echo(a=1)"},
		{"of a GiB, sent", "write((1 << 30).to_bytes(4, \"little\"))\nb = bytes(1 << 20)\nfor _ in range(1 << 10): write(b)"},
		{"of nothing", "for _ in range(10**4): write(bytes(4))\nsrv.echo(a=1)"},
		{"half of one", "write(b\"\\x40\\0\\0\\0{\")\nsrv.echo(a=1)"},
		{"without a line end", "write(b\"\\x02\\0\\0\\0{}\")\nsrv.echo(a=1)"},
		{"without an end", "while True: write(b\"\\0\" * 65536)"},
		{"without an end, well formed", "while True: send({\"k\": \"out\", \"level\": \"log\"}, b\"x\" * 60000)"},
		{"of many lines", "for _ in range(10**5): send({\"k\": \"out\", \"level\": \"log\"}, b\"\")\n1"},
		{"of odd levels", "for l in (\"progress\", \"\", \"x\" * 10**6, 5, None, [], \"error\\n\"): send({\"k\": \"out\", \"level\": l}, b\"\\xff\\n\\x1b[2J\")\n1"},
		{"of progress", "for d in (1e308, -1, \"x\", None, [], 10**400): send({\"k\": \"tell\", \"done\": d, \"total\": d}, b\"\\xff\" * 10**5)\n1"},
		{"of progress without an end", "while True: send({\"k\": \"tell\", \"done\": 1, \"total\": 2}, b\"x\")"},
		{"with a deep head", "send(b'{\"k\":' + b'[' * 10**6)\nsrv.echo(a=1)"},
		{"with a deep head, closed", "send(b'{\"k\":' + b'[' * 10**5 + b']' * 10**5 + b'}')\nsrv.echo(a=1)"},
		{"with a long head", "send({\"k\": \"x\" * 10**7})\nsrv.echo(a=1)"},
		{"with a head that is no text", "send(b\"\\xff\\xfe\")\nsrv.echo(a=1)"},
		{"with a head of another kind", "for h in (b\"[]\", b\"null\", b\"5\", b'\"k\"', b'{\"k\":5}', b'{\"k\":null}', b'{\"k\":\"unknown\"}', b'{}'): send(h)\nsrv.echo(a=1)"},
		{"of calls to what is not bound", "for i, (s, t) in enumerate(((\"srv\", \"secret\"), (\"vault\", \"open\"), (\"\", \"execute_code\"), (\"\", \"store.set\"))):\n    send({\"k\": \"call\", \"id\": 7 + i, \"server\": s, \"tool\": t, \"as\": \"x\", \"raw\": False, \"line\": 1}, b\"{}\")\nsend({\"k\": \"wait\", \"line\": 1, \"ms\": 10})\n1"},
		{"of a call that is no call", "send({\"k\": \"call\", \"id\": 7, \"server\": \"\", \"tool\": \"precheck\", \"as\": \"x\", \"raw\": False, \"line\": 1}, b\"{}\")\n1"},
		{"of calls with odd fields", "for i in (-1, 2**70, \"x\", None, 1.5, [], {}): send({\"k\": \"call\", \"id\": i, \"server\": i, \"tool\": i, \"as\": i, \"raw\": i, \"line\": i}, b\"{}\")\n1"},
		{"of calls with the same number", "for _ in range(100): send({\"k\": \"call\", \"id\": 1, \"server\": \"srv\", \"tool\": \"slow\", \"as\": \"srv.slow\", \"raw\": False, \"line\": 1}, b\"{}\")\nsend({\"k\": \"wait\", \"line\": 1})\n1"},
		{"of calls with no JSON", "for b in (b\"\", b\"{\", b\"[1]\", b\"\\xff\", b\"{}{}\", b'{\"a\":NaN}', b\"[\" * 10**5, b'{\"a\":' * 50000 + b\"1\" + b\"}\" * 50000):\n    send({\"k\": \"call\", \"id\": 1, \"server\": \"srv\", \"tool\": \"echo\", \"as\": \"x\", \"raw\": False, \"line\": 1}, b)\n1"},
		{"of calls over the limit", "send({\"k\": \"call\", \"id\": 1, \"server\": \"srv\", \"tool\": \"echo\", \"as\": \"x\", \"raw\": False, \"line\": 1}, b'{\"a\":\"' + b\"x\" * (8 << 20) + b'\"}')\n1"},
		{"of calls without an end", "i = 0\nwhile True:\n    i += 1\n    send({\"k\": \"call\", \"id\": i, \"server\": \"srv\", \"tool\": \"echo\", \"as\": \"x\", \"raw\": False, \"line\": 1}, b\"{}\")"},
		{"of waiting without an end", "while True: send({\"k\": \"wait\", \"line\": 1, \"ms\": 0})"},
		{"of odd waiting", "for ms in (-1, 1e308, \"x\", None, [], 10**400): send({\"k\": \"wait\", \"line\": \"x\", \"ms\": ms})\n1"},
		{"of questions", "for k in (\"look\", \"list\", \"called\", \"noServer\", \"servers\", \"data\"):\n    for v in (\"srv\", \"vault\", 5, None, \"x\" * 10**6): send({\"k\": k, \"server\": v, \"tool\": v, \"byName\": v})\n1"},
		{"of questions without an end", "while True: send({\"k\": \"look\", \"server\": \"srv\", \"tool\": \"ecko\", \"byName\": False})"},
		{"of readiness", "send({\"k\": \"ready\", \"programs\": [0, 2**32], \"version\": \"x\"})\nimport time\ntime.clock_getres(time.CLOCK_MONOTONIC)\n1"},
		{"of a place", "for l in (-1, 2**40, \"x\", None): send({\"k\": \"at\", \"line\": l, \"column\": l})\n1"},
		{"of a value", "send({\"k\": \"value\"}, b\"5\")\nsend({\"k\": \"done\", \"notes\": [], \"dropped\": 0, \"errors\": [], \"unhandled\": 0})\nwhile True: pass"},
		{"of two values", "send({\"k\": \"value\"}, b\"5\")\nsend({\"k\": \"value\"}, b\"6\")\n7"},
		{"of a value that is no JSON", "send({\"k\": \"value\"}, b\"{\\xff\")\nsend({\"k\": \"done\"})"},
		{"of a value that is deep", "send({\"k\": \"value\"}, b\"[\" * 10**5 + b\"]\" * 10**5)\nsend({\"k\": \"done\"})"},
		{"of a value over the limit", "send({\"k\": \"value\"}, b'\"' + b\"x\" * (4 << 20) + b'\"')\nsend({\"k\": \"done\"})"},
		{"of an odd end", "send({\"k\": \"value\"}, b\"1\")\nsend({\"k\": \"done\", \"notes\": [5, None, \"x\" * 10**6, \"\\x1b[2J\"] * 50, \"dropped\": -2**63, \"errors\": [{}, {\"k\": \"fail\"}] * 10**4, \"unhandled\": 2**31})"},
		{"of an end without a value", "send({\"k\": \"done\", \"notes\": [\"forged\"]})\nwhile True: pass"},
		{"of a failure", "send({\"k\": \"fail\", \"name\": \"E\\x1b[2J\" * 10**5, \"message\": \"m\\x00\" * 10**6, \"hint\": \"h\" * 10**6, \"line\": -5, \"column\": 2**40, \"names\": [\"x\" * 10**5] * 20, \"wrong\": \"x\" * 10**5, \"server\": \"vault\", \"tool\": \"open\"})\nwhile True: pass"},
		{"of odd failures", "for k in (\"memory\", \"large\", \"exit\", \"stuck\", \"syntax\", \"unknown\", 5): send({\"k\": \"fail\", \"kind\": k, \"name\": 5, \"message\": None})"},
		{"after the end", "import atexit\nsend({\"k\": \"done\", \"notes\": []})\nfor _ in range(10**4): send({\"k\": \"out\", \"level\": \"log\"}, b\"late\")"},
	} {
		cases = append(cases, Case{Name: "frames " + f[0], Corpus: 65, Limits: wall, Want: want, Source: head + f[1]})
	}
	// Whatever is wrong with a frame ends the script, so that each tries few.
	for n := range 20 {
		cases = append(cases, Case{
			Name: fmt.Sprintf("frames at random, %d", n+1), Corpus: 65, Limits: wall, Want: want,
			Source: head + fmt.Sprintf("import random\nr = random.Random(%d)\n", n) + `odd = [None, -1, 0, 1, 2**31, 2**70, 1.5, "", "srv", "echo", "x" * 10**4, [], {}, True, [[1]], {"k": 1}]
kinds = ["call", "wait", "out", "tell", "look", "list", "called", "servers", "noServer", "data", "check", "value", "done", "fail", "at", "ready"]
fields = ["id", "server", "tool", "as", "raw", "line", "byName", "ms", "grace", "level", "done", "total", "places", "objections", "notes", "dropped", "errors", "unhandled", "kind", "name", "message", "hint", "column"]
for i in range(50):
    send({"k": r.choice(kinds), "id": i, "server": "srv", "tool": "echo", **{r.choice(fields): r.choice(odd) for _ in range(r.randrange(4))}}, r.choice([b"", b"{}", b"[]", b"null", b"x", b"\xff", b"[" * 10**4]))
srv.echo(a=1)`,
		})
	}
	return cases
}
