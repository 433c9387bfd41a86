# Strings: methods, slicing, Unicode, and the modules that work on text.
# --- case
s = "Hello, World"
[s.upper(), s.lower(), s.title(), s.swapcase(), s.casefold(), "straße".upper(), "ǅ".lower(), "ß".casefold()]
# --- strip
["  a b ".strip(), "xxaxx".strip("x"), "abcba".lstrip("ab"), "file.txt".removesuffix(".txt"), "test_x".removeprefix("test_"), "\t\n a\v".split()]
# --- split
["a,b,,c".split(","), "a,b,c,d".split(",", 2), "a b  c".split(), "a b  c".split(" "), "a-b-c".rsplit("-", 1), "".split(), "".split(",")]
# --- splitlines
["a\nb\r\nc\rd".splitlines(), "a\n\nb\n".splitlines(True), "a\x0bb\x0cc\x85d\u2028e".splitlines()]
# --- partition
["key=value=x".partition("="), "key".partition("="), "a.b.c".rpartition("."), "abc".rpartition(".")]
# --- find
s = "banana"
out = [s.find("an"), s.rfind("an"), s.find("x"), s.count("a"), s.count("ana"), s.index("n"), s.count("")]
try:
    s.index("x")
except ValueError as e:
    out.append(str(e))
out
# --- replace
["aaa".replace("a", "b", 2), "abc".replace("", "-"), "x".replace("x", ""), "a.b".translate(str.maketrans(".", "_", "a")), "abc".translate({97: "A", 98: None})]
# --- join
[", ".join(["a", "b"]), "".join(str(i) for i in range(5)), "-".join("abc"), ",".join([]), "\n".join(f"{k}: {v}" for k, v in {"x": 1, "y": 2}.items())]
# --- join of what is no text
", ".join(["a", 1])
# --- predicates
[f() for s in ("abc", "123", "a1", " ", "", "Ab", "ABC", "½", "²", "Ⅷ") for f in (s.isalpha, s.isdigit, s.isdecimal, s.isnumeric, s.isalnum, s.isspace, s.isupper, s.istitle, s.isidentifier, s.isascii)]
# --- padding
["a".ljust(4, "."), "a".rjust(4), "ab".center(7, "*"), "ab".center(4), "7".zfill(3), "-7".zfill(4), "+1.5".zfill(6), "abc".zfill(2)]
# --- slices
s = "0123456789"
[s[2:5], s[-3:], s[::-1], s[::3], s[7:2:-2], s[20:], s[-100:2], s[5:5], s[-1], s[slice(1, 4)]]
# --- index out of range
"abc"[5]
# --- starts and ends
["abc".startswith("ab"), "abc".startswith(("x", "a")), "abc".endswith("bc", 1), "abc".endswith(""), "x" in "xyz", "" in "", "abc" < "abd", "Z" < "a", "a" * 3, 0 * "a"]
# --- characters
[ord("a"), chr(8364), ord("😀"), chr(0x1F600), len("😀"), len("é"), len("e\u0301"), [hex(ord(c)) for c in "aé€😀"], "\N{BULLET}", "\x41\u0042\U00000043\103"]
# --- normal forms
import unicodedata
s = "e\u0301 ﬁ ①"
[unicodedata.normalize(f, s) for f in ("NFC", "NFD", "NFKC", "NFKD")] + [unicodedata.name("é"), unicodedata.category("A"), unicodedata.lookup("SNOWMAN"), unicodedata.numeric("½"), unicodedata.east_asian_width("あ"), unicodedata.combining("\u0301")]
# --- accents taken off
import unicodedata
def plain(s):
    return "".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c))
[plain("Crème brûlée"), plain("Ångström"), plain("Żółć")]
# --- slug
import re
def slugify(text):
    text = re.sub(r"[^\w\s-]", "", text.lower())
    return re.sub(r"[-\s]+", "-", text).strip("-_")
[slugify("Hello, World!"), slugify("  A  --  b_c "), slugify("Ünïcode is OK")]
# --- encode
["é€😀".encode(), "é".encode("latin-1"), "abc".encode("utf-16-le"), "é".encode("ascii", "ignore"), "é".encode("ascii", "replace"), "é€".encode("ascii", "xmlcharrefreplace"), "é".encode("ascii", "backslashreplace"), "a\ud800".encode("utf-8", "surrogatepass")]
# --- encode what cannot be
"é".encode("ascii")
# --- decode what cannot be
b"\xff\xfe".decode("utf-8")
# --- repr
[repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\t\n\\ \x00 é \u200b \ud800"), ascii("é€"), str(b"a\x00\xff"), repr("")]
# --- expandtabs and wrap
import textwrap
text = "The quick brown fox jumped over the lazy dog, then it slept for hours in the warm sun."
[textwrap.wrap(text, 30), textwrap.fill(text, 40, initial_indent="* ", subsequent_indent="  "), textwrap.shorten(text, 35, placeholder="…"), "a\tb".expandtabs(4)]
# --- dedent and indent
import textwrap
s = """
    def f():
        return 1

    x
"""
[textwrap.dedent(s), textwrap.indent("a\n\nb", "> "), textwrap.indent("a\n\nb", "> ", lambda line: True)]
# --- templates
from string import Template
t = Template("$who owes ${amount} to $who$$")
[t.substitute(who="ada", amount=5), t.safe_substitute(who="bob"), Template("$$x").substitute()]
# --- template without a value
from string import Template
Template("$who").substitute()
# --- constants of string
import string
[string.ascii_lowercase, string.digits, string.hexdigits, string.punctuation, string.capwords("hello  big world"), len(string.printable)]
# --- Formatter
import string
class Safe(string.Formatter):
    def get_value(self, key, args, kwargs):
        return kwargs.get(key, f"<{key}>") if isinstance(key, str) else super().get_value(key, args, kwargs)
[Safe().format("{a} {b} {0}", 1, a=2), [t[1] for t in string.Formatter().parse("x{a!r:>5}y{b.c[0]}")]]
# --- comparison without case
words = ["banana", "Apple", "cherry", "apple"]
[sorted(words), sorted(words, key=str.lower), sorted(words, key=lambda w: (w.lower(), w)), max(words), min(words, key=len)]
# --- words counted
from collections import Counter
text = "the cat and the hat and the bat"
[Counter(text.split()).most_common(2), {w: text.split().count(w) for w in sorted(set(text.split()))}]
# --- palindromes and vowels
def palindrome(s):
    s = [c.lower() for c in s if c.isalnum()]
    return s == s[::-1]
[palindrome("A man, a plan, a canal: Panama"), palindrome("abc"), sum(c in "aeiou" for c in "programming"), "".join(dict.fromkeys("mississippi"))]
# --- caesar
def shift(s, n):
    return "".join(chr((ord(c) - b + n) % 26 + b) if c.isalpha() and (b := 65 if c.isupper() else 97) else c for c in s)
[shift("Hello, World", 3), shift(shift("abc xyz", 5), -5)]
# --- difflib
import difflib
a, b = "one\ntwo\nthree\n".splitlines(True), "one\ntoo\nthree\nfour\n".splitlines(True)
[list(difflib.unified_diff(a, b, "a", "b")), difflib.get_close_matches("appel", ["ape", "apple", "peach"]), round(difflib.SequenceMatcher(None, "abcd", "bcde").ratio(), 3), list(difflib.ndiff(a, b))]
# --- opcodes
import difflib
difflib.SequenceMatcher(None, "qabxcd", "abycdf").get_opcodes()
# --- shlex
import shlex
[shlex.split("a 'b c' \"d e\" f\\ g # h"), shlex.quote("it's"), shlex.join(["a", "b c"])]
# --- fnmatch
import fnmatch
[fnmatch.filter(["a.py", "b.txt", "c.PY", "ab.py"], "*.py"), fnmatch.fnmatchcase("a1", "a[0-9]"), fnmatch.translate("a*.?")[:7]]
# --- bytes and text
[bytes("é", "utf-8"), str(b"\xc3\xa9", "utf-8"), b"abc".decode(), "é".encode().hex(), bytes.fromhex("c3a9").decode(), b"a" + bytes([98, 99])]
# --- text and bytes do not mix
"a" + b"b"
# --- a long number in a text
[f"{1234567.891:,.2f}", "1,234".replace(",", ""), int("1_000"), float("1e3"), int(" 42\n"), int("ff", 16), int("0b101", 0), int("-7")]
# --- a text that is no number
int("12a")
# --- a text that is no float
float("abc")
