# Statements and expressions: match, :=, stars, comprehensions, scopes, loops.
# --- match
def f(x):
    match x:
        case 0 | 1: return "small"
        case int(n) if n > 100: return f"big {n}"
        case bool() | int(): return "int"
        case "a" | "b" as s: return f"str {s}"
        case [] : return "empty"
        case [1, *rest]: return f"one and {rest}"
        case (x, y): return f"pair {x} {y}"
        case {"type": "user", "name": str(n), **more}: return f"user {n} {more}"
        case {"k": [a, {"b": b}]}: return f"deep {a} {b}"
        case None: return "none"
        case float(): return "float"
        case _: return "other"
[f(x) for x in (0, True, 200, 5, "a", "z", [], [1, 2, 3], [5, 6], (7, 8), {"type": "user", "name": "ada", "x": 1}, {"type": "user", "name": 5}, {"k": [1, {"b": 2}]}, None, 1.5, [1, 2, 3][1:], b"x")]
# --- match of classes
from dataclasses import dataclass
from enum import Enum
@dataclass
class P:
    x: int
    y: int
class C(Enum):
    R = 1
def f(v):
    match v:
        case P(0, 0): return "origin"
        case P(x=0, y=y): return f"on y at {y}"
        case P(x, y) if x == y: return "diagonal"
        case P(): return "somewhere"
        case C.R: return "red"
        case str() as s if s.isdigit(): return int(s)
        case [P(x=a), P(x=b)]: return a + b
        case {"p": P(x, _)}: return x
[f(v) for v in (P(0, 0), P(0, 5), P(3, 3), P(1, 2), C.R, "12", [P(1, 1), P(2, 2)], {"p": P(9, 0)}, 5)]
# --- walrus
import re
data = iter([3, 1, 0, 5])
out = []
while (n := next(data)) != 0:
    out.append(n)
if (m := re.search(r"\d+", "ab12")) and (k := int(m[0])) > 5:
    out.append(k)
[out, [y for x in range(5) if (y := x * x) > 3], y, (z := 5) + z, any((w := x) > 2 for x in [1, 3, 5]), w]
# --- unpacking
a, *b, c = [1, 2, 3, 4]
(d, e), [f, *g] = (1, 2), "xyz"
*h, = range(3)
first, *_, last = "hello"
def fn(a, b=2, *args, c, d=4, **kw): return [a, b, list(args), c, d, kw]
i, j = j0, i0 = 1, 2
[a, b, c, d, e, f, g, h, first, last, fn(1, c=3), fn(*[1, 2, 3], **{"c": 5, "z": 6}), [*b, *h], {**{"a": 1}, "b": 2}, (*"ab", 1), {*b, 9}, i, j, i0]
# --- too many to unpack
a, b = [1, 2, 3]
# --- too few to unpack
a, b, *c = [1]
# --- comprehensions
[[x * y for x in (1, 2) for y in (3, 4) if x * y != 4], {x: x ** 2 for x in range(3)}, {x % 3 for x in range(10)}, list(x for x in "ab"), [[j for j in range(i)] for i in range(3)], [x if x > 1 else -x for x in range(3)], {k: [v for v in vs if v] for k, vs in {"a": [0, 1]}.items()}, sum(x for x in range(5)), [(i, c) for i, c in enumerate("ab")], [a for a, in [(1,), (2,)]]]
# --- scope of comprehensions
x = "outer"
y = [x for x in range(3)]
class A:
    n = 3
    m = [i for i in range(n)]
[x, y, A.m]
# --- scopes
x = 1
def f():
    return x
def g():
    global x
    x = 2
    def h():
        x = 3
        return x
    return h()
def k():
    n = 0
    def inner():
        nonlocal n
        n += 1
        return n
    inner()
    return inner() + n
[f(), g(), x, f(), k()]
# --- a local name before it has a value
x = 1
def f():
    print(x)
    x = 2
f()
# --- a name that is not there
undefined_thing + 1
# --- a name that was taken away
x = 1
del x
x
# --- loops with else
def find(n, xs):
    for x in xs:
        if x == n:
            break
    else:
        return "not found"
    return "found"
i = 0
while i < 3:
    i += 1
    if i == 2:
        continue
else:
    i = 10
[find(1, [1]), find(2, [1]), i, [x for x in range(10) if x % 2 if x > 4]]
# --- arguments
def f(a, /, b, *, c=3): return a, b, c
def g(*args, **kw): return args, kw
def h(x, acc=[]):
    acc.append(x)
    return acc
[f(1, 2), f(1, b=5, c=6), g(1, k=2), g(), h(1) is h(2), h(3), f.__kwdefaults__, h.__defaults__ == ([1, 2, 3],), f.__code__.co_varnames]
# --- too few arguments
def f(a, b, *, c): pass
f(1)
# --- too many arguments
def f(a): pass
f(1, 2, 3)
# --- an argument of another name
def f(a): pass
f(zzz=1)
# --- an argument given twice
def f(a): pass
f(1, a=2)
# --- by position only
def f(a, /): pass
f(a=1)
# --- what cannot be called
n = 5
n()
# --- what cannot be indexed
n = None
n[0]
# --- what cannot be iterated
for x in 5:
    pass
# --- conditional expressions
x = None
[1 if x else 2, x or "default", x is None, not x, "a" if 0 else "b" if 0 else "c", (lambda: 1 if x is None else 2)(), [1, 2][True], {"a": 1}.get("b") or 5]
# --- assignment
a = b = []
b.append(1)
c, d = 1, 2
c, d = d, c
e = [1, 2, 3]
e[0], e[1] = e[1], e[0]
f = {"n": 1}
f["n"] += 5
g = "x"
g += "y"
g *= 2
h = 10
h //= 3; h **= 2; h -= 1; h |= 16; h <<= 1; h %= 7
[a, c, d, e, f, g, h, a is b]
# --- delete
a, d = [1, 2, 3, 4], {"x": 1, "y": 2}
del a[0], a[-1], d["x"]
b = a
del b
[a, d]
# --- assert
x = 5
assert x == 5
assert x < 3, f"x is {x}"
# --- strings side by side
s = ("a" "b"
     'c')
t = "x\
y"
[s, t, r"\n", """a
b""", b"x" b"y", f"{1}" "2", "é" "\u00e9", 'a' + "b" * 2]
# --- numbers
[1_000, 0xFF, 0b11, 0o17, 1e3, .5, 5., 1j * 1j == -1, 10 ** -2, 3 // 1.5, 0x_f]
# --- main
def main():
    print("in main")
    return {"done": True}

if __name__ == "__main__":
    print(__name__)
    result = main()
# --- main at the end
def main():
    print("working")
    return 42

if __name__ == "__main__":
    main()
# --- main with a loop
import sys
def main(argv=None):
    total = 0
    for i in range(3):
        total += i
        print(f"step {i}: {total}")
    return 0
if __name__ == "__main__":
    main(sys.argv[1:])
# --- imports
import os.path, collections.abc as cabc
from math import sqrt as root, pi
from collections import *
import json as j
[os.path.join("a", "b"), cabc.Sized.__name__, root(4), round(pi, 2), Counter("aa")["a"], j.dumps(1), os.path.splitext("x/a.tar.gz"), os.path.basename("/a/b"), os.path.normpath("a/../b//c")]
# --- a module that is not there
import no_such_module
# --- a name that a module has not
try:
    from math import no_such_name
except ImportError as e:
    r = [type(e).__name__, e.name, str(e)[:44]]
r
# --- semicolons and one-liners
x = 1; y = 2
if x: y += 1; x = 5
for i in range(2): x += i
while x > 4: x -= 1
def f(): return x; 
class A: z = 3; w = z + 1
[x, y, f(), A.w]
# --- ellipsis and pass
def f(): ...
def g():
    """doc"""
class A: pass
[f(), g(), g.__doc__, ... is Ellipsis, A.__name__, type(...).__name__]
# --- dunder names
def f():
    "docs"
[__name__, f.__name__, f.__module__, f.__qualname__, (lambda: 0).__name__, f.__doc__, type(f).__name__, __doc__]
# --- with
class C:
    def __init__(self, n): self.n = n
    def __enter__(self):
        print("enter", self.n)
        return self
    def __exit__(self, kind, error, trace):
        print("exit", self.n, kind.__name__ if kind else None)
        return kind is KeyError
with C(1) as a, C(2):
    print("body", a.n)
with (C(3), C(4) as d):
    raise KeyError
with C(5):
    5
# --- nested functions
def outer(x):
    def inner(y):
        def innermost(z): return x + y + z
        return innermost
    return inner
add = outer(1)(2)
[add(3), outer.__code__.co_cellvars, add.__code__.co_freevars]
# --- recursion
def hanoi(n, a="A", b="B", c="C"):
    return hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c) if n else []
def flatten(x): return [z for y in x for z in (flatten(y) if isinstance(y, list) else [y])]
def perms(s): return [s] if len(s) < 2 else [c + p for i, c in enumerate(s) for p in perms(s[:i] + s[i + 1:])]
def ack(m, n): return n + 1 if m == 0 else ack(m - 1, 1) if n == 0 else ack(m - 1, ack(m, n - 1))
[hanoi(2), flatten([1, [2, [3, [4]]]]), perms("abc"), ack(2, 3)]
# --- recursion without an end
def f(n):
    return f(n + 1)
f(0)
# --- a recursion that is caught
def f(n):
    return f(n + 1)
try:
    f(0)
except RecursionError as e:
    r = str(e)[:32]
r
# --- eval and exec
space = {}
exec("x = 1\ndef f(): return x + 1", space)
[eval("1 + 2"), space["f"](), eval("a * 2", {"a": 5}), eval(compile("3 * 3", "s", "eval")), (lambda: eval("[i for i in range(2)]"))()]
# --- syntax error
x = (1 + 
y = 2
# --- another syntax error
def f(:
    pass
# --- indentation
def f():
x = 1
# --- a keyword as a name
class = 5
# --- return outside
def f():
    return 1
yield 5
# --- a wrong assignment
1 = x
# --- quotes that do not end
x = "abc
# --- docstring first
"""This script does a thing."""
x = 1
x + 1
