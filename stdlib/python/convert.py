# Values on their way out, as the JSON that stands for them.
import array
import base64
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import inspect
import pathlib
import re
import sys
import types
import uuid
from math import inf

MAX_DEPTH = 200
MAX_NOTES = 5
# Integers up to this take a few bytes.
SMALL = 1 << 32
_lone = re.compile("[\ud800-\udfff]")
_scalar_text = (uuid.UUID, pathlib.PurePath, fractions.Fraction, complex)
_times = (datetime.datetime, datetime.date, datetime.time)
_bytes = (bytes, bytearray, memoryview)
_functions = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type, types.MethodWrapperType)
_suspended = (types.CoroutineType, types.AsyncGeneratorType)


class TooLarge(Exception):
    """The JSON of a value is longer than its limit."""


class NotJSON(Exception):
    """A value that JSON cannot hold."""


class Encoder:
    """Makes JSON of a value. It stops at its limit, so that a small graph with a
    vast expansion costs no more than the limit. Arguments are stricter than
    results: what is lost there would be lost in somebody else's system."""

    def __init__(self, limit, arguments=False):
        self.left = limit
        self.limit = limit
        self.arguments = arguments
        self.path = []
        self.above = set()
        # What was written of the containers so far, and what it took: a small
        # graph can have a vast expansion. It keeps them, and so their ids.
        self.done = {}
        self.notes = []

    def encode(self, value):
        # Python's bound on digits is for texts of others; the limit here is on all.
        digits = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(0)
        try:
            text = json_text(self.plain(value))
        finally:
            sys.set_int_max_str_digits(digits)
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            data = _lone.sub("\ufffd", text).encode("utf-8")
        if len(data) > self.limit:
            raise TooLarge
        return data

    def where(self):
        parts = ["the argument" if self.arguments else "result"]
        for i, step in enumerate(self.path):
            if i > 8:
                parts.append("…")
                break
            parts.append(f"[{step}]" if type(step) is int else f".{step:.60}")
        return "".join(parts)

    def lacking(self, what):
        """Notes that JSON has nothing for a value, or refuses it."""
        if self.arguments:
            raise NotJSON(f"{self.where()} {what}")
        if len(self.notes) < MAX_NOTES:
            self.notes.append(f"{self.where()} {what}")

    def spend(self, n):
        self.left -= n
        if self.left < 0:
            raise TooLarge

    def plain(self, v):
        t = type(v)
        if t is str:
            self.spend(len(v) + 2)
            return v
        if v is None or t is bool:
            self.spend(4)
            return v
        if t is int:
            return self.integer(v)
        if t is float:
            return self.number(v)
        if t is dict:
            return self.inside(v, self.mapping)
        if t is list or t is tuple:
            return self.inside(v, self.sequence)
        return self.special(v)

    def integer(self, v):
        bits = v.bit_length()
        if bits > 4 * self.limit:
            raise TooLarge
        self.spend(1 + bits // 4)
        return v

    def number(self, v):
        if v != v or v in (inf, -inf):
            name = "NaN" if v != v else "Infinity" if v > 0 else "-Infinity"
            self.lacking(f"is {name}, which JSON cannot hold" if self.arguments else f"is {name}; JSON has null for it")
            return None
        self.spend(3)
        return int(v) if v == 0 else v

    def inside(self, v, write):
        if id(v) in self.above:
            self.lacking("contains itself") if self.arguments else None
            return "[Circular]"
        if len(self.above) >= MAX_DEPTH:
            raise NotJSON(f"{self.where()} is nested deeper than {MAX_DEPTH} levels")
        before = self.done.get(id(v))
        if before is not None:
            self.spend(before[2])
            return before[1]
        self.spend(2)
        left = self.left
        self.above.add(id(v))
        try:
            plain = write(v)
        finally:
            self.above.discard(id(v))
        self.done[id(v)] = (v, plain, left - self.left + 2)
        return plain

    def mapping(self, v):
        out, path = {}, self.path
        items = list(v.items())
        if not all(type(k) is str for k, _ in items):
            named = [(self.key(k), x) for k, x in items]
            if any(k is None for k, _ in named):
                return self.sequence([list(pair) for pair in items])
            items = named
        for k, x in items:
            t = type(x)
            if t is str:
                self.spend(len(k) + len(x) + 6)
            elif x is None or t is bool or t is int and -SMALL < x < SMALL:
                self.spend(len(k) + 5)
            else:
                self.spend(len(k) + 4)
                path.append(k)
                x = self.plain(x)
                path.pop()
            out[k] = x
        return out

    def key(self, k):
        """The text that names a key, None if it has none."""
        if isinstance(k, enum.Enum):
            k = k.value
        if isinstance(k, str):
            return str(k)
        if k is None or isinstance(k, bool):
            return {None: "null", True: "true", False: "false"}[k]
        if isinstance(k, (int, float, decimal.Decimal)):
            return str(k)
        if isinstance(k, _times):
            return k.isoformat()
        if isinstance(k, _scalar_text):
            return str(k)
        return None

    def sequence(self, v):
        out, path = [], self.path
        for i, x in enumerate(v):
            t = type(x)
            if t is str:
                self.spend(len(x) + 3)
            elif x is None or t is bool or t is int and -SMALL < x < SMALL:
                self.spend(2)
            else:
                self.spend(1)
                path.append(i)
                x = self.plain(x)
                path.pop()
            out.append(x)
        return out

    def special(self, v):
        plain = self.scalar(v)
        if plain is not MISSING:
            return plain
        if isinstance(v, (dict, collections.abc.Mapping)):
            return self.inside(v, self.mapping)
        if isinstance(v, tuple) and hasattr(v, "_fields"):
            return self.inside(v, lambda v: self.mapping(dict(zip(v._fields, v))))
        if isinstance(v, (set, frozenset, collections.abc.Set)) and not isinstance(v, collections.abc.MappingView):
            return self.inside(v, self.members)
        if isinstance(v, collections.UserString):
            return self.plain(str(v))
        if isinstance(v, (collections.abc.Sequence, collections.abc.MappingView, collections.abc.Iterator, array.array)):
            return self.inside(v, self.sequence)
        if dataclasses.is_dataclass(v):
            return self.inside(v, lambda v: self.mapping({f.name: getattr(v, f.name) for f in dataclasses.fields(v)}))
        if isinstance(v, BaseException):
            return self.inside(v, lambda v: self.mapping(described(v)))
        return self.inside(v, self.attributes)

    def scalar(self, v):
        """What stands for a value without parts, MISSING for others."""
        if isinstance(v, enum.Enum):
            return self.plain(v.value)
        if isinstance(v, Eager):
            return self.plain(v.wait())
        if hasattr(type(v), "__bindery_text__"):
            return self.plain(repr(v))
        if isinstance(v, str):
            return self.plain(str.__str__(v))
        if isinstance(v, bool):
            return bool(v)
        if isinstance(v, int):
            return self.integer(int(v))
        if isinstance(v, float):
            return self.number(float(v))
        if isinstance(v, _bytes):
            self.spend(len(v) * 4 // 3)
            return base64.b64encode(v).decode("ascii")
        if isinstance(v, _times):
            return self.plain(v.isoformat())
        if isinstance(v, datetime.timedelta):
            seconds = v.total_seconds()
            return self.plain(int(seconds) if seconds.is_integer() else seconds)
        if isinstance(v, decimal.Decimal):
            return self.decimal(v)
        if isinstance(v, _scalar_text):
            return self.plain(str(v))
        if isinstance(v, re.Pattern):
            return self.plain(v.pattern)
        if isinstance(v, re.Match):
            return self.plain(v.group())
        if isinstance(v, _functions) or v is Ellipsis or v is NotImplemented:
            self.lacking(f"is {a_kind(v)}, which JSON cannot hold" if self.arguments else f"is {a_kind(v)}; JSON has null for it")
            return None
        return self.awaited(v)

    def awaited(self, v):
        if isinstance(v, Future) and v.done() and not v.cancelled() and v.exception() is None:
            return self.plain(v.result())
        if isinstance(v, _suspended) or isinstance(v, Future):
            if inspect.iscoroutine(v):
                v.close()
            self.lacking(f"is {a_kind(v)}; await it first" if self.arguments else f"is {a_kind(v)} that was not awaited")
            return None
        return MISSING

    def decimal(self, v):
        """A number where that keeps every digit, else a text."""
        if v.is_finite():
            if v == v.to_integral_value() and v.adjusted() < 20:
                return self.integer(int(v))
            f = float(v)
            if f not in (inf, -inf) and decimal.Decimal(repr(f)) == v:
                return self.number(f)
        return self.plain(str(v))

    def members(self, v):
        try:
            v = sorted(v)
        except Exception:
            pass
        return self.sequence(v)

    def attributes(self, v):
        names = getattr(v, "__dict__", None)
        if not names:
            names = {n: getattr(v, n) for n in getattr(type(v), "__slots__", ()) if isinstance(n, str) and hasattr(v, n)}
        shown = {k: x for k, x in names.items() if not k.startswith("_")}
        plain = type(v).__str__ is object.__str__ and type(v).__repr__ is object.__repr__
        if shown or plain:
            return self.mapping(shown)
        return self.plain(str(v))


MISSING = object()


def a_kind(v):
    """Names the kind of a value, with its article."""
    if v is None:
        return "None"
    names = {
        str: "a string", int: "a number", float: "a number", bool: "a boolean", list: "a list", tuple: "a tuple",
        set: "a set", types.FunctionType: "a function", types.BuiltinFunctionType: "a function",
        types.MethodType: "a method", types.ModuleType: "a module", types.CoroutineType: "a coroutine",
    }
    if isinstance(v, type):
        return f"the class {v.__name__}"
    name = names.get(type(v))
    if name:
        return name
    name = type(v).__name__
    return ("an " if name[:1].lower() in "aeiou" else "a ") + name


def described(error):
    """What a result shows of an exception."""
    out = {"name": type(error).__name__, "message": message_of(error)}
    if isinstance(error, ToolError):
        for name in ("server", "tool", "code", "hint", "result"):
            value = getattr(error, name, None)
            if value is not None:
                out[name] = value
    return out
