# JSON.
# --- dumps
import json
[json.dumps(x) for x in (None, True, 1, 1.5, 1e100, "é\n\"", [1, [2]], {"a": {"b": []}}, (), {"k": (1, 2)}, "\u2028", "\U0001f600", 10**30, -0.0, 1e-7)]
# --- loads
import json
json.loads('{"a": [1, 2.5, -3e2, true, false, null], "b": "\\u00e9\\n\\ud83d\\ude00", "c": {}, "d": 12345678901234567890123, "e": 1E5, "f": ""}')
# --- indent
import json
print(json.dumps({"b": [1, {"c": 2}], "a": [], "e": {}}, indent=2))
print(json.dumps([1, 2], indent="\t"))
json.dumps({"b": 1, "a": [1, 2]}, indent=4, sort_keys=True)
# --- separators
import json
[json.dumps({"a": [1, 2]}, separators=(",", ":")), json.dumps([1, 2], separators=("; ", "=")), json.dumps({"é": "€"}, ensure_ascii=False), json.dumps("</script>")]
# --- keys
import json
[json.dumps({1: "a", 1.5: "b", True: "c", None: "d", "x": "e"}), json.dumps({(1, 2): 1, "a": 2}, skipkeys=True)]
# --- a key that cannot be one
import json
json.dumps({(1, 2): 3})
# --- default
import json
from datetime import date
from decimal import Decimal
def default(o):
    if isinstance(o, date):
        return o.isoformat()
    if isinstance(o, set):
        return sorted(o)
    if isinstance(o, Decimal):
        return str(o)
    raise TypeError(f"cannot write {type(o).__name__}")
[json.dumps({"d": date(2024, 1, 5), "s": {2, 1}, "n": Decimal("1.10")}, default=default), json.dumps({"d": date(2024, 1, 5)}, default=str)]
# --- encoder
import json
class Encoder(json.JSONEncoder):
    def default(self, o):
        return {"re": o.real, "im": o.imag} if isinstance(o, complex) else super().default(o)
[json.dumps([1 + 2j], cls=Encoder), Encoder(indent=1).encode({"a": 1j}), "".join(json.JSONEncoder().iterencode([1, {"a": None}]))]
# --- what cannot be written
import json
json.dumps({"a": {1, 2}})
# --- what cannot be written either
import json
json.dumps(object)
# --- NaN
import json
[json.dumps([float("nan"), float("inf"), -float("inf")]), str(json.loads("[NaN, Infinity, -Infinity]"))]
# --- NaN refused
import json
try:
    json.dumps(float("nan"), allow_nan=False)
except ValueError as e:
    r = str(e)[:28]
r
# --- circles
import json
a = []
a.append(a)
json.dumps(a)
# --- hooks
import json
from decimal import Decimal
from collections import OrderedDict
[json.loads('{"a": {"b": 1}}', object_hook=lambda d: sorted(d.items())), str(json.loads("[1.10, 2]", parse_float=Decimal)), json.loads("[1, 2]", parse_int=str), json.loads('{"a": 1, "a": 2}', object_pairs_hook=list), json.loads("[NaN]", parse_constant=lambda c: c)]
# --- errors
import json
out = []
for s in ("", "{", "[1", "{'a': 1}", "nul", '"a', "1 2", '{"a" 1}', '"\t"', "\ufeff{}", "{1: 2}"):
    try:
        json.loads(s)
        out.append("read")
    except json.JSONDecodeError as e:
        out.append([e.msg, e.lineno, e.colno, e.pos])
out
# --- an error nobody caught
import json
json.loads('{"a": tru}')
# --- JSON of the wrong kind
import json
json.loads(5)
# --- raw_decode
import json
[json.JSONDecoder().raw_decode('{"a": 1} rest'), json.JSONDecoder().raw_decode("  5", 2)]
# --- lines
import json
text = '{"id": 1, "ok": true}\n\n{"id": 2, "ok": false}\n'
rows = [json.loads(line) for line in text.splitlines() if line.strip()]
"\n".join(json.dumps({**r, "n": i}) for i, r in enumerate(rows))
# --- round trip
import json
x = {"a": [1, 2.5, None, True, "é", {"b": []}], "c": 10**25, "d": 0.1}
[json.loads(json.dumps(x)) == x, json.loads(json.dumps({1: (1,)})), list(json.loads('{"z": 1, "a": 2}'))]
# --- files
import io, json
f = io.StringIO()
json.dump({"a": 1}, f)
f.seek(0)
json.load(f)
# --- a nested value found
import json
data = json.loads('{"users": [{"name": "ada", "emails": [{"type": "home", "to": "a@x"}, {"type": "work", "to": "b@x"}]}, {"name": "bob"}]}')
def dig(o, *path, default=None):
    for p in path:
        try:
            o = o[p]
        except (KeyError, IndexError, TypeError):
            return default
    return o
[dig(data, "users", 0, "emails", 1, "to"), dig(data, "users", 1, "emails", 0, default="none"), [e["to"] for u in data["users"] for e in u.get("emails", [])]]
# --- flattened
def flatten(o, at=""):
    if isinstance(o, dict):
        for k, v in o.items():
            yield from flatten(v, f"{at}.{k}" if at else k)
    elif isinstance(o, list):
        for i, v in enumerate(o):
            yield from flatten(v, f"{at}[{i}]")
    else:
        yield at, o
dict(flatten({"a": {"b": [1, {"c": 2}]}, "d": None}))
