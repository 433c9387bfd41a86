# Regular expressions.
# --- search and match
import re
m = re.search(r"(\d+)-(\d+)", "tel 555-1234 x")
[m.group(), m.group(1, 2), m.groups(), m.start(), m.span(2), re.match(r"\d", "a1"), bool(re.match(r"a", "a1")), re.fullmatch(r"\w+", "abc!") is None, m.string, m.re.pattern, m[1], m.end()]
# --- findall
import re
[re.findall(r"\d+", "a1b22c333"), re.findall(r"(\w)=(\d)", "a=1, b=2"), re.findall(r"x*", "axxb"), re.findall(r"(a|b)+", "abab c b"), re.findall("", "ab")]
# --- finditer
import re
[(m.group(), m.start()) for m in re.finditer(r"[A-Z]\w+", "Ada and Bob met Cy")]
# --- named groups
import re
m = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?", "2024-03")
[m.groupdict(), m["year"], m.group("month"), m.groupdict(default="?"), m.lastgroup, m.lastindex, m.expand(r"\g<month>/\1")]
# --- sub
import re
[re.sub(r"\s+", " ", "a   b \n c"), re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.sub(r"(?P<x>\d)", r"<\g<x>>", "a1b2"), re.sub("a", "b", "aaa", count=2), re.subn("a", "b", "banana"), re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "1 and 20"), re.sub("x*", "-", "abxd")]
# --- split
import re
[re.split(r"[,;]\s*", "a, b;c"), re.split(r"(,)", "a,b"), re.split(r"\W+", "Words, words."), re.split(r",", "a,b,c", maxsplit=1), re.split("", "ab"), re.split(r"\b", "a b")]
# --- flags
import re
[re.findall(r"^\w", "ab\ncd", re.M), re.findall("a.b", "a\nb", re.S), re.findall("ABC", "abc", re.I), re.findall(r"""
 (\d+)   # number
 \s* px""", "12 px", re.X), re.findall("(?i)ß", "SS ß"), re.findall(r"\w+", "été", re.A), bool(re.match("(?s:.)a", "\na")), re.compile("a", re.I | re.M).flags & re.I == re.I]
# --- greedy and lazy
import re
[re.findall(r"<.+>", "<a><b>"), re.findall(r"<.+?>", "<a><b>"), re.findall(r"a{2,3}", "aaaaa"), re.findall(r"a{2,3}?", "aaaaa"), re.findall(r"a??b", "ab")]
# --- possessive and atomic
import re
[re.findall(r"a++b", "aab"), re.search(r"a++ab", "aaab"), re.search(r"(?>a+)ab", "aab"), re.findall(r"\d{2,}+", "1234")]
# --- lookaround
import re
[re.findall(r"\w+(?=@)", "ada@x bob@y"), re.findall(r"(?<=\$)\d+", "$5 6 $7"), re.findall(r"\b(?!the\b)\w+", "the cat the hat"), re.findall(r"(?<!\d)\d{2}(?!\d)", "12 345 67"), re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", "1234567")]
# --- back references
import re
[re.findall(r"(\w)\1", "book keeper"), bool(re.match(r"(?P<q>['\"]).*(?P=q)$", "'a'")), re.sub(r"\b(\w+) \1\b", r"\1", "the the end"), re.findall(r"(a)?b(?(1)c|d)", "abc bd")]
# --- classes
import re
[re.findall(r"[^\s,]+", "a, b c"), re.findall(r"[\w.-]+@[\w-]+\.\w+", "write to ada.b@ex-a.org, or x@y.z!"), re.findall(r"[a-f0-9]{4}", "dead beef 12g4"), re.findall(r"[\]\\]", r"a]b\c"), re.findall(r"\D+", "1ab2"), re.findall(r"[é-ü]", "aéiü")]
# --- escape
import re
[re.escape("a.b*c[1] é-_"), bool(re.fullmatch(re.escape("1+1=2?"), "1+1=2?")), re.escape("a b")]
# --- compiled
import re
p = re.compile(r"(?P<k>\w+)\s*=\s*(?P<v>[^;]+)")
[p.pattern, p.groups, dict(p.groupindex), {m["k"]: m["v"] for m in p.finditer("a = 1; b=two")}, p.search("x", 0), p.match("  a=1", 2).group(), repr(p), p.sub(r"\g<v>=\g<k>", "a=1")]
# --- Unicode
import re
[re.findall(r"\w+", "naïve Größe 東京 été_1"), re.findall(r"\d", "1२٣"), re.findall(r"\s", "a\u00a0b\u2003c"), re.findall(r"(?i)é", "É"), re.findall("[^\x00-\x7f]", "aé€")]
# --- bytes
import re
[re.findall(rb"\d+", b"a1b22"), re.sub(rb"b", b"x", b"abc")]
# --- a wrong pattern
import re
try:
    re.compile("(ab")
except re.error as e:
    r = [str(e), e.pattern]
r
# --- another wrong pattern
import re
try:
    re.search("a**", "a")
except re.error as e:
    r = str(e)
r
# --- what a wrong pattern says
import re
out = []
for p in ["[a", "a{2,1}", "(?P<1>a)", r"\1", "(?<=a+)b", "*a", "(?z)", "[z-a]", ")"]:
    try:
        re.compile(p)
    except re.error as e:
        out.append([e.msg, e.pos])
out
# --- no such group
import re
re.match("a", "a").group(1)
# --- text and bytes do not mix
import re
re.search("a", b"a")
# --- a log parsed
import re
log = """2024-01-05 10:00:01 ERROR [db] connection lost (code=17)
2024-01-05 10:00:02 INFO [web] GET /index.html 200
not a line
2024-01-05 10:00:03 ERROR [db] retry failed (code=18)"""
line = re.compile(r"^(?P<at>\S+ \S+) (?P<level>[A-Z]+) \[(?P<where>\w+)\] (?P<text>.*?)(?: \(code=(?P<code>\d+)\))?$", re.M)
[{**m.groupdict(), "code": int(m["code"]) if m["code"] else None} for m in line.finditer(log) if m["level"] == "ERROR"]
# --- a template filled
import re
values = {"name": "Ada", "n": 3}
re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda m: str(values.get(m[1], m[0])), "Hi {{ name }}, {{n}} new, {{ other }}")
# --- camel and snake
import re
def snake(s):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", s).lower()
[snake("camelCaseString"), snake("HTTPResponseCode"), re.sub(r"_(\w)", lambda m: m[1].upper(), "snake_case_here")]
# --- tokens
import re
spec = [("NUM", r"\d+(?:\.\d+)?"), ("NAME", r"[A-Za-z_]\w*"), ("OP", r"[-+*/()=]"), ("SKIP", r"\s+"), ("BAD", r".")]
token = re.compile("|".join(f"(?P<{n}>{p})" for n, p in spec))
[(m.lastgroup, m.group()) for m in token.finditer("x = 3.14*(y+2) $") if m.lastgroup != "SKIP"]
# --- links in a page
import re
html = '<a href="https://a.example/x?y=1">A</a> <a class="b" href=\'/rel\'>B &amp; C</a>'
re.findall(r"""<a\s[^>]*?href=(["'])(.*?)\1[^>]*>(.*?)</a>""", html)
# --- scanner positions
import re
p = re.compile("a")
[p.search("bab", 2), p.search("bab", 1).span(), p.findall("aaaa", 1, 3), p.fullmatch("bab", 1, 2).span()]
