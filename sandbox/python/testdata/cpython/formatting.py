# Format specifications, f-strings, %, and print.
# --- integers
n = 1234567
[f"{n:,}", f"{n:_}", f"{n:>12}", f"{n:<12}|", f"{n:^12}|", f"{n:012d}", f"{n:+d}", f"{-n:d}", f"{n: d}", f"{n:x}", f"{n:#x}", f"{n:#o}", f"{255:08b}", f"{255:#010b}", f"{n:e}", f"{65:c}", f"{n:*^15,}"]
# --- floats
x = 1234.56789
[f"{x:.2f}", f"{x:.0f}", f"{x:e}", f"{x:.3e}", f"{x:g}", f"{x:.3g}", f"{x:10.1f}|", f"{x:<10.1f}|", f"{x:,.1f}", f"{x:+.1f}", f"{0.256:.1%}", f"{x:010.2f}", f"{1e20:g}", f"{1e-5:g}", f"{x:n}", f"{0.1:.20f}", f"{2.5:.0f}", f"{3.5:.0f}", f"{-0.0:.1f}"]
# --- odd floats
[f"{float('nan')}", f"{float('inf'):.2f}", f"{float('-inf'):>8}", str(1e16), str(1e15), str(0.1 + 0.2), str(1e-5), repr(100.0), str(1.0e22), str(123456789.123456789), str(5e-324), str(1.7976931348623157e308)]
# --- strings
s = "text"
[f"{s:>8}", f"{s:<8}|", f"{s:^8}|", f"{s:*^9}", f"{s:.2}", f"{s:>6.2}|", f"{s!r}", f"{s!s:>6}", f"{'é'!a}", f"{s!r:>8}"]
# --- nested specifications
w, p, v = 10, 3, 3.14159265
[f"{v:{w}.{p}f}", f"{v:>{w}}", f"{'x':{'*'}^{w}}", "{:{}}".format("a", 5), "{0:{1}.{2}f}".format(v, 8, 2)]
# --- expressions in f-strings
d = {"a": 1, "b": [1, 2]}
x = 5
[f"{d['a']}", f"{d['b'][0] + 1}", f"{x = }", f"{x=:>4}", f"{x + 1=}", f"{{{x}}}", f"{'yes' if x > 3 else 'no'}", f"{[i * 2 for i in range(3)]}", f"{(lambda y: y * 2)(x)}", f"{x:=+5}", f"{d}"]
# --- f-strings over lines
name, items = "ada", ["x", "y"]
f"""Hello {name},
you have {len(items)} item{'s' if len(items) != 1 else ''}:
{', '.join(items)}"""
# --- format by position and name
["{} {}".format(1, 2), "{1} {0}".format(1, 2), "{a} {b}".format(a=1, b=2), "{0.real} {0.imag}".format(3 + 4j), "{d[k]} {l[1]}".format(d={"k": 1}, l=[5, 6]), "{:>{w}}".format("a", w=4), "{!r}".format("a"), "{{}}".format()]
# --- format_map
class Default(dict):
    def __missing__(self, key):
        return "{" + key + "}"
"{a} {b}".format_map(Default(a=1))
# --- format without enough values
"{} {}".format(1)
# --- format with an unknown code
f"{5:y}"
# --- format of a text as a number
f"{'abc':d}"
# --- percent
["%d items" % 3, "%s and %r" % ("a", "b"), "%5.2f|%-6s|%06d" % (3.14159, "ab", 42), "%x %X %o" % (255, 255, 8), "%%", "%(name)s is %(age)d" % {"name": "ada", "age": 36}, "%c%c" % (65, "b"), "%+d % d" % (5, 5), "%e" % 12345.678, "%g" % 0.00001, "%*d" % (5, 42), "%.3s" % "abcdef", "%s" % None, "%s" % ((1, 2),)]
# --- percent with too few
"%d %d" % (1,)
# --- percent of the wrong kind
"%d" % "x"
# --- format of a class
class Money:
    def __init__(self, cents):
        self.cents = cents
    def __format__(self, spec):
        return f"${self.cents / 100:{spec or '.2f'}}"
    def __str__(self):
        return "money"
    def __repr__(self):
        return f"Money({self.cents})"
m = Money(12345)
[f"{m}", f"{m:.0f}", f"{m!s}", f"{m!r}", str(m), repr([m]), "{:,.1f}".format(m), "%s" % m]
# --- dates in f-strings
from datetime import datetime, date
d = datetime(2024, 3, 5, 14, 7, 9)
[f"{d:%Y-%m-%d %H:%M}", f"{d:%A, %B %d}", f"{d.date()}", f"{d}", f"{date(2024, 1, 1):%j}", "{:%y/%m}".format(d)]
# --- Decimal in f-strings
from decimal import Decimal
[f"{Decimal('1234.5'):,.2f}", f"{Decimal('0.1'):.3f}", f"{Decimal('1E+3')}", f"{Decimal('1E+3'):f}", f"{Decimal('0.125'):.2%}", f"{Decimal('2.675'):.2f}", f"{Decimal(5):>6}|"]
# --- rounding in formats
[f"{x:.1f}" for x in (0.05, 0.15, 0.25, 0.35, 2.675, 1.005, 0.5, 1.5)] + [f"{x:.2f}" for x in (1.005, 2.675, 1e10 / 3)]
# --- a table
rows = [("apple", 3, 1.25), ("kiwi", 12, 0.4), ("watermelon", 1, 5)]
print(f"{'name':<12}{'n':>4}{'price':>8}")
print("-" * 24)
for name, n, price in rows:
    print(f"{name:<12}{n:>4}{price:>8.2f}")
sum(n * price for _, n, price in rows)
# --- print
print("a", "b", sep="-", end="!\n")
print()
print("x", end="")
print("y", 1, None, True, [1, "a"], {"k": 1.5}, (1,), {3}, sep=", ")
print(*"abc")
print(*[1, 2, 3], sep="\n")
print("tab\there", 'quote"s', "back\\slash")
print(1.0, 1e100, 10**20, -0.0, 1j)
# --- print to elsewhere
import io, sys
b = io.StringIO()
print("captured", file=b, end="")
print("shown", file=sys.stdout, flush=True)
sys.stdout.write("written\n")
b.getvalue()
# --- redirected output
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as out:
    print("inside")
print("outside")
out.getvalue()
# --- containers as text
[str([1, "a", None, 1.5, b"x"]), str({"k": [1], 2: "b"}), str((1,)), str(()), str({1}), str(set()), str(frozenset([1])), str(range(3)), str({}), repr([[], {}]), str(slice(1, 2)), str(1 + 2j), str(type(1)), str(Ellipsis)]
# --- containers in themselves
a = [1]
a.append(a)
d = {}
d["d"] = d
[str(a), str(d)]
# --- pprint
import pprint
data = {"name": "project", "tags": ["alpha", "beta", "gamma"], "owner": {"id": 1, "email": "someone@example.com", "roles": ["admin", "editor"]}, "b": 1, "a": 2}
pprint.pprint(data)
pprint.pprint(data, width=40, sort_dicts=False)
pprint.pprint(data, depth=1, compact=True)
pprint.pformat([list(range(10))] * 3, width=20)
# --- reprlib and ascii
import reprlib
[reprlib.repr(list(range(100))), reprlib.repr("x" * 100), ascii(["é"])]
# --- bools and None
[f"{True}", f"{True:d}", f"{True:>6}", f"{None}", f"{None!r:>6}", str(not 1), f"{1 == 1.0}", "%s %d" % (True, True)]
# --- locale-free grouping
[f"{1234567:,}".replace(",", "."), f"{1234567.891:_.2f}", format(1234567, ","), format(0.5, "%"), format("x", "^5"), format(255, "#X")]
# --- number to text and back
[float(str(x)) == x for x in (0.1, 1 / 3, 1e300, 5e-324, 123456.789e10)] + [int(str(10**30)) == 10**30, eval(repr([1.5, "a", None]))]
