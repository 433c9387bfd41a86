"""What the compiler is shown as typical: the kinds of work that scripts between tool calls do.

It depends on neither time nor randomness, so that two profiles are nearly the same: they
differ by some counts in 100,000.
"""

import ast
import asyncio
import base64
import collections
import csv
import dataclasses
import datetime
import decimal
import enum
import functools
import hashlib
import heapq
import io
import itertools
import json
import math
import re
import statistics
import string
import textwrap
import typing
import urllib.parse


@dataclasses.dataclass(order=True)
class Issue:
    number: int
    title: str
    labels: list[str]
    created: datetime.datetime
    body: str = ""
    score: float = 0.0

    @property
    def age(self):
        return (datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc) - self.created).days

    def matches(self, word):
        return word in self.title or any(word in label for label in self.labels)


class State(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"


class Row(typing.NamedTuple):
    name: str
    count: int


WORDS = "fix crash on start when the cache folder is missing or read only add retry to upload of large files".split()


def records(n):
    for i in range(n):
        words = [WORDS[(i * 7 + k * k) % len(WORDS)] for k in range(3 + i % 6)]
        yield {
            "number": i, "title": " ".join(words), "labels": [{"name": w, "color": f"{i * 977 % 0xFFFFFF:06x}"} for w in words[:2]],
            "state": State.OPEN.value if i % 3 else State.CLOSED.value, "user": {"login": f"user{i % 17}", "id": i % 17, "site_admin": False},
            "created_at": f"2025-{1 + i % 12:02d}-{1 + i % 28:02d}T{i % 24:02d}:{i % 60:02d}:00Z", "comments": i % 11, "ratio": i / 7, "milestone": None,
            "body": textwrap.shorten(" ".join(words * 4), 80) + f"\nSee #{i // 2} and https://example.com/x?id={i}&q=caf\u00e9",
        }


def objects():
    data = json.loads(json.dumps(list(records(400)), indent=1))
    issues = [
        Issue(r["number"], r["title"], [l["name"] for l in r["labels"]], datetime.datetime.fromisoformat(r["created_at"]), r["body"])
        for r in data if r["state"] == "open"
    ]
    by_label = collections.defaultdict(list)
    for issue in issues:
        for label in issue.labels:
            by_label[label].append(issue)
    ranked = sorted(by_label.items(), key=lambda kv: (-len(kv[1]), kv[0]))[:5]
    count = collections.Counter(r["user"]["login"] for r in data if not r["milestone"])
    old = [i.number for i in issues if i.age > 100 and i.matches("cache")]
    pages = [data[i:i + 30] for i in range(0, len(data), 30)]
    merged = {**data[0], "extra": {"n": len(old)}, "pages": len(pages)}
    first, *rest = sorted(issues, key=lambda i: (i.created, i.number))
    grouped = {k: sum(r["comments"] for r in g) for k, g in itertools.groupby(sorted(data, key=lambda r: r["user"]["id"]), lambda r: r["user"]["id"])}
    table = [Row(k, v) for k, v in count.most_common(5)]
    assert dataclasses.asdict(first)["number"] >= 0 and rest
    return json.dumps({"top": [k for k, _ in ranked], "table": [r._asdict() for r in table], "merged": merged, "grouped": grouped}, sort_keys=True)


def texts():
    out = []
    for r in records(300):
        line = f"{r['number']:>5} | {r['title'][:40]:<40} | {r['ratio']:8.3f} | {r['comments']!r}"
        found = re.findall(r"#(\d+)", r["body"])
        url = re.search(r"(?P<scheme>https?)://(?P<host>[\w.]+)/(?P<rest>\S*)", r["body"])
        query = urllib.parse.parse_qs(urllib.parse.urlparse(url.group(0)).query)
        slug = re.sub(r"[^a-z0-9]+", "-", r["title"].lower()).strip("-")
        out.append(", ".join([line.strip(), *found, url["host"], query["id"][0], slug, r["title"].title().replace(" ", "_")]))
        out.append("".join(c for c in r["body"] if c in string.ascii_letters).upper().encode().hex()[:16])
    text = "\n".join(out)
    words = collections.Counter(re.split(r"\W+", text))
    lines = [l.split("|") for l in text.splitlines() if "|" in l]
    digest = hashlib.sha256(text.encode()).hexdigest() + base64.b64encode(text[:100].encode()).decode()
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, ["a", "b"])
    writer.writeheader()
    writer.writerows({"a": k, "b": v} for k, v in words.items())
    rows = list(csv.DictReader(io.StringIO(buffer.getvalue())))
    return len(lines), digest, len(rows), textwrap.fill(text[:400], 60)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@functools.lru_cache(maxsize=None)
def ways(n, k):
    return 1 if n == 0 else 0 if n < 0 or k == 0 else ways(n, k - 1) + ways(n - k, k)


def numbers():
    total = 0
    for i in range(60_000):
        if i % 3 == 0 or i % 5 == 0:
            total += i * i % 7
    i = 0
    while i < 20_000:
        i += 1
        total ^= i << 2
    sieve = [True] * 5000
    for n in range(2, 70):
        if sieve[n]:
            for m in range(n * n, 5000, n):
                sieve[m] = False
    grid = [[(x * y) % 9 for x in range(40)] for y in range(40)]
    total += sum(map(sum, zip(*grid))) + max(max(row) for row in grid)
    price = sum((decimal.Decimal(i) / 7).quantize(decimal.Decimal("0.01")) for i in range(300))
    points = [math.sqrt(i) * math.sin(i) for i in range(3000)]
    heap = []
    for p in points:
        heapq.heappush(heap, p)
    small = [heapq.heappop(heap) for _ in range(500)]
    return total, fib(17), ways(60, 60), 3**400 % 1009, price, statistics.fmean(points), statistics.stdev(points), small[0], sorted(points)[5], set(range(100)) & set(range(50, 150))


async def tool(n):
    await asyncio.sleep(0)
    if n % 13 == 0:
        raise ValueError(f"no item {n}")
    return {"n": n, "items": list(range(n % 5))}


async def concurrent():
    done = await asyncio.gather(*(tool(n) for n in range(400)), return_exceptions=True)
    good = [d for d in done if isinstance(d, dict)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(tool(n)) for n in range(1, 13)]
    limit = asyncio.Semaphore(4)

    async def limited(n):
        async with limit:
            return await tool(n)

    more = [await f for f in asyncio.as_completed([limited(n) for n in range(1, 12)])]
    return len(good), sum(t.result()["n"] for t in tasks), len(more)


def failures():
    caught = 0
    for i in range(400):
        try:
            {"a": 1}["b"] if i % 2 else [][i]
        except (KeyError, IndexError) as e:
            caught += len(str(e))
        finally:
            caught += 1
    match [1, {"kind": "x", "v": (2, 3)}]:
        case [int(n), {"kind": "x", "v": (a, b)}]:
            caught += n + a + b
    return caught


def generators():
    def walk(tree):
        yield tree["n"]
        for child in tree.get("children", ()):
            yield from walk(child)

    tree = {"n": 0}
    for n in range(1, 300):
        tree = {"n": n, "children": [tree, {"n": -n}]}
    return sum(walk(tree)), list(zip(*[iter(range(300))] * 3))[-1], dict(enumerate(itertools.accumulate(range(200))))[199]


def compiling():
    with open(__file__, encoding="utf-8") as f:
        source = f.read()
    for _ in range(12):
        tree = ast.parse(source)
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        compile(tree, "<script>", "exec")
    return len(names)


for _ in range(6):
    objects()
    texts()
    numbers()
    asyncio.run(concurrent())
    failures()
    generators()
    compiling()
