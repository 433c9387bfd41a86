# itertools, functools, operator, lambdas, sorting.
# --- chains
import itertools as it
[list(it.chain([1], (2, 3), "a")), list(it.chain.from_iterable([[1], [2]])), list(it.repeat("x", 3)), list(it.islice(it.count(10, 5), 3)), list(it.islice(it.cycle("ab"), 5)), list(it.islice("abcdefg", 1, 6, 2)), list(it.zip_longest("ab", "c", fillvalue="-")), list(it.pairwise("abcd"))]
# --- combinations
import itertools as it
[list(it.combinations("abc", 2)), list(it.permutations([1, 2, 3], 2)), list(it.product("ab", [1, 2])), list(it.combinations_with_replacement("ab", 2)), len(list(it.product(range(3), repeat=3))), list(it.permutations("ab"))]
# --- groupby
import itertools as it
rows = [("a", 1), ("a", 2), ("b", 3), ("a", 4)]
[[(k, [v for _, v in g]) for k, g in it.groupby(rows, key=lambda r: r[0])], [(k, len(list(g))) for k, g in it.groupby("aaabbc")], {k: sum(v for _, v in g) for k, g in it.groupby(sorted(rows), key=lambda r: r[0])}]
# --- filters
import itertools as it
[list(it.takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(it.dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(it.filterfalse(str.isdigit, "a1b2")), list(it.compress("abcd", [1, 0, 1, 0])), list(it.starmap(pow, [(2, 3), (3, 2)]))]
# --- accumulate
import itertools as it, operator
[list(it.accumulate([1, 2, 3, 4])), list(it.accumulate([3, 1, 4, 1], max)), list(it.accumulate([1, 2, 3], operator.mul, initial=10)), list(it.accumulate("abc"))]
# --- tee
import itertools as it
a, b = it.tee(iter([1, 2, 3]))
[next(a), next(a), list(b), list(a)]
# --- chunks
import itertools as it
def chunks(xs, n):
    i = iter(xs)
    while part := list(it.islice(i, n)):
        yield part
[list(chunks(range(7), 3)), list(zip(*[iter("abcdef")] * 2)), [list(range(10))[i:i + 4] for i in range(0, 10, 4)]]
# --- reduce
from functools import reduce
import operator
[reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(operator.add, ["a", "b"], "x"), reduce(lambda d, k: d[k], ["a", "b"], {"a": {"b": 5}}), reduce(lambda a, b: {**a, **b}, [{"x": 1}, {"y": 2}])]
# --- reduce of nothing
from functools import reduce
reduce(lambda a, b: a, [])
# --- partial
from functools import partial
p = partial(int, base=2)
[p("101"), partial(pow, 2)(5), p.keywords, partial(partial(max, 3), 7)(5), list(map(partial(round, ndigits=1), [1.25, 2.34]))]
# --- caches
from functools import lru_cache, cache, cached_property
@lru_cache(maxsize=2)
def f(x):
    return x * x
[f(1), f(2), f(1), f(3), f(2)]
@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
class C:
    made = 0
    @cached_property
    def v(self):
        C.made += 1
        return 5
c = C()
i = f.cache_info()
f.cache_clear()
[fib(80), c.v + c.v, C.made, list(i), list(f.cache_info()), fib.cache_info().misses, f.__wrapped__(9)]
# --- what cannot be cached
from functools import lru_cache
@lru_cache
def f(x):
    return x
f([])
# --- singledispatch
from functools import singledispatch, singledispatchmethod
@singledispatch
def show(x):
    return f"?{x}"
@show.register
def _(x: int):
    return f"int {x}"
@show.register(list)
def _(x):
    return [show(y) for y in x]
class C:
    @singledispatchmethod
    def f(self, x):
        return "any"
    @f.register
    def _(self, x: str):
        return "str"
[show(1), show("a"), show([1, "b"]), show(True), C().f("a"), C().f(1)]
# --- wraps
from functools import wraps
def twice(f):
    @wraps(f)
    def g(*a, **k):
        "inner"
        return [f(*a, **k), f(*a, **k)]
    return g
@twice
def hello(name="x", *, up=False):
    "says hello"
    return name.upper() if up else name
[hello("a", up=True), hello.__name__, hello.__doc__, hello.__wrapped__("z"), hello()]
# --- decorators with arguments
calls = []
def log(prefix, times=1):
    def decorate(f):
        def inner(*a, **k):
            calls.append(f"{prefix}:{f.__name__}{a}{k}")
            return [f(*a, **k)] * times
        return inner
    return decorate
@log("A")
@log("B", times=2)
def add(a, b=1):
    return a + b
[add(1), add(2, b=3), calls]
# --- a decorator that is a class
class Count:
    def __init__(self, f):
        self.f, self.n = f, 0
    def __call__(self, *a):
        self.n += 1
        return self.f(*a)
@Count
def f(x):
    return x + 1
[f(1), f(2), f.n]
# --- total_ordering and cmp_to_key
from functools import total_ordering, cmp_to_key
@total_ordering
class V:
    def __init__(self, s):
        self.p = tuple(map(int, s.split(".")))
    def __eq__(self, o):
        return self.p == o.p
    def __lt__(self, o):
        return self.p < o.p
    def __repr__(self):
        return ".".join(map(str, self.p))
[V("1.10") >= V("1.9"), str(sorted([V("2.0"), V("1.10"), V("1.9")])), sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)), max(V("1.2"), V("1.10")).p]
# --- operator
import operator as op
[op.itemgetter(1)([5, 6]), op.itemgetter("a", "b")({"a": 1, "b": 2}), op.attrgetter("real")(3), op.methodcaller("split", ",")("a,b"), op.floordiv(7, 2), op.contains([1], 1), op.concat("a", "b"), op.indexOf([5, 6], 6), op.countOf("aab", "a"), op.neg(5), op.truth([]), op.is_not(1, None), op.xor(5, 1), op.matmul if False else 0]
# --- map and filter
[list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(filter(None, [0, 1, "", "a", None])), list(filter(lambda x: x % 2, range(6))), list(map(int, "123")), sum(map(len, ["a", "bc"])), dict(map(lambda kv: (kv[0], kv[1] * 2), {"a": 1}.items()))]
# --- lambdas and closures
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
c, d = counter(), counter()
late = [lambda: i for i in range(3)]
early = [lambda i=i: i for i in range(3)]
[c(), c(5), d(), [f() for f in late], [f() for f in early], (lambda *a, **k: (a, k))(1, b=2), (lambda x, y=2: x + y)(1), c.__closure__[0].cell_contents]
# --- compose and curry
from functools import reduce
compose = lambda *fs: reduce(lambda f, g: lambda x: f(g(x)), fs)
add = lambda a: lambda b: a + b
[compose(str, abs, int)("-5"), add(1)(2), list(map(add(10), [1, 2]))]
# --- sorting
people = [{"n": "bob", "a": 30}, {"n": "ada", "a": 30}, {"n": "cy", "a": 25}]
a = [3, 1, 2]
b = sorted(a, reverse=True)
a.sort()
[[p["n"] for p in sorted(people, key=lambda p: (p["a"], p["n"]))], [p["n"] for p in sorted(people, key=lambda p: p["a"], reverse=True)], [p["n"] for p in sorted(people, key=lambda p: (-p["a"], p["n"]))], a, b, sorted("banana"), sorted({"b": 1, "a": 2}), sorted([(1, "b"), (1, "a"), (0, "z")]), sorted([True, 0, 2, -1]), sorted(["b", "A", "a"], key=str.swapcase), a.sort() is None]
# --- sorting with None
rows = [3, None, 1]
[sorted(rows, key=lambda x: (x is None, x or 0)), sorted(["10", "9", "2"], key=int), sorted(["a10", "a9"], key=lambda s: int(s[1:])), sorted([[2], [1, 5], []], key=len)]
# --- what cannot be sorted
sorted([1, "a"])
# --- what cannot be sorted either
sorted([{"a": 1}, {"a": 0}])
# --- heaps
import heapq
h = [5, 1, 8, 3]
heapq.heapify(h)
heapq.heappush(h, 0)
out = [heapq.heappop(h) for _ in range(3)]
[out, heapq.nlargest(2, [4, 9, 1]), heapq.nsmallest(2, ["bb", "a", "ccc"], key=len), list(heapq.merge([1, 4], [2, 3])), heapq.heappushpop(h, 2), heapq.heapreplace(h, 1), sorted(h)]
# --- a queue by priority
import heapq, itertools
n, q = itertools.count(), []
for p, task in [(2, "b"), (1, "a"), (2, "c"), (0, {"x": 1})]:
    heapq.heappush(q, (p, next(n), task))
[heapq.heappop(q)[2] for _ in range(4)]
# --- bisect
import bisect
a = [1, 3, 3, 5]
bisect.insort(a, 4)
def grade(x):
    return "FDCBA"[bisect.bisect([60, 70, 80, 90], x)]
[a, bisect.bisect_left(a, 3), bisect.bisect_right(a, 3), [grade(x) for x in (59, 60, 85, 100)], bisect.bisect_left([("a", 1), ("b", 2)], "b", key=lambda t: t[0])]
# --- graphs
from graphlib import TopologicalSorter
from collections import deque
def shortest(g, a, b):
    todo, seen = deque([[a]]), {a}
    while todo:
        path = todo.popleft()
        if path[-1] == b:
            return path
        for n in g.get(path[-1], []):
            if n not in seen:
                seen.add(n)
                todo.append(path + [n])
[shortest({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["e"]}, "a", "e"), list(TopologicalSorter({"d": {"b", "c"}, "b": {"a"}, "c": {"b"}}).static_order()), shortest({}, "a", "z")]
# --- a cycle in a graph
from graphlib import TopologicalSorter, CycleError
try:
    list(TopologicalSorter({"a": ["b"], "b": ["a"]}).static_order())
except CycleError as e:
    r = [e.args[0], sorted(set(e.args[1]))]
r
# --- dijkstra
import heapq
g = {"a": {"b": 1, "c": 4}, "b": {"c": 2, "d": 6}, "c": {"d": 3}, "d": {}}
dist, q = {"a": 0}, [(0, "a")]
while q:
    d, n = heapq.heappop(q)
    for m, w in g[n].items():
        if d + w < dist.get(m, float("inf")):
            dist[m] = d + w
            heapq.heappush(q, (d + w, m))
dist
# --- matrices
m = [[1, 2, 3], [4, 5, 6]]
[[list(r) for r in zip(*m)], [[sum(a * b for a, b in zip(r, c)) for c in zip(*[[1, 0], [0, 1], [1, 1]])] for r in m], [x for r in m for x in r], [row[::-1] for row in m], sum(map(sum, m)), [list(r) for r in zip(*m[::-1])]]
