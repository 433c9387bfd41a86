# Lists, dictionaries, sets, tuples, and the module collections.
# --- list methods
a = [3, 1, 2]
a.append(4); a.extend([5, 6]); a.insert(0, 0); a.remove(1)
b = a.copy()
[a, a.pop(), a.pop(0), a.index(2), a.count(4), b, a.reverse(), a, [1] * 3 + [2], [1, 2] == [1, 2], [1, 2] < [1, 3], 3 in a]
# --- list slices
a = list(range(10))
b = a[:]
b[2:5] = ["x"]
c = a[:]
del c[::2]
d = a[:]
d[::3] = [0] * 4
e = [1, 2]
e[1:1] = [8, 9]
[a[-3:], a[::-2], b, c, d, e, a[5:2], a[100:], a[-100:2]]
# --- slices of the wrong length
a = [1, 2, 3, 4]
a[::2] = [1]
# --- what is not in a list
[1, 2].remove(3)
# --- index out of range
[1, 2, 3][10]
# --- pop from nothing
[].pop()
# --- lists that are shared
a = [[0] * 2] * 2
a[0][0] = 1
b = [[0] * 2 for _ in range(2)]
b[0][0] = 1
[a, b, a[0] is a[1]]
# --- dict methods
d = {"a": 1, "b": 2}
d.update(c=3, b=5)
e = d.copy()
[d, d.get("x"), d.get("x", 0), d.setdefault("d", []), d.pop("a"), d.pop("x", None), list(d.items()), d.popitem(), "b" in d, len(d), e, dict.fromkeys("ab", 0), dict([("k", 1)]), dict(zip("xy", [1, 2]))]
# --- dict operators
a, b = {"x": 1, "y": 2}, {"y": 3, "z": 4}
c = a | b
a |= {"w": 0}
[c, a, {**b, "y": 9}, a.keys() & b.keys(), sorted(a.keys() - b.keys()), b.items() <= c.items(), {"x": 1} == {"x": 1.0}, list(reversed(c)), list(c.values())]
# --- a missing key
{"a": 1}["b"]
# --- a missing key of another kind
{1: 2}[(3, "x")]
# --- dict changed while it is read
d = {"a": 1, "b": 2}
for k in d:
    d[k + k] = 1
# --- what cannot be a key
{[1]: 2}
# --- inverted and grouped
d = {"a": 1, "b": 2, "c": 1}
groups = {}
for k, v in d.items():
    groups.setdefault(v, []).append(k)
[{v: k for k, v in d.items()}, groups, sorted(d, key=d.get, reverse=True), max(d, key=d.get), sorted(d.items(), key=lambda kv: (-kv[1], kv[0])), {k: v for k, v in sorted(d.items(), key=lambda x: x[1])}]
# --- sets
a, b = {1, 2, 3}, {3, 4}
c = a.copy()
c.add(9); c.discard(1); c.discard(100); c.update([7])
[a | b, a & b, a - b, a ^ b, a < {1, 2, 3, 4}, a.isdisjoint({5}), a.issuperset({1}), c, len(set("mississippi")), {1} <= {1}, set() == set([]), frozenset([1, 2]) == {2, 1}, 2 in a]
# --- what is not in a set
{1, 2}.remove(3)
# --- set of sets
{frozenset({1, 2}), frozenset({2, 1}), frozenset()} == {frozenset(), frozenset({1, 2})}
# --- duplicates
items = [3, 1, 3, 2, 1]
seen = set()
[list(dict.fromkeys(items)), sorted(set(items)), [x for x in items if not (x in seen or seen.add(x))], [x for x in sorted(set(items)) if items.count(x) > 1]]
# --- tuples
t = (1, "a", [2])
t[2].append(3)
a, (b, *c), d = 1, (2, 3, 4), 5
[t, t + (4,), t * 2, t.index("a"), t.count(1), (1,) < (1, 0), a, b, c, d, tuple("ab"), len(()), (1, 2) == (1, 2), hash((1, 2)) == hash((1, 2))]
# --- a tuple does not change
t = (1, 2)
t[0] = 5
# --- namedtuple
from collections import namedtuple
P = namedtuple("P", ["x", "y"], defaults=[0])
p = P(1)
[str(p), p._replace(x=5), p._asdict(), p.x + p.y, list(p), P._fields, P._make([7, 8]).y, p == (1, 0), str(P(x=1, y="a")), p[0], P._field_defaults]
# --- namedtuple with too few
from collections import namedtuple
namedtuple("P", "x y")(1)
# --- Counter
from collections import Counter
c = Counter("mississippi")
d = Counter(a=3, b=1)
d.update("ab"); d.subtract({"a": 5})
[c, c.most_common(2), c["z"], sum(c.values()), c.total(), d, +d, sorted(Counter("aab").elements()), Counter("ab") + Counter("bc"), Counter("aab") & Counter("ab"), Counter("aab") | Counter("abb"), Counter(a=2) - Counter(a=5), str(Counter("hello")), Counter("ab") <= Counter("aab"), list(c)]
# --- defaultdict
from collections import defaultdict
d = defaultdict(list)
for k, v in [("a", 1), ("b", 2), ("a", 3)]:
    d[k].append(v)
n = defaultdict(int)
for c in "hello":
    n[c] += 1
tree = defaultdict(lambda: defaultdict(int))
tree["x"]["y"] += 5
[d, n, tree, d.get("zz"), "zz" in d, d["new"], str(defaultdict(int, a=1)), sorted(d)]
# --- OrderedDict
from collections import OrderedDict
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a"); o.move_to_end("c", last=False)
[o, o.popitem(last=False), o.popitem(), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1) == {"a": 1}, list(reversed(o))]
# --- deque
from collections import deque
d = deque([1, 2, 3], maxlen=4)
d.append(4); d.append(5); d.appendleft(0)
e = deque("abcd")
e.rotate(1); e.extendleft("xy")
[d, e, e.pop(), e.popleft(), list(reversed(e)), e.index("a"), d[1], d.maxlen, str(d), e.count("b"), deque([1]) + deque([2])]
# --- pop from an empty deque
from collections import deque
deque().popleft()
# --- ChainMap
from collections import ChainMap
c = ChainMap({"a": 1}, {"a": 2, "b": 3})
d = c.new_child({"z": 0})
d["b"] = 9
[c["a"], dict(c), c.maps, d["b"], c["b"], d.parents == c, sorted(d), len(c)]
# --- UserDict and UserList
from collections import UserDict, UserList
class Lower(UserDict):
    def __setitem__(self, k, v):
        super().__setitem__(k.lower(), v)
d = Lower({"A": 1})
d.update(B=2)
[d.data, dict(d), "a" in d, UserList([1, 2]) + [3], len(UserList([3]))]
# --- nested structures
teams = {"red": [{"name": "ada", "score": 5}, {"name": "bob", "score": 7}], "blue": [{"name": "cy", "score": 9}]}
[{t: sum(p["score"] for p in ps) for t, ps in teams.items()}, max((p for ps in teams.values() for p in ps), key=lambda p: p["score"])["name"], [p["name"] for t in sorted(teams) for p in teams[t]]]
# --- copy
import copy
a = {"x": [1, [2]], "y": (1, [2])}
s, d = copy.copy(a), copy.deepcopy(a)
a["x"][1].append(3)
a["y"][1].append(4)
r = []
r.append(r)
q = copy.deepcopy(r)
[s["x"], d["x"], s["y"], d["y"], q[0] is q, copy.copy([1]) == [1]]
# --- array
from array import array
a = array("i", [3, 1, 2])
a.append(5); a.extend([7])
[a.tolist(), a.typecode, a[1:3].tolist(), sum(a), array("d", [1.5]).tolist(), array("b", b"\x01\xff").tolist(), a.index(5), str(a)]
# --- array overflow
from array import array
array("b", [200])
# --- ranges
[list(range(5, 0, -2)), range(10)[2:5], len(range(0, 100, 7)), 49 in range(0, 100, 7), range(3) == range(0, 3), range(10)[-1], list(range(0)), range(1, 10, 2).index(5), str(range(0, 10, 2)), sum(range(101))]
# --- zip and enumerate
[list(zip([1, 2, 3], "ab")), list(enumerate("ab", 1)), dict(zip("ab", range(2))), list(zip(*[[1, 2], [3, 4]])), list(zip()), [list(r) for r in zip(*["abc", "def"])]]
# --- strict zip
list(zip([1, 2], [3], strict=True))
# --- any, all, sum, min, max
[any([]), all([]), any([0, "", 1]), all([1, "a"]), sum([[1], [2]], []), sum([1, 2], 10), min("b", "a"), max([1, 5, 3], key=lambda x: -x), min([], default=None), max({"a": 2, "b": 1}), max("abc", "abd"), sum(x > 1 for x in [1, 2, 3])]
# --- max of nothing
try:
    max([])
except ValueError as e:
    r = str(e)[:5]
r
# --- sum of texts
sum(["a", "b"])
