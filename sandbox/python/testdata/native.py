# Runs snippets in the machine's own CPython, all in one process and each in a
# namespace of its own, by the rules that scripts have: await works anywhere, the
# value is the last expression, else the variable result, else None, and JSON has
# for each kind of value what docs/scripts.md says.
#
#     python3 native.py cpython/*.py
#
# A file holds many snippets; each begins with a line "# --- name". What comes out
# is a JSON array of {name, source, value, output} or {name, source, error,
# message, output}.
import array
import ast
import asyncio
import base64
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import fractions
import inspect
import io
import json
import linecache
import os
import pathlib
import re
import sys
import time
import types
import uuid

SCRIPT = "<script>"
TIMES = (datetime.datetime, datetime.date, datetime.time)
TEXTS = (uuid.UUID, pathlib.PurePath, fractions.Fraction, complex)


def snippets(path):
    topic = pathlib.PurePath(path).stem
    parts = re.split(r"(?m)^# --- (.+)\n", pathlib.Path(path).read_text("utf-8"))
    for name, source in zip(parts[1::2], parts[2::2]):
        yield f"{topic}/{name}", source.strip("\n") + "\n"


def keep_last(body):
    """Makes the last expression, also at the end of an if or a with, the value."""
    if not body:
        return
    last = body[-1]
    if isinstance(last, ast.Expr):
        target = ast.copy_location(ast.Name("<last>", ast.Store()), last)
        body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    elif isinstance(last, ast.If):
        keep_last(last.body)
        keep_last(last.orelse)
    elif isinstance(last, (ast.With, ast.AsyncWith)):
        keep_last(last.body)


def run(source):
    tree = ast.parse(source, SCRIPT)
    keep_last(tree.body)
    code = compile(tree, SCRIPT, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    space = module.__dict__
    try:
        value = eval(code, space)
        if inspect.iscoroutine(value):
            asyncio.run(value)
    except SystemExit as e:
        if e.code:
            raise
    value = space.get("<last>")
    return space.get("result") if value is None else value


def plain(v):
    if isinstance(v, enum.Enum):
        return plain(v.value)
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return int(v)
    if isinstance(v, float):
        return None if v != v or v in (float("inf"), float("-inf")) else float(v)
    if isinstance(v, (bytes, bytearray, memoryview)):
        return base64.b64encode(v).decode()
    if isinstance(v, TIMES):
        return v.isoformat()
    if isinstance(v, datetime.timedelta):
        return v.total_seconds()
    if isinstance(v, decimal.Decimal):
        return plain_decimal(v)
    if isinstance(v, TEXTS):
        return str(v)
    return plain_parts(v)


def plain_decimal(v):
    """A number where that keeps every digit."""
    if v.is_finite():
        if v == v.to_integral_value():
            return int(v)
        if decimal.Decimal(repr(float(v))) == v:
            return float(v)
    return str(v)


def plain_parts(v):
    if isinstance(v, collections.abc.Mapping):
        return plain_mapping(v)
    if isinstance(v, tuple) and hasattr(v, "_fields"):
        return plain_mapping(v._asdict())
    if isinstance(v, collections.abc.Set) and not isinstance(v, collections.abc.MappingView):
        try:
            v = sorted(v)
        except TypeError:
            pass
        return [plain(x) for x in v]
    if isinstance(v, (collections.abc.Sequence, collections.abc.Iterator, collections.abc.MappingView, collections.deque, array.array)):
        return [plain(x) for x in v]
    if dataclasses.is_dataclass(v) and not isinstance(v, type):
        return {f.name: plain(getattr(v, f.name)) for f in dataclasses.fields(v)}
    if isinstance(v, BaseException):
        return {"name": type(v).__name__, "message": str(v)}
    if isinstance(v, type) or callable(v) and not hasattr(v, "__dict__") or inspect.isroutine(v):
        return None
    shown = {k: plain(x) for k, x in vars(v).items() if not k.startswith("_")}
    return shown or str(v)


def plain_mapping(v):
    if all(isinstance(k, (str, int, float, enum.Enum, *TIMES, *TEXTS)) or k is None for k in v):
        return {key(k): plain(x) for k, x in v.items()}
    return [[plain(k), plain(x)] for k, x in v.items()]


def key(k):
    if isinstance(k, enum.Enum):
        k = k.value
    if k is None or isinstance(k, bool):
        return {None: "null", True: "true", False: "false"}[k]
    return k.isoformat() if isinstance(k, TIMES) else str(k)


def outcome(name, source):
    out = io.StringIO()
    streams, main = (sys.stdout, sys.stderr), sys.modules["__main__"]
    sys.stdout = sys.stderr = out
    linecache.cache[SCRIPT] = (len(source), None, source.splitlines(True), SCRIPT)
    try:
        ended = {"value": plain(run(source))}
    except BaseException as e:
        ended = {"error": type(e).__name__, "message": e.msg if isinstance(e, SyntaxError) else str(e)}
    finally:
        sys.stdout, sys.stderr = streams
        sys.modules["__main__"] = main
    return {"name": name, "source": source, "output": out.getvalue(), **ended}


paths = sys.argv[1:]
sys.argv = ["script"]
os.environ["TZ"] = "UTC"
time.tzset()
json.dump([outcome(*s) for path in paths for s in snippets(path)], sys.stdout)
