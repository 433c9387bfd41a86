# Frames carry what this interpreter and its host tell each other: four bytes of
# length, lowest first, then one line of JSON, then bytes that the line explains.
import json.decoder
import json.encoder
import json.scanner
import os

# What a script does to the built-in functions is not to be felt here.
__builtins__ = dict(vars(__builtins__))

# Calls that are started together leave together: the first of them should not
# wait for the last, and each by itself would cost more than it is worth.
FLUSH_AT = 700

_write, _read = os.write, os.read


def _not_json(value):
    raise TypeError(f"{type(value).__name__} is not JSON")


def json_writer(quote):
    # The part of the json module that a script cannot reach.
    write = json.encoder.c_make_encoder(None, _not_json, quote, None, ":", ",", False, False, False)
    join = "".join
    return lambda value: join(write(value, 0))


json_line = json_writer(json.encoder.c_encode_basestring_ascii)
json_text = json_writer(json.encoder.c_encode_basestring)
_scan = json.scanner.c_make_scanner(json.decoder.JSONDecoder())


def parse_json(data):
    """The value of JSON in UTF-8 that the host has checked; None for none."""
    return _scan(data.decode("utf-8", "replace").lstrip(" \t\r\n"), 0)[0] if data else None


class Frames:
    def __init__(self):
        self.outgoing = []
        self.size = 0
        self.incoming = bytearray()

    def send(self, head, body=b"", now=False):
        data = json_line(head).encode("ascii") + b"\n" + body
        self.outgoing.append(len(data).to_bytes(4, "little"))
        self.outgoing.append(data)
        self.size += len(data) + 4
        if now or self.size >= FLUSH_AT:
            self.flush()

    def flush(self):
        if not self.outgoing:
            return
        data = b"".join(self.outgoing)
        self.outgoing.clear()
        self.size = 0
        while data:
            data = data[_write(1, data):]

    def _take(self, n):
        while len(self.incoming) < n:
            more = _read(0, max(65536, n - len(self.incoming)))
            if not more:
                raise EOFError("the host has gone")
            self.incoming += more
        data = bytes(self.incoming[:n])
        del self.incoming[:n]
        return data

    def receive(self):
        data = self._take(int.from_bytes(self._take(4), "little"))
        end = data.index(b"\n")
        return parse_json(data[:end]), data[end + 1:]

    def ask(self, head, body=b""):
        """Sends a question that the host answers at once."""
        self.send(head, body, now=True)
        return self.receive()


FRAMES = Frames()
