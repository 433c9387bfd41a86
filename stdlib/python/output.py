# What a script prints, line by line.
import io
import sys
import warnings


class Output(io.TextIOBase):
    """A stream whose lines go to the host as they are finished."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, level, name):
        self.level, self.part, self.name = level, "", name

    def writable(self):
        return True

    def isatty(self):
        return False

    def fileno(self):
        raise io.UnsupportedOperation("fileno")

    @property
    def buffer(self):
        return _Bytes(self)

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if "\n" in text:
            *lines, self.part = (self.part + text).split("\n")
            for line in lines:
                LOG.line(self.level, line)
        else:
            self.part += text
            if len(self.part) > LOG.room:
                # It is too long already; the rest would only take memory.
                self.part = self.part[: LOG.room + 1]
        return len(text)

    def finish(self):
        if self.part:
            LOG.line(self.level, self.part)
            self.part = ""


class _Bytes:
    def __init__(self, out):
        self.out = out

    def write(self, data):
        self.out.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def flush(self):
        pass


class Log:
    """The room that is left for what is printed."""

    def __init__(self):
        self.room = 1 << 16
        self.dropped = 0

    def line(self, level, text):
        # A line end counts too, or empty lines would be free.
        data = text.encode("utf-8", "replace") if len(text) < self.room else b""
        if len(text) + 1 > self.room or len(data) + 1 > self.room:
            self.room = 0
            self.dropped += 1
            return
        self.room -= len(data) + 1
        FRAMES.send({"k": "out", "level": level}, data, now=True)


LOG = Log()
NOTES = []


def _warn(message, category, filename, lineno, file=None, line=None):
    text = str(message)
    if "was never awaited" in text:
        name = text.split("'")[1] if "'" in text else "it"
        note = f"{text}: write await {name}(…), or asyncio.run({name}(…))"
        if len(NOTES) < 5 and note not in NOTES:
            NOTES.append(note)
    elif issubclass(category, UserWarning):
        LOG.line("warn", f"{category.__name__}: {text}")


def install_output():
    sys.stdout, sys.stderr = Output("log", "<stdout>"), Output("error", "<stderr>")
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr
    sys.stdin = sys.__stdin__ = io.StringIO("")
    warnings.showwarning = _warn
    warnings.filters[:] = [
        ("always", None, UserWarning, None, 0),
        ("always", None, RuntimeWarning, None, 0),
        ("ignore", None, Warning, None, 0),
    ]
    warnings._filters_mutated()
