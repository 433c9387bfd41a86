# Bytes, encodings, digests, files in memory, CSV, HTML, XML, URLs.
# --- bytes
b = b"hello \xff"
[b, b[0], b[1:3], list(b[:2]), b.upper(), b.find(b"l"), b.split(), b.hex(), b.hex(" "), bytes(3), bytes([1, 2]), bytearray(b"ab") + b"c", b"a" in b"cab", b"%d-%s" % (5, b"x"), str(b), b.count(b"l"), b.replace(b"l", b"L"), bytes("é", "utf-8"), b"a" < b"b", b"-".join([b"a", b"b"]), b.startswith(b"he"), b"a,b".split(b","), b" x ".strip(), len(b)]
# --- bytearray and memoryview
a = bytearray(b"hello")
a[0] = 72
a.extend(b" you")
del a[1]
m = memoryview(a)
m[1] = 76
[bytes(a), m[1:3].tobytes(), len(m), a.pop(0) if False else a[0], m.tolist()[:3], bytes(m[::-1])[:2]]
# --- a byte that is too large
bytes([256])
# --- base64
import base64 as b
[b.b64encode(b"hello world\xff").decode(), b.b64decode("aGVsbG8="), b.urlsafe_b64encode(b"\xfb\xff\xfe").decode(), b.urlsafe_b64decode("-__-"), b.b32encode(b"hi").decode(), b.b16encode(b"hi").decode(), b.b85encode(b"hello").decode(), b.a85encode(b"hello").decode(), b.b64encode("é".encode()).decode(), b.b64decode("aGVs\nbG8="), b.b32decode("NBUQ====").decode()]
# --- base64 that is none
import base64
try:
    base64.b64decode("abc")
except ValueError as e:
    r = [type(e).__name__, str(e)]
r
# --- digests
import hashlib, hmac, zlib, binascii
[hashlib.md5(b"abc").hexdigest(), hashlib.sha1(b"abc").hexdigest(), hashlib.sha256(b"abc").hexdigest(), hashlib.sha512(b"").hexdigest()[:16], hashlib.sha3_256(b"abc").hexdigest()[:16], hashlib.blake2b(b"abc", digest_size=8).hexdigest(), hashlib.new("sha256", b"abc").hexdigest()[:8], hmac.new(b"key", b"msg", "sha256").hexdigest(), zlib.crc32(b"abc"), zlib.adler32(b"abc"), binascii.hexlify(b"\x01\xff"), binascii.crc_hqx(b"abc", 0), hmac.compare_digest("a", "a"), hashlib.sha256("é".encode()).digest()[:4]]
# --- a digest in parts
import hashlib
h = hashlib.sha256()
for part in (b"a", b"b", b"c"):
    h.update(part)
[h.hexdigest() == hashlib.sha256(b"abc").hexdigest(), h.digest_size, h.name, h.copy().hexdigest()[:8], hashlib.pbkdf2_hmac("sha256", b"p", b"s", 10).hex()[:16]]
# --- a digest of a text
import hashlib
try:
    hashlib.sha256("text")
except TypeError as e:
    r = type(e).__name__
r
# --- zlib and gzip
import zlib, gzip
data = b"hello " * 100
z = zlib.compress(data, 9)
g = gzip.compress(data, mtime=0)
c = zlib.compressobj()
s = c.compress(data) + c.flush()
[zlib.decompress(z) == data, len(z) < 50, gzip.decompress(g) == data, g[:2], zlib.decompress(s) == data, zlib.decompressobj().decompress(z, 5)]
# --- zlib of something else
import zlib
zlib.decompress(b"not compressed")
# --- struct
import struct
[struct.pack("<IhB", 1, -2, 255), struct.unpack(">Hf", b"\x01\x00?\xc0\x00\x00"), struct.calcsize("<iq?"), struct.pack(">d", 1.5), list(struct.iter_unpack("<H", b"\x01\x00\x02\x00")), struct.pack("5s", b"ab"), struct.unpack_from("<B", b"abc", 1), struct.pack("!4B", 127, 0, 0, 1)]
# --- struct with too few bytes
import struct
try:
    struct.unpack("<I", b"abc")
except struct.error as e:
    r = str(e)
r
# --- uuid
import uuid
u = uuid.UUID("12345678-1234-5678-1234-567812345678")
v = uuid.uuid4()
[str(u), u.hex, u.int, u.version, str(uuid.uuid5(uuid.NAMESPACE_DNS, "example.org")), str(uuid.uuid3(uuid.NAMESPACE_URL, "x")), v.version, len(str(v)), u.bytes[:2], v != uuid.uuid4(), u, u.urn, uuid.UUID(int=5)]
# --- secrets
import secrets
[len(secrets.token_hex(8)), len(secrets.token_bytes(4)), secrets.choice([1]), 0 <= secrets.randbelow(5) < 5, len(secrets.token_urlsafe(16)) > 16, secrets.compare_digest("a", "b")]
# --- streams in memory
import io
s = io.StringIO("line 1\nline 2\n\nlast")
b = io.BytesIO(b"abc")
b.seek(0, 2)
b.write(b"def")
t = io.StringIO()
t.write("x" * 3)
t.writelines(["a\n", "b"])
[s.readline(), s.read(4), s.tell(), s.readlines(), list(io.StringIO("a\nb")), b.getvalue(), t.getvalue(), io.TextIOWrapper(io.BytesIO(b"\xc3\xa9\r\nx"), "utf-8").read(), io.StringIO("a\r\nb", newline=None).read(), b.read()]
# --- csv
import csv, io
text = 'id,name,note\n1,"Smith, J","said ""hi"""\n2,Bob,\n3,"two\nlines",x\n'
rows = list(csv.DictReader(io.StringIO(text)))
out = io.StringIO()
w = csv.writer(out, lineterminator="\n")
w.writerow(["a", 1, None, 1.5, 'q"q', "x,y"])
w.writerows([[1, 2], ["é", ""]])
d = csv.DictWriter(out, ["x", "y"], extrasaction="ignore", restval="-", lineterminator="\n")
d.writeheader()
d.writerow({"x": 1, "z": 5})
[rows, list(csv.reader(["a;b;'c;d'"], delimiter=";", quotechar="'")), out.getvalue(), csv.Sniffer().sniff("a;b\n1;2").delimiter, list(csv.reader(["1,2"], quoting=csv.QUOTE_NONNUMERIC))]
# --- csv with a key that is not wanted
import csv, io
csv.DictWriter(io.StringIO(), ["x"]).writerow({"x": 1, "z": 2})
# --- a report from csv
import csv, io
from collections import defaultdict
text = """date,category,amount
2024-01-05,food,12.50
2024-01-09,rent,800
2024-02-01,food,7.25
"""
sums = defaultdict(float)
for row in csv.DictReader(io.StringIO(text)):
    sums[row["date"][:7], row["category"]] += float(row["amount"])
{f"{m} {c}": v for (m, c), v in sorted(sums.items())}
# --- html
import html
[html.escape("<a href='x'>&\"</a>"), html.escape("'", quote=False), html.unescape("&lt;b&gt; &amp;amp; &eacute; &#8364; &#x41; &nosuch; &copy"), html.unescape("&nbsp;").encode().hex()]
# --- HTMLParser
from html.parser import HTMLParser
class P(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.text, self.tags = [], [], []
    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs).get("href"))
    def handle_startendtag(self, tag, attrs): self.tags.append(tag + "/")
    def handle_data(self, d):
        if d.strip(): self.text.append(d.strip())
p = P()
p.feed("<!doctype html><p class=x>Hello <b>big</b> world<br/><a href='/a?x=1&amp;y=2'>link</a><A HREF=b>B</A></p><!-- no -->")
[p.links, p.text, p.tags]
# --- xml
import xml.etree.ElementTree as E
root = E.fromstring('<shop name="x"><item id="1" price="2.5">Tea</item><item id="2" price="4">Cof&amp;fee</item><empty/></shop>')
E.SubElement(root, "new", {"a": "1"}).text = "<é>"
root.find("empty").set("k", "v")
[root.tag, root.attrib, [(i.get("id"), float(i.get("price")), i.text) for i in root.iter("item")], root.findtext("item"), root.find("item[@id='2']").text, len(root), E.tostring(root, encoding="unicode"), [e.tag for e in root], root.find("nope"), root.findall("./item")[1].attrib]
# --- xml with names of spaces
import xml.etree.ElementTree as E
root = E.fromstring('<a:r xmlns:a="urn:x" xmlns="urn:y"><a:b>1</a:b><c>2</c></a:r>')
E.indent(root)
[root.tag, root.findtext("{urn:x}b"), root.findtext("y:c", namespaces={"y": "urn:y"}), [e.tag for e in root], len(E.tostring(root).splitlines())]
# --- xml that is none
import xml.etree.ElementTree as E
E.fromstring("<a><b></a>")
# --- minidom
from xml.dom import minidom
d = minidom.parseString("<a><b x='1'>t</b><b/></a>")
[d.documentElement.tagName, [b.getAttribute("x") for b in d.getElementsByTagName("b")], d.toprettyxml(indent=" ")]
# --- urls
from urllib.parse import urlparse, urlsplit, urlunsplit, urljoin, parse_qs, parse_qsl, urlencode, quote, unquote, quote_plus, unquote_plus, urldefrag
u = urlparse("https://user:pw@example.org:8080/a/b;p?x=1&y=2&x=3&e=#frag")
[u.scheme, u.netloc, u.hostname, u.port, u.path, u.params, u.query, u.fragment, u.username, parse_qs(u.query), parse_qsl("a=1&b=%C3%A9+x", keep_blank_values=True), urlencode({"q": "a b&c", "n": [1, 2], "é": "€"}, doseq=True), quote("a b/é?"), quote("a/b", safe=""), quote_plus("a b+c"), unquote("a%20b%C3%A9"), unquote_plus("a+b"), urljoin("https://x.org/a/b", "../c?d"), urljoin("https://x.org/a", "//y.org/z"), urlunsplit(("https", "x.org", "/p", "q=1", "")), u._replace(netloc="z").geturl(), list(urldefrag("a#b")), list(urlsplit("//x/y"))]
# --- a url with a port that is none
from urllib.parse import urlparse
urlparse("http://x:port/").port
# --- paths
from pathlib import PurePosixPath as P, PureWindowsPath as W
import posixpath
p = P("/a/b/c.tar.gz")
[str(p / "d"), p.name, p.stem, p.suffix, p.suffixes, str(p.parent), p.parts, str(p.with_suffix(".txt")), str(p.relative_to("/a")), p.is_absolute(), p.match("*.gz"), str(P("a") / "../b"), str(W("c:/x/y").drive), str(p.with_name("z")), [str(x) for x in p.parents], posixpath.normpath("/a/./b/../c"), posixpath.relpath("/a/b", "/a/c"), P("a") < P("b"), p]
# --- relative to elsewhere
from pathlib import PurePosixPath
try:
    PurePosixPath("/a").relative_to("/b")
except ValueError as e:
    r = type(e).__name__
r
# --- configuration
import configparser, tomllib
c = configparser.ConfigParser()
c.read_string("[a]\nx = 1\ny: two words\n[b]\nz = %(w)s!\nw = 5\nflag = yes\n")
[c.sections(), c["a"]["y"], c.getint("a", "x"), c["b"]["z"], c.getboolean("b", "flag"), c.get("a", "q", fallback="none"), tomllib.loads('t = "x"\n[s]\nn = 1_000\na = [1, 2.5]\nd = 2024-01-05T10:00:00Z\n[[l]]\nk = true')]
# --- toml that is none
import tomllib
tomllib.loads("a = ")
# --- argparse
import argparse
p = argparse.ArgumentParser(prog="x")
p.add_argument("name")
p.add_argument("-n", "--count", type=int, default=1)
p.add_argument("--flag", action="store_true")
p.add_argument("--tag", action="append")
vars(p.parse_args(["ada", "-n", "3", "--flag", "--tag", "a", "--tag=b"]))
# --- ip addresses
import ipaddress as ip
n = ip.ip_network("192.168.1.0/28")
[n.num_addresses, str(list(n.hosts())[0]), ip.ip_address("192.168.1.5") in n, str(ip.ip_address("::1")), ip.ip_address("10.0.0.1").is_private, str(n.netmask), [str(s) for s in n.subnets(2)], int(ip.ip_address("1.2.3.4")), str(ip.ip_address(2**32 - 1)), ip.ip_interface("10.1.2.3/8").network.with_prefixlen]
# --- an address that is none
import ipaddress
ipaddress.ip_address("1.2.3.400")
# --- mime and email
from email.message import EmailMessage
from email import message_from_string
from email.utils import parseaddr, formataddr
import mimetypes
m = EmailMessage()
m["Subject"], m["From"], m["To"] = "Hello é", "a@x.org", "B <b@x.org>"
m.set_content("text\n")
r = message_from_string(m.as_string())
[r["Subject"][:10], r.get_content_type(), parseaddr("Ada <a@x>"), formataddr(("B C", "b@x")), m.get_content(), mimetypes.guess_type("a.json")[0]]
# --- sqlite in memory
import sqlite3
c = sqlite3.connect(":memory:")
c.row_factory = sqlite3.Row
c.execute("create table t (id integer primary key, name text, n real)")
c.executemany("insert into t (name, n) values (?, ?)", [("a", 1.5), ("b", 2), ("c", None)])
[[dict(r) for r in c.execute("select * from t where n > ? order by id", (1,))], c.execute("select count(*), sum(n) from t").fetchone()[1], [r["name"] for r in c.execute("select name from t order by name desc")]]
# --- sqlite with a wrong statement
import sqlite3
sqlite3.connect(":memory:").execute("selec 1")
# --- bytes as results
[b"\x00\x01", bytearray(b"ab"), memoryview(b"x"), {"b": b""}]
# --- codecs
import codecs
[codecs.encode("Hello", "rot13"), codecs.decode(b"6869", "hex"), "é".encode("idna") if False else "x", "naïve".encode("cp1252"), b"\xff\xfea\x00".decode("utf-16"), "a".encode("utf-8-sig"), codecs.lookup("utf8").name, "ä".encode("unicode_escape"), b"\\u00e9".decode("unicode_escape"), "ü".encode("punycode"), "a\nb".encode("quopri") if False else 1]
# --- no such encoding
"a".encode("no-such")
# --- difflib, textwrap, pprint together
import textwrap, pprint
text = " ".join(f"word{i}" for i in range(12))
out = textwrap.TextWrapper(width=24, initial_indent="- ", subsequent_indent="  ", max_lines=3, placeholder=" …").fill(text)
[out, pprint.pformat({"k": list(range(4)), "long": "x" * 30}, width=30)]
