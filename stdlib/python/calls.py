# Calls that are under way, and waiting for them.
import asyncio
import operator
import time
from asyncio import Future, Task, current_task, ensure_future, iscoroutine

_now = time.monotonic
_await_future, _show_future = Future.__await__, Future.__repr__
_sleep = asyncio.sleep


class Eager:
    """Something that has started and can be awaited. Used without await it waits
    where its value is first needed, so that a forgotten await does no harm."""

    __slots__ = ()

    def wait(self):
        raise NotImplementedError

    def __getattr__(self, name):
        if name[:1] == "_":
            raise AttributeError(name)
        return getattr(self.wait(), name)

    def __iter__(self):
        return iter(self.wait())

    def __contains__(self, item):
        return item in self.wait()

    def __eq__(self, other):
        return self is other if isinstance(other, Eager) else self.wait() == other

    __hash__ = object.__hash__


def _forward(name, do):
    def method(self, *args):
        return do(self.wait(), *(settle(a) for a in args))

    method.__name__ = name
    setattr(Eager, name, method)


for _name, _do in {
    "__getitem__": operator.getitem, "__len__": len, "__bool__": bool, "__str__": str, "__format__": format, "__int__": int,
    "__float__": float, "__add__": operator.add, "__radd__": lambda a, b: b + a, "__or__": operator.or_, "__sub__": operator.sub,
    "__lt__": operator.lt, "__le__": operator.le, "__gt__": operator.gt, "__ge__": operator.ge, "__mul__": operator.mul,
}.items():
    _forward(_name, _do)


def settle(value):
    """The value of what has started, and of what is in a plain container."""
    if isinstance(value, Eager):
        return value.wait()
    if type(value) in (list, tuple) and any(isinstance(v, Eager) for v in value):
        return type(value)(settle(v) for v in value)
    if type(value) is dict and any(isinstance(v, Eager) for v in value.values()):
        return {k: settle(v) for k, v in value.items()}
    return value


class Call(Eager, Future):
    """One call that was sent."""

    def __init__(self, place):
        super().__init__(loop=LOOP)
        self.place = place

    def wait(self):
        while not self.done():
            HOST.turn(None)
        return self.result()

    def __await__(self):
        return _await_future(self)

    def __repr__(self):
        return "<a call under way>" if not self.done() else _show_future(self)


class Host:
    """This side of the conversation with the host."""

    def __init__(self):
        self.last = 0
        self.pending = {}
        self.failed = []
        # In a script with await in it, and in parallel(), calls do not wait.
        self.eager = False
        self.polled = 0

    def start(self, server, tool, spelling, arguments, raw=False):
        """Starts a call; arguments are encoded JSON."""
        place = here()
        call = Call(place)
        self.last += 1
        self.pending[self.last] = call
        head = {"k": "call", "id": self.last, "server": server, "tool": tool, "as": spelling, "raw": raw, "line": place.line}
        FRAMES.send(head, arguments)
        return call if self.eager else call.wait()

    def turn(self, timeout, grace=False):
        """Waits until a call is answered, or the time in seconds is over. False
        if there is no time left to wait at all."""
        head = {"k": "wait", "line": here().line}
        if timeout is not None:
            head["ms"] = max(0.0, timeout * 1000)
        if grace:
            head["grace"] = True
        FRAMES.send(head, now=True)
        while True:
            head, body = FRAMES.receive()
            if head["k"] == "go":
                return not head.get("over")
            self.answered(head, body)

    def answered(self, head, body):
        call = self.pending.pop(head["id"], None)
        if call is None or call.done():
            return
        try:
            if head["form"] == "json":
                value = parse_json(body)
            elif head["form"] == "text":
                value = body.decode("utf-8", "replace")
            else:
                value = self.error(head, body)
        except (ValueError, RecursionError) as e:
            why = f"it is nested too deeply" if isinstance(e, RecursionError) else str(e)
            value = ToolError("read the result: " + why, server=head["server"], tool=head["tool"], code="upstream")
        if isinstance(value, ToolError):
            value._place = call.place
            call.set_exception(value)
            self.failed.append(call)
        else:
            call.set_result(value)

    def error(self, head, body):
        return ToolError(
            head["message"], server=head["server"], tool=head["tool"], code=head["code"], hint=head.get("hint"),
            result=parse_json(body) if body else None,
        )

    def sleep(self, seconds):
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise TypeError(f"sleep takes a number of seconds, not {a_kind(seconds)}")
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        end = _now() + seconds
        while True:
            left = end - _now()
            if left <= 0:
                return
            self.turn(left)


HOST = Host()
