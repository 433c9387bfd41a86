# Generators, iterators, context managers, exceptions.
# --- generators
def count(n):
    for i in range(n):
        yield i
    return "done"
def chain():
    r = yield from count(2)
    yield r
g = count(2)
[list(count(3)), list(chain()), next(g), next(g), next(g, "end"), list(x * 2 for x in count(2)), sum(count(5)), 1 in count(3)]
# --- send and throw
def average():
    total = n = 0
    value = None
    while True:
        try:
            x = yield value
        except ValueError as e:
            x = 0
        total, n = total + x, n + 1
        value = total / n
a = average()
next(a)
out = [a.send(10), a.send(20), a.throw(ValueError("x"))]
a.close()
out + [next(a, "closed")]
# --- the value of a generator
def g():
    yield 1
    return 5
i = g()
next(i)
try:
    next(i)
except StopIteration as e:
    r = e.value
r
# --- next of nothing
next(iter([]))
# --- infinite
def primes():
    n, found = 2, []
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1
from itertools import islice, takewhile
[list(islice(primes(), 8)), list(takewhile(lambda p: p < 20, primes()))]
# --- close runs finally
log = []
def g():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")
for x in g():
    log.append(x)
    break
i = g()
next(i)
i.close()
log
# --- a generator in a generator
def walk(t, depth=0):
    name, *kids = t
    yield depth, name
    for k in kids:
        yield from walk(k, depth + 1)
[f"{'  ' * d}{n}" for d, n in walk(("root", ("a", ("b",)), ("c",)))]
# --- iterators of one's own
class Down:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n + 1
class Seq:
    def __len__(self): return 3
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i * 10
[list(Down(3)), list(Seq()), list(reversed(Seq())), 20 in Seq(), list(iter(iter([1, 2, 0, 3]).__next__, 0)), max(Down(3)), dict(zip(Seq(), "abc"))]
# --- a pipeline
lines = ["3 apples", "bad", "10 pears", "", "7 figs"]
def parse(ls):
    for l in ls:
        n, _, what = l.partition(" ")
        if n.isdigit():
            yield int(n), what
def only(rows, least): return (r for r in rows if r[0] >= least)
[list(only(parse(lines), 5)), type(only([], 1)).__name__]
# --- a generator as a result
(x * x for x in range(5))
# --- StopIteration in a generator
def g():
    yield 1
    raise StopIteration("x")
list(g())
# --- context managers
from contextlib import contextmanager, suppress, ExitStack, nullcontext, closing, redirect_stdout
log = []
@contextmanager
def tag(name):
    log.append(f"<{name}>")
    try:
        yield name
    except ValueError as e:
        log.append(f"!{e}")
    finally:
        log.append(f"</{name}>")
with tag("a") as a, tag("b"):
    log.append(a)
with tag("c"):
    raise ValueError("oops")
with suppress(KeyError, IndexError):
    {}["x"]
with ExitStack() as s:
    [s.enter_context(tag(n)) for n in "xy"]
    s.callback(log.append, "callback")
with nullcontext(5) as n:
    log.append(n)
@tag("deco")
def f(): log.append("f")
f()
log
# --- an error in a context manager
from contextlib import contextmanager
@contextmanager
def c():
    yield
    print("not here")
with c():
    raise KeyError("k")
# --- try, else, finally
def f(x):
    out = []
    try:
        out.append(10 / x)
    except ZeroDivisionError:
        out.append("zero")
    except (TypeError, ValueError) as e:
        out.append(type(e).__name__)
    else:
        out.append("else")
    finally:
        out.append("finally")
    return out
def g():
    try:
        return "try"
    finally:
        print("cleanup")
def h():
    for i in range(3):
        try:
            if i == 1: continue
            if i == 2: break
        finally:
            print("i", i)
    return i
[f(2), f(0), f("a"), g(), h()]
# --- exceptions of one's own
class AppError(Exception):
    def __init__(self, message, code=1, **extra):
        super().__init__(message)
        self.code, self.extra = code, extra
class NotFound(AppError):
    pass
def find(x):
    raise NotFound(f"no {x}", code=404, id=x)
try:
    find("thing")
except AppError as e:
    r = [type(e).__name__, str(e), e.code, e.extra, e.args, repr(e), isinstance(e, Exception)]
r
# --- an exception of one's own nobody caught
class OutOfLuck(Exception):
    pass
raise OutOfLuck("three times")
# --- an exception with many arguments
raise ValueError("a", 1, None)
# --- an exception without any
raise RuntimeError
# --- an exception with odd text
raise ValueError("line one\nline two\té €")
# --- chained
try:
    try:
        int("x")
    except ValueError as e:
        raise KeyError("k") from e
except KeyError as e:
    a = [repr(e.__cause__), e.__suppress_context__]
try:
    try:
        1 / 0
    except ZeroDivisionError:
        [][1]
except IndexError as e:
    b = [repr(e.__context__), e.__cause__]
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("v") from None
except ValueError as e:
    c = [e.__cause__, e.__suppress_context__]
[a, b, c]
# --- raised again
log = []
def f():
    try:
        raise ValueError("first")
    except ValueError:
        log.append("seen")
        raise
try:
    f()
except ValueError as e:
    log.append(str(e))
log
# --- nothing to raise again
raise
# --- groups
def f(kinds):
    log = []
    try:
        raise ExceptionGroup("many", [k("x") for k in kinds])
    except* ValueError as g:
        log.append(["V", len(g.exceptions)])
    except* (TypeError, KeyError) as g:
        log.append(["T", [type(e).__name__ for e in g.exceptions]])
    return log
g = ExceptionGroup("g", [ValueError(1), ExceptionGroup("h", [TypeError(2)])])
a, b = g.split(TypeError)
[f([ValueError, TypeError, ValueError]), f([KeyError]), str(g), repr(a), b.message, len(g.exceptions), g.subgroup(lambda e: isinstance(e, ValueError)).exceptions[0].args]
# --- notes
e = ValueError("x")
e.add_note("first note")
e.add_note("second")
e.__notes__
# --- tracebacks as text
import traceback
def f(x):
    return g(x) + 1
def g(x):
    return 10 / x
try:
    f(0)
except ZeroDivisionError as e:
    t = traceback.format_exc().splitlines()
    last = traceback.extract_tb(e.__traceback__)[-1]
[t[0], t[-1], [l.strip() for l in t if l.strip().startswith("return")], last.lineno, last.name, last.line, traceback.format_exception_only(ValueError("x")), e.__traceback__.tb_lineno if False else None]
# --- traceback printed
import traceback
try:
    int("x")
except ValueError:
    t = traceback.format_exc().splitlines()
[t[0], t[1], t[2], t[-1]]
# --- sys.exc_info
import sys
try:
    1 / 0
except ZeroDivisionError:
    k, v, t = sys.exc_info()
[k.__name__, str(v), t.tb_lineno, sys.exc_info()[0]]
# --- the hierarchy
[issubclass(a, b) for a, b in ((KeyError, LookupError), (IndexError, LookupError), (ZeroDivisionError, ArithmeticError), (FileNotFoundError, OSError), (UnicodeDecodeError, ValueError), (ModuleNotFoundError, ImportError), (RecursionError, RuntimeError), (KeyboardInterrupt, Exception), (TimeoutError, OSError), (StopIteration, Exception), (IOError, OSError))]
# --- messages of errors
out = []
pair, some, word = (1, 2), [1], "a"
for f in (lambda: {}["k"], lambda: [][0], lambda: int("x"), lambda: None.x, lambda: "a" + 1, lambda: 1 + "a", lambda: [1] + (2,), lambda: len(5), lambda: int(None), lambda: float([]), lambda: "abc".nope(), lambda: {}.items().x,
          lambda: pair["a"], lambda: some["a"], lambda: word["b"], lambda: {1} + {2}, lambda: abs("x"), lambda: sum(5), lambda: next(5), lambda: iter(5), lambda: max(1), lambda: sorted(5), lambda: range("a"), lambda: chr(-1), lambda: ord("ab"),
          lambda: "a" * "b", lambda: -"a", lambda: not_there, lambda: [] < 5, lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: list(None), lambda: isinstance(1, 5), lambda: "{}".format(), lambda: bytes([300]), lambda: "x".encode("nope"),
          lambda: __import__("nope"), lambda: int("1" * 5000), lambda: 10 ** 5 % 0, lambda: [].index(1), lambda: "".join([1]), lambda: set([[]]), lambda: round("a"), lambda: divmod(1, 0), lambda: pow(0, -1), lambda: "%d" % "a", lambda: type("a", 1, {}), lambda: object().x, lambda: zip(1), lambda: enumerate(1), lambda: map(1), lambda: hash([]), lambda: int("z", 99), lambda: all(1), lambda: super().x, lambda: print(sep=1), lambda: str(b"a", 5), lambda: memoryview("a"), lambda: bool.nope, lambda: [1, 2].pop(9), lambda: "a".center("b"), lambda: {}.pop("k"), lambda: [].remove(1), lambda: "a".index("b"), lambda: b"a".decode("ascii") + b"", lambda: (lambda x: x)(), lambda: int.nope()):
    try:
        f()
        out.append("nothing")
    except Exception as e:
        out.append(f"{type(e).__name__}: {e}")
out
# --- OSError
import errno
e = OSError(errno.ENOENT, "No such file", "x.txt")
[type(e).__name__, str(e).partition("]")[2], e.strerror, e.filename, type(OSError(errno.EACCES, "x")).__name__, issubclass(ConnectionError, OSError)]
# --- numbers of OSError
import errno
[str(OSError(2, "x")), errno.ENOENT]
# --- exit
import sys
print("before")
sys.exit()
print("after")
# --- exit with a text
import sys
sys.exit("fatal: nothing to do")
# --- exit with a number
raise SystemExit(3)
# --- an interrupt
raise KeyboardInterrupt
# --- NotImplementedError
class Base:
    def run(self): raise NotImplementedError("subclasses do this")
Base().run()
# --- assertion without a text
assert 1 == 2
# --- retry with backoff
attempts = []
def flaky():
    attempts.append(1)
    if len(attempts) < 3:
        raise ConnectionError(f"try {len(attempts)}")
    return "ok"
def retry(f, times=5):
    errors = []
    for i in range(times):
        try:
            return f(), errors
        except ConnectionError as e:
            errors.append(str(e))
    raise RuntimeError("gave up")
retry(flaky)
# --- warnings
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    warnings.warn("old", DeprecationWarning)
    warnings.warn("new")
[[x.category.__name__, str(x.message)] for x in w]
# --- logging
import logging, io
b = io.StringIO()
log = logging.getLogger("test.logging")
log.handlers[:] = [logging.StreamHandler(b)]
log.propagate = False
log.setLevel(logging.INFO)
log.handlers[0].setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))
log.info("hello %s", "x")
log.debug("hidden")
log.error("bad %d%%", 5)
b.getvalue()
