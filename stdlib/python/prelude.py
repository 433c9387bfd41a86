# One script, from its text to its result.
import builtins
import gc
import linecache
import os
import random
import sys
import time
import traceback
import types
import weakref

MAIN = types.ModuleType("__main__")
# Names that a server may take from what there is besides the tools.
YIELDING = ("sleep", "retry", "paginate")
PUBLIC = ("ToolError", "parallel", "paginate", "progress", "retry", "sleep", "table")


def run_script():
    """Runs the script that the host sends. It returns when the host knows all."""
    start, source = FRAMES.receive()
    try:
        try:
            run_once(start, source.decode("utf-8", "replace"))
        except Stopped:
            pass
        except BaseException as e:
            _ballast.clear()
            _finish_output()
            FRAMES.send(failure(e), now=True)
            return
        end()
    except MemoryError:
        FRAMES.send({"k": "fail", "kind": "memory", "name": "MemoryError"}, now=True)


class Stopped(Exception):
    """The script has ended as it wanted to."""


# Memory for the last words of a script that has used up all of it.
_ballast = [bytearray(1 << 17)]


def run_once(start, source):
    global TEXT
    random.seed(int.from_bytes(os.urandom(16), "little"))
    sys.setrecursionlimit(1000)
    TEXT = Text(source)
    NAMES.servers, NAMES.arguments = start["servers"], start["args"]
    LOG.room = start["logs"]
    data = None
    if start["data"]:
        data = FRAMES.ask({"k": "data"})[1]
        try:
            data = parse_json(data)
        except RecursionError:
            raise ValueError(f"data is nested deeper than {MAX_DEPTH} levels") from None
    program = Program(source)
    idents = _install(data)
    code, is_function = program.compile()
    if idents and any(name in source for name in (*idents, "tools")):
        Check().run(program.tree, ("tools", *idents))
    HOST.eager = program.eager
    linecache.cache[SCRIPT] = (len(source), None, source.splitlines(True), SCRIPT)
    try:
        value, returned = _execute(code, is_function)
        if value is None and not returned:
            value = _other_result(program)
    except SystemExit as e:
        if e.code not in (None, 0):
            raise
        value = MAIN.__dict__.get("result")
    _send_value(_settled(value), start["value"])


def _execute(code, is_function):
    space = MAIN.__dict__
    if HOST.eager:
        # asyncio finds its loop running, whether there is an await at the top
        # or not.
        value = LOOP.run_until_complete(_execute_later(code, is_function))
    else:
        value = _evaluate(code, is_function)
    last = space.pop(LAST, None)
    return (value, True) if value is not None else (last, False)


def _evaluate(code, is_function):
    space = MAIN.__dict__
    value = eval(code, space)
    if is_function:
        space["<star>"] = import_star
        value = space.pop("<module>")()
        space.pop("<star>", None)
    return value


async def _execute_later(code, is_function):
    value = _evaluate(code, is_function)
    return await value if iscoroutine(value) else value


def _other_result(program):
    """The result of a script whose last statement gave none."""
    space = MAIN.__dict__
    if "result" in space:
        return space["result"]
    function = space.get(program.uncalled) if program.uncalled else None
    if isinstance(function, types.FunctionType):
        return function()
    return None


def _settled(value):
    """Calls a function that is the result, and waits for what can be awaited."""
    if isinstance(value, types.FunctionType) and value.__module__ == "__main__" and not value.__code__.co_argcount:
        value = value()
    for _ in range(10):
        if isinstance(value, Eager) or iscoroutine(value) or isinstance(value, Future):
            value = complete(value)
    if isinstance(value, Tool):
        NOTES.append(f"the result is the function {value._spelling} itself: call it, as in {value._spelling}(…)")
        return None
    return value


def _send_value(value, limit):
    sys.setrecursionlimit(4000)
    encoder = Encoder(limit)
    try:
        data = b"" if value is None else encoder.encode(value)
    except TooLarge:
        FRAMES.send({"k": "fail", "kind": "large"}, now=True)
        raise Stopped from None
    except NotJSON as e:
        raise ValueError(str(e)) from None
    _finish_output()
    NOTES.extend(encoder.notes)
    FRAMES.send({"k": "value"}, data, now=True)


def _finish_output():
    for stream in (sys.__stdout__, sys.__stderr__):
        if isinstance(stream, Output):
            stream.finish()


def end():
    """Gives the calls that were not awaited their time, and tells what happened."""
    problems = []
    if HOST.pending:
        try:
            LOOP.run_until_complete(_rest())
        except BaseException as e:
            problems.append(e)
    _finish_output()
    errors = [*problems, *LOOP.forgotten()] if HOST.eager else problems
    told = [dict(failure(e)) for e in errors[:10]]
    FRAMES.send({"k": "done", "notes": NOTES, "dropped": LOG.dropped, "errors": told, "unhandled": len(errors)}, now=True)


async def _rest():
    while HOST.pending:
        if not HOST.turn(0.05, grace=True):
            return
        # What the answers woke may call again.
        for _ in range(10):
            await _sleep(0)


def _furnish():
    """Defines what every script finds without an import."""
    tools = Tools()
    found = {name: globals()[name] for name in PUBLIC}
    found.update(
        tools=tools,
        results=Functions("results", {"get": ("id",), "list": ()}),
        store=Functions("store", {"set": ("key", "value"), "get": ("key",), "delete": ("key",), "keys": ()}),
        resources=Functions("resources", {"list": ("server",), "read": ("uri", "server")}),
        prompts=Functions("prompts", {"list": ("server",), "get": ("name", "args", "server")}),
    )
    bindery = sys.modules["bindery"] = types.ModuleType("bindery")
    bindery.__dict__.update(found)
    bindery.__getattr__ = lambda name: getattr(tools, name)
    sys.modules["tools"] = tools
    for name, value in found.items():
        setattr(builtins, name, value)
    # What scripts forget to import most.
    builtins.asyncio = asyncio


def _install(data):
    """Defines what this script finds; returns the names of its servers."""
    MAIN.__dict__.update(__name__="__main__", __builtins__=builtins, __doc__=None, __annotations__={})
    sys.modules["__main__"] = MAIN
    builtins.data = sys.modules["bindery"].data = data
    idents = []
    for server in NAMES.servers:
        ident = server.get("ident")
        taken = not ident or ident in sys.stdlib_module_names or ident == "data"
        if not taken and (ident in YIELDING or not hasattr(builtins, ident)):
            sys.modules[ident] = Server(server)
            setattr(builtins, ident, sys.modules[ident])
            idents.append(ident)
    return idents


def where():
    """Tells the host where the script is, after it was stopped."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == SCRIPT:
            place = Place(frame.f_lineno or 0, frame.f_code, frame.f_lasti)
            FRAMES.outgoing.clear()
            line, column = place.pair()
            FRAMES.send({"k": "at", "line": line, "column": column}, now=True)
            return
        frame = frame.f_back


def _hide_frames():
    """Tracebacks that a script prints show none of this."""
    extract = traceback.StackSummary._extract_from_extended_frame_gen.__func__

    def own(klass, frames, **options):
        return extract(klass, ((f, at) for f, at in frames if f.f_code.co_filename != __file_name), **options)

    __file_name = _hide_frames.__code__.co_filename
    traceback.StackSummary._extract_from_extended_frame_gen = classmethod(own)


def _settle_in():
    """Does once what every script would do first, and has the host keep the
    memory as it is then: each script begins there."""
    for module in MODULES:
        try:
            __import__(module)
        except ImportError:
            pass
    install_loop()
    install_output()
    install_executors()
    install_refusals()
    _hide_frames()
    _furnish()
    practise()
    sys.modules["_bindery"] = sys.modules["__main__"]
    sys.argv = ["script"]
    programs = [b"import _bindery; _bindery.run_script()\0", b"import _bindery; _bindery.where()\0"]
    gc.collect()
    gc.freeze()
    # The characters of a bytes object come after its header of four words.
    head = {"k": "ready", "programs": [id(p) + 16 for p in programs], "version": sys.version.split()[0]}
    FRAMES.send(head, now=True)
    # The host takes this call for the sign.
    time.clock_getres(time.CLOCK_MONOTONIC)


MODULES = (
    "abc argparse array ast asyncio base64 bisect calendar cmath collections collections.abc contextlib copy csv dataclasses datetime "
    "decimal difflib enum fractions functools hashlib heapq hmac html html.parser io ipaddress itertools json keyword logging math "
    "numbers operator os pathlib pprint queue random re secrets statistics string struct textwrap time tomllib traceback types typing "
    "unicodedata urllib.parse urllib.request uuid xml.etree.ElementTree zlib zoneinfo"
).split()

_settle_in()
