# Where the script is: lines and columns of its own text, both counted from 1.
import sys
from itertools import islice

SCRIPT = "<script>"
_current = sys._getframe


class Text:
    """The script as the model wrote it."""

    def __init__(self, source=""):
        self.lines = source.split("\n")

    def column(self, line, offset):
        """The column of a byte of a line."""
        if offset is None or not 0 < line <= len(self.lines):
            return 0
        return len(self.lines[line - 1].encode("utf-8", "replace")[:offset].decode("utf-8", "ignore")) + 1

    def between(self, line, last, column, end):
        """The text between two places; columns count bytes from 0."""
        lines = self.lines[line - 1:last]
        if not lines or column is None or end is None:
            return ""
        lines[-1] = lines[-1].encode("utf-8", "replace")[:end].decode("utf-8", "ignore")
        lines[0] = lines[0].encode("utf-8", "replace")[column:].decode("utf-8", "ignore")
        return "\n".join(lines)


TEXT = Text()


class Place:
    """A place in running code, worked out only when somebody asks."""

    __slots__ = ("line", "code", "at")

    def __init__(self, line=0, code=None, at=-1):
        self.line, self.code, self.at = line, code, at

    def column(self):
        if self.code is None or self.at < 0:
            return 0
        for line, _, column, _ in islice(self.code.co_positions(), self.at // 2, None):
            return TEXT.column(line, column) if line == self.line else 0
        return 0

    def pair(self):
        return (self.line, self.column()) if self.line else (0, 0)


def here():
    """The innermost place in the script that is being executed."""
    frame = _current(1)
    while frame is not None:
        code = frame.f_code
        if code.co_filename == SCRIPT:
            return Place(frame.f_lineno or 0, code, frame.f_lasti)
        frame = frame.f_back
    return Place()


def raised_at(error):
    """The innermost place in the script that an exception came through."""
    found = Place()
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == SCRIPT:
            found = Place(trace.tb_lineno or 0, trace.tb_frame.f_code, trace.tb_lasti)
        trace = trace.tb_next
    return found
