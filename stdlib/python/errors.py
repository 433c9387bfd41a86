# Errors as the model is told them: its own lines, and what to do.
import ast
import asyncio
import builtins
import sys
from itertools import islice

MAX_MESSAGE = 4096


class ToolError(Exception):
    """What a call that failed raises."""

    def __init__(self, message="", *, server="", tool="", code="", hint=None, result=None):
        super().__init__(message)
        self.server, self.tool, self.code, self.hint, self.result = server, tool, code, hint, result


class Deadlock(RuntimeError):
    """Nothing is under way that could wake the script."""


def hinted(error, hint):
    """Gives an exception a hint for whoever reads it uncaught."""
    error._hint = hint
    return error


def text_of(error):
    """What an exception says, which the script may have written."""
    try:
        return str(error)[:MAX_MESSAGE]
    except BaseException:
        return ""


def message_of(error):
    """The text of an exception as a model is told it."""
    text = text_of(error)
    if isinstance(error, ImportError) and text.endswith(")"):
        return text.rpartition(" (")[0]  # without the file of the module
    return text


def only_child(error):
    """The one error that a group of one stands for."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def describe(error):
    text = message_of(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def causes(error):
    """What an exception says about the ones behind it."""
    parts, seen = [], 0
    behind = error
    while seen < 3 and behind.__cause__ is not None:
        behind = behind.__cause__
        if isinstance(behind, asyncio.CancelledError):
            break  # how asyncio.timeout works is no matter of the script's
        parts.append("; caused by " + describe(behind))
        seen += 1
    if isinstance(error, BaseExceptionGroup):
        for e in error.exceptions[:10]:
            parts.append("; " + describe(only_child(e)))
    return "".join(parts)


def place_of(error):
    """Where an exception was made: where its call was, for one from a tool."""
    place = getattr(error, "_place", None)
    if isinstance(place, Place) and place.line:
        return place
    found = raised_at(error)
    if not found.line and isinstance(error, BaseExceptionGroup):
        for e in error.exceptions:
            found = place_of(e)
            if found.line:
                break
    return found


def hint_of(error):
    for e in (error, error.__cause__, error.__context__, getattr(error, "reason", None)):
        hint = getattr(e, "_hint", None)
        if isinstance(hint, str):
            return hint
    return ""


def candidates(error):
    """What a wrong name may have been meant for, as far as it can be told
    without running any code of the script."""
    if isinstance(error, NameError):
        names = set(dir(builtins)) | set(MAIN.__dict__)
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == SCRIPT:
                names.update(trace.tb_frame.f_locals)
            trace = trace.tb_next
        return getattr(error, "name", None), names
    if isinstance(error, ImportError):
        module = sys.modules.get(error.name or "")
        if module is not None and isinstance(module, type(sys)):
            return getattr(error, "name_from", None) or last_word(message_of(error)), set(dir(module))
        return error.name, set(getattr(sys, "stdlib_module_names", ()))
    if isinstance(error, AttributeError):
        of = getattr(error, "obj", None)
        if isinstance(of, (type(sys), str, int, float, list, dict, tuple, set, bytes)) or type(of).__module__ == "__main__":
            return getattr(error, "name", None), set(object.__dir__(of)) if not isinstance(of, type) else set(type.__dir__(of))
    return None, ()


def missing_key(error):
    """The keys of the dict that a key was not in, as far as the text where it
    was asked for names the dict without running anything."""
    trace, frame = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == SCRIPT:
            frame, at = trace.tb_frame, trace.tb_lasti
        trace = trace.tb_next
    if frame is None or len(error.args) != 1 or type(error.args[0]) is not str:
        return None
    place = next(islice(frame.f_code.co_positions(), at // 2, None))
    try:
        node = ast.parse(TEXT.between(*place), mode="eval").body
    except (SyntaxError, ValueError, TypeError):
        return None
    found = _look_up(node.value, frame) if isinstance(node, ast.Subscript) else None
    return [k for k in found if type(k) is str] if type(found) is dict else None


def _look_up(node, frame):
    """What a name, or a constant place in what a name stands for, is."""
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if isinstance(node, ast.Subscript):
        of = _look_up(node.value, frame)
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if type(of) is dict and isinstance(key, str):
            return of.get(key)
        if type(of) is list and isinstance(key, int) and -len(of) <= key < len(of):
            return of[key]
    return None


def last_word(text):
    """The name in "cannot import name 'x' from …"."""
    parts = text.split("'")
    return parts[1] if len(parts) > 1 else ""


def failure(error):
    """The head of the frame that tells why the script failed."""
    try:
        return told(error)
    except BaseException:  # its class keeps what it knows to itself
        return {"k": "fail", "name": type(error).__name__, "message": text_of(error), "hint": ""}


def told(error):
    error = only_child(error)
    kind = type(error)
    head = {"k": "fail", "name": "KeyError" if kind is UnknownName else kind.__name__}
    if isinstance(error, SyntaxError) and error.filename == SCRIPT and raised_at(error).line == 0:
        return syntax_failure(error, head)
    place = place_of(error)
    head["line"], head["column"] = place.pair()
    if isinstance(error, MemoryError):
        head["kind"] = "memory"
        return head
    if isinstance(error, SystemExit):
        head["kind"] = "exit"
    if isinstance(error, Deadlock):
        head["kind"] = "stuck"
    text = message_of(error)
    if isinstance(error, ToolError):
        head["server"], head["tool"] = str(error.server or ""), str(error.tool or "")
        head["hint"] = str(error.hint or "")
    else:
        head["hint"] = hint_of(error)
    head["message"] = (text + causes(error))[:2 * MAX_MESSAGE]
    if not head["hint"]:
        advise(error, head)
    return head


def advise(error, head):
    if isinstance(error, AttributeError):
        of = getattr(error, "obj", None)
        head["of"] = "dict" if isinstance(of, dict) else "list" if isinstance(of, list) else type(of).__name__
    if isinstance(error, ImportError):
        missing_import(error, head)
    if isinstance(error, OSError):
        head["kind"] = "files"
    if type(error) is KeyError:
        keys = missing_key(error)
        if keys is not None:
            head["wrong"], head["names"] = error.args[0][:200], [k[:100] for k in keys[:200]]
        return
    name, names = candidates(error)
    if isinstance(name, str) and name:
        head["wrong"] = name[:200]
        head["names"] = [n for n in sorted(n for n in names if isinstance(n, str)) if n[:1] != "_" and "<" not in n][:3000]


def missing_import(error, head):
    """Tells what is known of a module, or a name of one, that is not there."""
    name = str(error.name or "")
    top, _, rest = name.partition(".")
    server = sys.modules.get(top)
    if isinstance(error, ModuleNotFoundError):
        head["module"] = name
        if isinstance(server, Server):
            head["hint"] = f"{top} is a server: write from {top} import {rest}"
    elif isinstance(server, Server):
        wrong = server._find(last_word(message_of(error)))[1]
        if wrong:
            head["message"] = wrong["error"]


def syntax_failure(error, head):
    head["kind"] = "syntax"
    head["message"] = str(error.msg)
    head["line"], head["column"] = error.lineno or 0, error.offset or 0
    return head
