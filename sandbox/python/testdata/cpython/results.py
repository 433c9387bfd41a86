# What the result of a script is.
# --- last expression
1
2
# --- the variable result
result = {"a": 1}
# --- result before a loop
result = []
for i in range(3):
    result.append(i)
# --- last expression before result
result = 1
2
# --- no result
x = 1
# --- print as the last
print("hello")
# --- print as the last, with a result
result = 5
print("hello")
# --- an expression that is None
[1].append(2)
# --- if at the end
x = 3
if x > 2:
    "big"
else:
    "small"
# --- if not at the end
x = 1
if x > 2:
    "big"
# --- with at the end
from contextlib import nullcontext
with nullcontext(5) as n:
    n + 1
# --- loop at the end
for i in range(3):
    i
# --- tuple at the end
1, "a"
# --- string over lines at the end
"""
a
  b
"""
# --- comment at the end
42  # the answer
# and more
# --- nothing
# only a comment
# --- pass
pass
# --- none
None
# --- bool
not []
# --- text
"plain text with \"quotes\" and é"
# --- nested kinds
{"s": {3, 1, 2}, "t": (1, (2,)), "r": range(2), "k": {"a": 1}.keys(), "v": {"a": 1}.values(), "i": {"a": 1}.items(), "m": map(str, [1]), "z": zip("a", "b"), "f": frozenset("b"), "e": enumerate("x")}
# --- keys of many kinds
{1: "a", 2.5: "b", None: "c", True: "d", "x": "e"}
# --- keys that are pairs
{(1, 2): "a", (3, 4): "b"}
# --- an exception
ValueError("not raised")
# --- functions inside
{"f": len, "n": 1}
# --- an object
class A:
    def __init__(self): self.a, self._b = 1, 2
A()
# --- an object without attributes
class A:
    def __str__(self): return "an A"
A()
# --- long integers
[2**53, 2**53 + 1, -2**63, 10**40]
# --- floats
[0.1, 1e21, 1e-7, 1.0, 123456789.123456789, 5e-324]
# --- complex and path
import pathlib
[1 + 2j, pathlib.PurePosixPath("a/b")]
# --- control characters
"\x00\x1f\u2028\ufeff"
# --- a generator expression
(c for c in "abc")
# --- an assignment expression
(y := 5)
# --- a lambda that was called
(lambda: {"x": 1})()
# --- await at the end
import asyncio
await asyncio.sleep(0, "value")
# --- semicolons at the end
x = 1; x + 1
# --- conditional at the end
"yes" if True else "no"
# --- deleted
x = 1
del x
# --- globals
a = 1
sorted(k for k in globals() if k.startswith("a"))
# --- result that was None
result = None
# --- underscore
_ = 5
_
