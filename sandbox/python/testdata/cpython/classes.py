# Classes, dataclasses, enumerations, descriptors, metaclasses, protocols, typing.
# --- a class
class Dog:
    kind = "dog"
    def __init__(self, name, *tricks, age=1):
        self.name, self.tricks, self.age = name, list(tricks), age
    def __repr__(self):
        return f"Dog({self.name!r})"
    def __str__(self):
        return self.name
    def older(self, by=1):
        self.age += by
        return self
    @classmethod
    def named(cls, text):
        return cls(*text.split())
    @staticmethod
    def bark(n=1):
        return "woof " * n
d = Dog("rex", "sit", age=3)
[repr(d), str(d), f"{d}", d.older().older(2).age, Dog.named("a b c").tricks, Dog.bark(2), d.kind, vars(d), isinstance(d, Dog), type(d).__name__, hasattr(d, "x"), getattr(d, "x", None), callable(d.older), str([d])]
# --- inheritance
class A:
    def f(self):
        return "A"
class B(A):
    def f(self):
        return "B" + super().f()
class C(A):
    def f(self):
        return "C" + super().f()
class D(B, C):
    pass
[D().f(), [k.__name__ for k in D.__mro__], issubclass(D, A), D.__bases__[0].__name__, isinstance(D(), (int, C))]
# --- no order of bases
class A: pass
class B(A): pass
try:
    class C(A, B): pass
except TypeError as e:
    r = " ".join(str(e).split())
r
# --- properties
class T:
    def __init__(self):
        self._c = 0
    @property
    def f(self):
        "degrees"
        return self._c * 9 / 5 + 32
    @f.setter
    def f(self, v):
        if v < -459.67:
            raise ValueError("too cold")
        self._c = (v - 32) * 5 / 9
    @f.deleter
    def f(self):
        self._c = None
t = T()
t.f = 212
a = t._c
del t.f
try:
    t.f = -500
except ValueError as e:
    m = str(e)
[a, t._c, m, T.f.__doc__]
# --- a property that is only read
class A:
    @property
    def x(self):
        return 1
A().x = 2
# --- no such attribute
class Point:
    x = 1
Point().nothing
# --- no such attribute of a class
class Point:
    pass
Point.nothing
# --- operators
class V:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, o): return V(self.x + o.x, self.y + o.y)
    def __sub__(self, o): return V(self.x - o.x, self.y - o.y)
    def __mul__(self, k): return V(self.x * k, self.y * k) if isinstance(k, (int, float)) else NotImplemented
    __rmul__ = __mul__
    def __matmul__(self, o): return self.x * o.x + self.y * o.y
    def __neg__(self): return V(-self.x, -self.y)
    def __abs__(self): return (self.x ** 2 + self.y ** 2) ** 0.5
    def __eq__(self, o): return (self.x, self.y) == (o.x, o.y)
    def __hash__(self): return hash((self.x, self.y))
    def __bool__(self): return bool(self.x or self.y)
    def __iter__(self): yield from (self.x, self.y)
    def __getitem__(self, i): return (self.x, self.y)[i]
    def __iadd__(self, o): self.x += o.x; return self
    def __repr__(self): return f"V({self.x}, {self.y})"
a, b = V(3, 4), V(1, 2)
c = V(0, 0)
c += a
[str(x) for x in (a + b, a - b, a * 2, 2 * a, -a, c)] + [a @ b, abs(a), a == V(3, 4), a != b, len({a, V(3, 4)}), bool(V(0, 0)), [*a], a[1], sum([a, b], V(0, 0)) == V(4, 6)]
# --- operators that are not there
class A: pass
A() + 1
# --- containers of one's own
class Box:
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __contains__(self, k): return k in self.d
    def __len__(self): return len(self.d)
    def __iter__(self): return iter(self.d)
    def __missing__(self, k): return "?"
    def __call__(self, *a): return a
    def __reversed__(self): return reversed(list(self.d))
b = Box()
b["x"] = 1; b["y"] = 2
del b["y"]
[len(b), "x" in b, str(list(b)), b(1, 2), bool(Box()), str(list(reversed(b))), b["x"]]
# --- attributes caught
class Auto:
    def __init__(self): object.__setattr__(self, "log", [])
    def __getattr__(self, k):
        if k.startswith("_"): raise AttributeError(k)
        return lambda *a: f"{k}{a}"
    def __setattr__(self, k, v): self.log.append((k, v))
    def __delattr__(self, k): self.log.append(k)
a = Auto()
a.x = 1
del a.y
[a.hello(1, "b"), a.log, hasattr(a, "_z")]
# --- slots
class P:
    __slots__ = ("x", "y")
    def __init__(self, x): self.x = x
p = P(1)
try:
    p.z = 1
except AttributeError as e:
    r = type(e).__name__
[p.x, r, hasattr(p, "y"), hasattr(p, "__dict__")]
# --- descriptors
class Positive:
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, o, owner=None): return self if o is None else getattr(o, self.name, 0)
    def __set__(self, o, v):
        if v <= 0: raise ValueError(f"{self.name[1:]} must be positive")
        setattr(o, self.name, v)
class Item:
    price = Positive()
    n = Positive()
i = Item()
i.price = 5
try:
    i.n = -1
except ValueError as e:
    r = str(e)
[i.price, i.n, r, type(Item.price).__name__]
# --- metaclass
class Register(type):
    all = {}
    def __new__(m, name, bases, space, **k):
        c = super().__new__(m, name, bases, space)
        m.all[name] = k
        return c
    def __call__(c, *a): return super().__call__(*[x * 2 for x in a])
    def __len__(c): return 7
class A(metaclass=Register, tag="x"):
    def __init__(self, v): self.v = v
class B(A): pass
[Register.all, A(4).v, len(A), type(B).__name__, type("C", (A,), {"z": 1})(1).z, sorted(Register.all)]
# --- subclasses told
class Plugin:
    known = []
    def __init_subclass__(cls, /, key=None, **k):
        super().__init_subclass__(**k)
        Plugin.known.append((cls.__name__, key))
class A(Plugin, key="a"): pass
class B(A): pass
[Plugin.known, [c.__name__ for c in Plugin.__subclasses__()]]
# --- abstract classes
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def name(self): ...
    def show(self): return f"{self.name}: {self.area()}"
class Square(Shape):
    name = "square"
    def __init__(self, a): self.a = a
    def area(self): return self.a ** 2
[Square(3).show(), isinstance(Square(1), Shape), sorted(Shape.__abstractmethods__)]
# --- an abstract class is not made
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
try:
    Shape()
except TypeError as e:
    r = str(e)[:41]
r
# --- abstract classes of collections
from collections.abc import Mapping, Sequence, Iterable, Callable, Hashable
class M(Mapping):
    def __getitem__(self, k): return {"a": 1, "b": 2}[k]
    def __iter__(self): return iter("ab")
    def __len__(self): return 2
m = M()
[dict(m), m.get("z", 0), "a" in m, list(m.items()), m == {"a": 1, "b": 2}, isinstance([], Sequence), isinstance({}, Mapping), isinstance("a", Iterable), isinstance(len, Callable), isinstance([], Hashable), {**m}, m]
# --- dataclass
from dataclasses import dataclass, field, asdict, astuple, replace, fields
@dataclass(order=True)
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False)
    secret: str = field(default="s", repr=False)
    def __post_init__(self): self.y += 1
p = P(1, 2)
[repr(p), p == P(1, 2), P(1) < P(2), asdict(p), astuple(p), replace(p, x=9).x, [f.name for f in fields(P)], P(1).tags is P(1).tags, sorted([P(2), P(1)])[0].x, str(P("a", y=5))]
# --- dataclass as a result
from dataclasses import dataclass, field
@dataclass
class Inner:
    n: int
@dataclass
class Outer:
    name: str
    inner: Inner
    more: list[Inner] = field(default_factory=list)
    by: dict[str, Inner] = field(default_factory=dict)
Outer("o", Inner(1), [Inner(2)], {"k": Inner(3)})
# --- frozen dataclass
from dataclasses import dataclass
@dataclass(frozen=True, slots=True)
class P:
    x: int
    def twice(self): return P(self.x * 2)
{P(1), P(1), P(2)} == {P(2), P(1)} and P(2).twice().x
# --- a frozen dataclass does not change
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
P(1).x = 2
# --- dataclass with too few
from dataclasses import dataclass
@dataclass
class P:
    x: int
    y: int
P(1)
# --- a default that is shared
from dataclasses import dataclass
@dataclass
class P:
    x: list = []
# --- keywords only, inherited
from dataclasses import dataclass, KW_ONLY, InitVar, field
@dataclass
class A:
    a: int
    _: KW_ONLY
    b: int = 2
@dataclass
class B(A):
    c: InitVar[int] = 3
    d: int = field(init=False)
    def __post_init__(self, c): self.d = self.a + c
b = B(1, 10, b=5)
[repr(b), B.__match_args__, b]
# --- enum
from enum import Enum, IntEnum, Flag, StrEnum, auto, unique
class Color(Enum):
    RED = "r"
    GREEN = "g"
    LIME = "g"
    @property
    def bright(self): return self.value.upper()
class Level(IntEnum):
    LOW = 1
    HIGH = 2
class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
class S(StrEnum):
    ONE = auto()
[str(Color.RED), repr(Color.RED), Color("r").name, Color["GREEN"].value, [c.name for c in Color], Color.LIME is Color.GREEN, Color.RED.bright, Level.LOW < Level.HIGH, Level.HIGH + 1, sorted(Level)[0].name, (Perm.R | Perm.W).value, Perm.R in (Perm.R | Perm.W), bool(Perm.R & Perm.W), S.ONE + "!", f"{S.ONE}", list(Color.__members__), Color.RED == "r", len(Color), isinstance(Level.LOW, int), {Color.RED: 1}[Color.RED]]
# --- enum as a result
from enum import Enum, IntEnum
class Color(Enum):
    RED = "r"
class N(IntEnum):
    ONE = 1
{"c": Color.RED, "n": [N.ONE], Color.RED: 1}
# --- no such member
from enum import Enum
class Color(Enum):
    RED = 1
Color(5)
# --- no such name
from enum import Enum
class Color(Enum):
    RED = 1
Color["BLUE"]
# --- functional enum
from enum import Enum
E = Enum("E", "A B C")
[E.B.value, [e.name for e in E], E(3).name]
# --- typing
from typing import Optional, Union, Any, Literal, TypedDict, NamedTuple, Protocol, Generic, TypeVar, Callable, get_type_hints, cast, runtime_checkable, get_args, get_origin, Annotated, ClassVar, Final
T = TypeVar("T")
class User(TypedDict, total=False):
    id: int
    name: str
class P(NamedTuple):
    x: int
    y: str = "d"
@runtime_checkable
class Named(Protocol):
    name: str
class Stack(Generic[T]):
    def __init__(self) -> None: self.items: list[T] = []
    def push(self, x: T) -> "Stack[T]": self.items.append(x); return self
def f(a: int, b: Optional[str] = None, *c: float) -> dict[str, Any]: ...
class N:
    name = "n"
u: User = {"id": 1}
[u, P(1), P(1)._asdict(), isinstance(N(), Named), isinstance(1, Named), Stack[int]().push(1).items, sorted(get_type_hints(f)), str(Optional[int]), get_args(Union[int, str])[1].__name__, get_origin(list[int]).__name__, cast(int, "a"), str(int | None), get_args(Literal["a", 1]), isinstance(1, int | str), f.__annotations__["a"].__name__, str(list[dict[str, int]]), User.__annotations__ == {"id": int, "name": str}]
# --- hints do nothing
def f(x: int) -> str:
    y: list[str] = 5
    return x + y
z: "anything at all"
[f(1), __annotations__]
# --- private names
class A:
    def __init__(self):
        self.__x = 1
        self._y = 2
    def get(self): return self.__x
a = A()
[a.get(), sorted(vars(a)), hasattr(a, "__x"), a._A__x]
# --- class and instance attributes
class A:
    n = 0
    items = []
    def __init__(self):
        A.n += 1
        self.items.append(self.n)
a, b = A(), A()
b.n = 100
[A.n, a.n, b.n, A.items, "n" in vars(a), del_ if (del_ := None) else b.__dict__]
# --- objects as results
class Node:
    def __init__(self, v, next=None): self.v, self.next, self._hidden = v, next, 1
[Node(1, Node(2)), {"n": Node("x")}]
# --- linked list and tree
class Tree:
    def __init__(self, v): self.v, self.l, self.r = v, None, None
    def add(self, v):
        side = "l" if v < self.v else "r"
        child = getattr(self, side)
        if child: child.add(v)
        else: setattr(self, side, Tree(v))
    def __iter__(self):
        if self.l: yield from self.l
        yield self.v
        if self.r: yield from self.r
    def depth(self): return 1 + max(self.l.depth() if self.l else 0, self.r.depth() if self.r else 0)
t = Tree(5)
for v in (3, 8, 1, 4, 9): t.add(v)
[list(t), t.depth(), 4 in t, t.l]
# --- pickling
import pickle
class A:
    def __init__(self, x): self.x = x
    def __getstate__(self): return {"x": self.x + 1}
[pickle.loads(pickle.dumps({"a": [1, (2,)]})), pickle.loads(pickle.dumps(A(1))).x]
# --- weak references
import weakref
class A: pass
a = A()
r = weakref.ref(a)
w = weakref.WeakValueDictionary(x=a)
gone = []
weakref.finalize(a, gone.append, 1)
before = r() is a, len(w)
del a
[before, r(), len(w), gone]
# --- types made at run time
import types
C = type("C", (), {"x": 1, "f": lambda self: self.x + 1})
n = types.SimpleNamespace(a=1, b="x")
n.c = [n.a]
[C().f(), str(n), n.c, vars(n), types.MappingProxyType({"a": 1})["a"], types.MethodType(lambda s, y: s.x + y, C())(5), n]
