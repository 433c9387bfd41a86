# What a script finds besides the tools.
import asyncio
import base64
import datetime
import time

_told = [0.0]


def table(rows, columns=None):
    """Rows as text with tabs, names once: the form with the fewest tokens."""
    try:
        return _table(rows, columns)
    except TooLarge:
        raise ValueError("table: a value in it is longer than 1 MiB") from None


def _table(rows, columns):
    if isinstance(rows, (str, bytes, dict)) or not hasattr(settle(rows), "__iter__"):
        raise TypeError('table takes a list of rows: table(rows, ["id", "title"])')
    rows = [plain_row(row) for row in settle(rows)]
    if columns is None:
        columns = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    columns = list(columns)
    lines = []
    if columns:
        lines.append("\t".join(_cell(c) for c in columns))
    for row in rows:
        if isinstance(row, dict):
            row = [row.get(c) for c in columns]
        elif not isinstance(row, (list, tuple)):
            row = [row]
        lines.append("\t".join(_cell(v) for v in row))
    return "\n".join(lines)


def plain_row(row):
    row = settle(row)
    if isinstance(row, (str, dict, list)) or row is None:
        return row
    if dataclasses.is_dataclass(row) or hasattr(row, "_fields"):
        return parse_json(Encoder(1 << 20).encode(row))
    return row


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        if isinstance(value, (int, float)):
            value = str(value)
        else:
            value = Encoder(1 << 20).encode(value).decode("utf-8")
            if value[:1] == '"':
                value = parse_json(value.encode("utf-8"))
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")


def progress(message="", done=None, total=None):
    """Tells whoever waits how far the script is."""
    if isinstance(message, (int, float)) and not isinstance(message, bool):
        message, done, total = "", message, done
    done, total = _finite(done), _finite(total)
    now = time.monotonic()
    if total > 0 and done >= total or now - _told[0] >= 0.05:
        _told[0] = now
        FRAMES.send({"k": "tell", "done": done, "total": total}, str(message)[:1000].encode("utf-8", "replace"), now=True)


def _finite(n):
    try:
        n = float(n) if isinstance(n, (int, float)) else 0.0
    except OverflowError:
        return 0.0
    return n if n - n == 0 else 0.0


def sleep(seconds):
    """Waits: plainly, or to be awaited in a script with await in it."""
    if HOST.eager:
        return _sleep(seconds)
    return HOST.sleep(seconds)


class Together(Eager):
    """Several things that have started."""

    __slots__ = ("parts", "return_exceptions")

    def __init__(self, parts, return_exceptions):
        self.parts, self.return_exceptions = parts, return_exceptions

    def wait(self):
        out, first = [], None
        for part in self.parts:
            try:
                if isinstance(part, Failed):
                    raise part.error
                if iscoroutine(part) or isinstance(part, Future) and not isinstance(part, Eager):
                    part = complete(part)
                out.append(settle(part))
            except Exception as e:
                first = first or e
                out.append(e)
        if first is not None and not self.return_exceptions:
            raise first
        return out

    def __await__(self):
        return self._all().__await__()

    async def _all(self):
        waits = [p for p in self.parts if iscoroutine(p) or isinstance(p, Future)]
        if waits:
            tasks = {id(p): ensure_future(p) for p in waits}
            await asyncio.wait(tasks.values())
            self.parts = [tasks.get(id(p), p) for p in self.parts]
            for i, p in enumerate(self.parts):
                if isinstance(p, Future) and not isinstance(p, Eager):
                    self.parts[i] = Failed(p.exception()) if p.exception() else p.result()
        return self.wait()


class Failed:
    """A part that failed before it could be waited for."""

    def __init__(self, error):
        self.error = error


def parallel(what, items=None, *, return_exceptions=False):
    """Starts everything before it waits for anything:

    parallel(lambda n: github.get_issue(number=n), [1, 2, 3])
    parallel([lambda: github.get_me(), (github.get_issue, {"number": 1})])

    The values come as a list in the order of the items. The calls that a function
    makes before it looks at a result run side by side.
    """
    if items is not None and not callable(what) and callable(items):
        what, items = items, what
    if items is None:
        if callable(what):
            raise TypeError("parallel takes a function and its items, or a list of functions: parallel(f, items)")
        thunks = [_thunk(part) for part in what]
    else:
        thunks = [lambda item=item: what(item) for item in items]
    before, HOST.eager = HOST.eager, True
    parts = []
    try:
        for thunk in thunks:
            try:
                parts.append(thunk())
            except Exception as e:
                parts.append(Failed(e))
    finally:
        HOST.eager = before
    together = Together(parts, return_exceptions)
    return together if before else together.wait()


def _thunk(part):
    if callable(part):
        return part
    if isinstance(part, tuple) and part and callable(part[0]):
        function, *rest = part
        if len(rest) == 1 and isinstance(rest[0], dict):
            return lambda: function(**rest[0])
        return lambda: function(*rest)
    return lambda: part


_CURSORS = ("nextCursor", "next_cursor", "nextPageToken", "next_page_token", "endCursor", "end_cursor", "next")


def _at(page, path):
    for step in path.split("."):
        if not isinstance(page, dict):
            return None
        page = page.get(step)
    return page


class Pages:
    """Where a reading of pages is."""

    def __init__(self, items, cursor, next, page, limit, pages):
        self.items, self.cursor, self.next, self.page = items, cursor, next, page
        self.limit, self.left = limit, pages
        self.found, self.first = [], 0

    def arguments(self, given):
        if self.page:
            return {self.page: 1, **given}
        return dict(given)

    def take(self, answer, arguments):
        """Takes one page; returns the arguments of the next one, None after the last."""
        rows = self.rows(answer)
        self.found.extend(rows)
        self.left -= 1
        if self.limit is not None and len(self.found) >= self.limit:
            del self.found[self.limit:]
            return None
        if self.left <= 0 or not rows and self.page:
            return None
        if self.page:
            self.first = self.first or len(rows)
            return {**arguments, self.page: arguments[self.page] + 1} if len(rows) >= self.first else None
        after = None
        for name in (self.next,) if self.next else _CURSORS:
            after = _at(answer, name)
            if after:
                break
        if not after or after is True or after == arguments.get(self.cursor):
            return None
        return {**arguments, self.cursor: after}

    def rows(self, answer):
        if self.items is not None:
            rows = _at(answer, self.items)
            if not isinstance(rows, list):
                keys = ", ".join(answer) if isinstance(answer, dict) else a_kind(answer)
                raise ValueError(f"paginate: a page has no list {self.items!r}; it has {keys}")
            return rows
        if isinstance(answer, list):
            return answer
        lists = [k for k, v in answer.items() if isinstance(v, list)] if isinstance(answer, dict) else []
        if len(lists) != 1:
            raise ValueError('paginate: say which list of a page is meant: paginate(tool, items="issues")')
        return answer[lists[0]]


def paginate(tool, *, items=None, cursor="cursor", next=None, page=None, limit=None, pages=100, **arguments):
    """All items of a tool that answers in pages, as one list.

    paginate(github.list_issues, items="issues", owner="o")      follows nextCursor and the like
    paginate(github.list_commits, page="page", owner="o")        counts pages until one is short

    items names the list in a page, cursor the argument that takes what next names in the answer.
    """
    state = Pages(items, cursor, next, page, limit, pages)
    if HOST.eager:
        return _pages_later(tool, state, arguments)
    args = state.arguments(arguments)
    while args is not None:
        args = state.take(tool(**args), args)
    return state.found


async def _pages_later(tool, state, arguments):
    args = state.arguments(arguments)
    while args is not None:
        answer = tool(**args)
        args = state.take(await answer if hasattr(answer, "__await__") else answer, args)
    return state.found


_PASSING = ("unavailable", "timeout", "upstream")


def retry(function, attempts=3, delay=0.5):
    """Calls function until it succeeds: retry(lambda: github.get_me()). Errors that
    another try cannot mend (a wrong argument, a refusal) are raised at once."""
    if HOST.eager:
        return _retry_later(function, attempts, delay)
    for n in range(1, max(1, attempts) + 1):
        try:
            return settle(function())
        except ToolError as e:
            if n >= attempts or e.code not in _PASSING:
                raise
        HOST.sleep(delay * 2 ** (n - 1))


async def _retry_later(function, attempts, delay):
    for n in range(1, max(1, attempts) + 1):
        try:
            value = function()
            return await value if hasattr(value, "__await__") else value
        except ToolError as e:
            if n >= attempts or e.code not in _PASSING:
                raise
        await _sleep(delay * 2 ** (n - 1))


def show_help(what=None):
    """help(): what a tool takes and gives, for what a script can ask of it."""
    if isinstance(what, (Tool, Server, str)):
        what = tools_of(what)
    print(getattr(what, "__doc__", None) or repr(what) if not isinstance(what, str) else what)


def tools_of(what):
    return str(settle(Tools().describe(what)))
