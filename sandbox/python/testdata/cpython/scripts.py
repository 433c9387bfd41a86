# Whole scripts as models write them.
# --- filter, group and count
issues = [
    {"id": 1, "title": "Crash on start", "labels": ["bug", "p1"], "author": "ada", "comments": 4, "created": "2024-01-05T10:00:00Z"},
    {"id": 2, "title": "Typo in docs", "labels": ["docs"], "author": "bob", "comments": 0, "created": "2024-02-11T09:30:00Z"},
    {"id": 3, "title": "Slow query", "labels": ["bug", "perf"], "author": "ada", "comments": 9, "created": "2024-02-20T16:45:00Z"},
    {"id": 4, "title": "Feature: export", "labels": [], "author": "cy", "comments": 2, "created": "2024-03-01T08:00:00Z"},
]
from collections import Counter, defaultdict
by_author = defaultdict(list)
for i in issues:
    by_author[i["author"]].append(i["id"])
labels = Counter(l for i in issues for l in i["labels"])
months = Counter(i["created"][:7] for i in issues)
{
    "bugs": [i["title"] for i in issues if "bug" in i["labels"]],
    "by_author": dict(by_author),
    "labels": labels.most_common(),
    "months": dict(sorted(months.items())),
    "most_discussed": max(issues, key=lambda i: i["comments"])["id"],
}
# --- join two lists
users = [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}, {"id": 3, "name": "Cy"}]
orders = [{"user": 1, "total": 10.5}, {"user": 2, "total": 3}, {"user": 1, "total": 4.5}, {"user": 9, "total": 1}]
names = {u["id"]: u["name"] for u in users}
totals = {}
for o in orders:
    totals[o["user"]] = totals.get(o["user"], 0) + o["total"]
result = [
    {"name": names.get(uid, f"unknown ({uid})"), "total": round(t, 2), "share": f"{t / sum(totals.values()):.1%}"}
    for uid, t in sorted(totals.items(), key=lambda x: -x[1])
]
print(f"{len(result)} customers")
result
# --- markdown table
rows = [{"name": "alpha", "stars": 120, "lang": "Go"}, {"name": "beta", "stars": 7, "lang": None}]
cols = ["name", "stars", "lang"]
width = {c: max(len(c), *(len(str(r[c] if r[c] is not None else "-")) for r in rows)) for c in cols}
lines = ["| " + " | ".join(c.ljust(width[c]) for c in cols) + " |", "|" + "|".join("-" * (width[c] + 2) for c in cols) + "|"]
for r in rows:
    lines.append("| " + " | ".join(str(r[c] if r[c] is not None else "-").ljust(width[c]) for c in cols) + " |")
print("\n".join(lines))
# --- pages
def fetch(cursor=None, size=3):
    items = list(range(10))
    start = int(cursor or 0)
    page = items[start:start + size]
    nxt = start + size
    return {"items": page, "next": str(nxt) if nxt < len(items) else None}

all_items, cursor, pages = [], None, 0
while True:
    page = fetch(cursor)
    all_items.extend(page["items"])
    pages += 1
    cursor = page["next"]
    if not cursor:
        break
{"count": len(all_items), "pages": pages, "sum": sum(all_items)}
# --- errors collected
def load(x):
    if x % 3 == 0:
        raise ValueError(f"cannot load {x}")
    return x * 10
ok, failed = {}, {}
for x in range(1, 7):
    try:
        ok[x] = load(x)
    except ValueError as e:
        failed[x] = str(e)
    except Exception as e:
        failed[x] = f"unexpected: {e!r}"
print(f"{len(ok)} ok, {len(failed)} failed")
{"ok": ok, "failed": failed}
# --- dates and deadlines
from datetime import datetime, timedelta, timezone
now = datetime(2024, 3, 10, 12, tzinfo=timezone.utc)
tasks = [("deploy", "2024-03-12T09:00:00Z"), ("review", "2024-03-09T18:00:00+01:00"), ("plan", "2024-04-01T00:00:00Z")]
out = []
for name, due in tasks:
    d = datetime.fromisoformat(due.replace("Z", "+00:00"))
    left = d - now
    state = "overdue" if left < timedelta(0) else "soon" if left < timedelta(days=3) else "later"
    out.append({"task": name, "due": d.astimezone(timezone.utc).strftime("%b %d"), "days": left.days, "state": state})
sorted(out, key=lambda t: t["days"])
# --- classes and a summary
from dataclasses import dataclass, field
from typing import List, Dict
import statistics

@dataclass
class Student:
    name: str
    scores: List[float] = field(default_factory=list)

    @property
    def average(self) -> float:
        return statistics.mean(self.scores) if self.scores else 0.0

    def grade(self) -> str:
        for least, letter in ((90, "A"), (80, "B"), (70, "C")):
            if self.average >= least:
                return letter
        return "F"

def summarize(students: List[Student]) -> Dict[str, object]:
    best = max(students, key=lambda s: s.average)
    return {"best": best.name, "grades": {s.name: s.grade() for s in students}, "mean": round(statistics.mean(s.average for s in students), 2)}

students = [Student("Ada", [95, 98]), Student("Bob", [82.5, 79]), Student("Cy")]
for s in students:
    print(f"{s.name:<5} {s.average:6.2f} {s.grade()}")
summarize(students)
# --- text report
import textwrap
data = {"title": "Weekly report", "sections": [{"head": "Done", "items": ["Shipped the new parser", "Fixed 12 bugs"]}, {"head": "Next", "items": []}]}
lines = [data["title"].upper(), "=" * len(data["title"]), ""]
for n, s in enumerate(data["sections"], start=1):
    lines.append(f"{n}. {s['head']}")
    lines += [textwrap.indent(f"- {i}", "   ") for i in s["items"]] or ["   (none)"]
report = "\n".join(lines)
report
# --- tree from paths
paths = ["src/main.py", "src/lib/a.py", "src/lib/b.py", "README.md", "docs/index.md"]
tree = {}
for p in paths:
    node = tree
    *dirs, name = p.split("/")
    for d in dirs:
        node = node.setdefault(d, {})
    node[name] = None
def show(node, depth=0):
    for k in sorted(node, key=lambda k: (node[k] is None, k)):
        print("  " * depth + k + ("/" if node[k] is not None else ""))
        if node[k] is not None:
            show(node[k], depth + 1)
show(tree)
tree
# --- diff of two states
old = {"a": 1, "b": {"x": 1, "y": [1, 2]}, "c": "same"}
new = {"a": 2, "b": {"x": 1, "y": [1, 3], "z": None}, "c": "same", "d": True}
def diff(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for k in sorted(a.keys() | b.keys()):
            p = f"{path}.{k}" if path else k
            if k not in a: yield ["added", p, b[k]]
            elif k not in b: yield ["removed", p, a[k]]
            else: yield from diff(a[k], b[k], p)
    elif a != b:
        yield ["changed", path, a, b]
list(diff(old, new))
# --- simulation of an inventory
import logging
class OutOfStock(Exception):
    pass
class Inventory:
    def __init__(self):
        self._stock = {}
    def add(self, sku, n=1):
        self._stock[sku] = self._stock.get(sku, 0) + n
        return self
    def take(self, sku, n=1):
        have = self._stock.get(sku, 0)
        if have < n:
            raise OutOfStock(f"{sku}: wanted {n}, have {have}")
        self._stock[sku] = have - n
        if not self._stock[sku]:
            del self._stock[sku]
    def __len__(self):
        return sum(self._stock.values())
    def __iter__(self):
        return iter(sorted(self._stock.items()))
inv = Inventory().add("a", 3).add("b").add("c", 2)
log = []
for sku, n in [("a", 2), ("b", 2), ("c", 2), ("z", 1)]:
    try:
        inv.take(sku, n)
        log.append(f"took {n} {sku}")
    except OutOfStock as e:
        log.append(f"error: {e}")
{"left": list(inv), "n": len(inv), "log": log}
# --- a small parser
import re, operator
OPS = {"+": (1, operator.add), "-": (1, operator.sub), "*": (2, operator.mul), "/": (2, operator.truediv)}
def evaluate(text):
    tokens = re.findall(r"\d+\.?\d*|[-+*/()]", text)
    pos = 0
    def peek(): return tokens[pos] if pos < len(tokens) else None
    def take():
        nonlocal pos
        pos += 1
        return tokens[pos - 1]
    def atom():
        t = take()
        if t == "(":
            v = expr(0)
            assert take() == ")"
            return v
        if t == "-":
            return -atom()
        return float(t)
    def expr(least):
        v = atom()
        while (p := peek()) in OPS and OPS[p][0] > least:
            level, f = OPS[take()]
            v = f(v, expr(level))
        return v
    return expr(0)
[evaluate(t) for t in ("1 + 2 * 3", "(1 + 2) * 3", "2 * -3 + 10 / 4", "8 - 3 - 2")]
# --- moving average and percentiles
import statistics
values = [3, 5, 2, 8, 10, 7, 6, 4]
def moving(xs, n):
    return [round(sum(xs[i:i + n]) / n, 2) for i in range(len(xs) - n + 1)]
def percentile(xs, p):
    xs = sorted(xs)
    k = (len(xs) - 1) * p / 100
    lo, hi = int(k), min(int(k) + 1, len(xs) - 1)
    return xs[lo] + (xs[hi] - xs[lo]) * (k - lo)
{"moving": moving(values, 3), "p50": percentile(values, 50), "p90": round(percentile(values, 90), 2), "median": statistics.median(values), "range": max(values) - min(values), "z": [round((v - statistics.mean(values)) / statistics.stdev(values), 2) for v in values[:3]]}
# --- events merged by time
import heapq
from itertools import groupby
a = [("09:00", "start"), ("10:30", "break"), ("12:00", "end")]
b = [("09:15", "mail"), ("10:30", "call")]
merged = list(heapq.merge(a, b))
{h: [what for _, what in g] for h, g in groupby(merged, key=lambda e: e[0].split(":")[0])}
# --- game of life
def step(cells):
    near = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    near[x + dx, y + dy] = near.get((x + dx, y + dy), 0) + 1
    return {c for c, n in near.items() if n == 3 or n == 2 and c in cells}
cells = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
for _ in range(4):
    cells = step(cells)
sorted(cells)
# --- queens
def queens(n, row=0, cols=(), d1=(), d2=()):
    if row == n:
        yield list(cols)
    for c in range(n):
        if c not in cols and row + c not in d1 and row - c not in d2:
            yield from queens(n, row + 1, cols + (c,), d1 + (row + c,), d2 + (row - c,))
all_solutions = list(queens(6))
[len(all_solutions), all_solutions[0], sum(1 for _ in queens(7))]
# --- words and levenshtein
def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        prev, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            prev, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, prev + (x != y))
    return row[-1]
words = ["kitten", "sitting", "mitten", "bitten"]
{w: min((distance(w, o), o) for o in words if o != w) for w in words}
# --- bank statement
import csv, io, re
from decimal import Decimal
text = """Date;Text;Amount
05.01.2024;"Coffee; two";-7,20
06.01.2024;Salary;2.500,00
07.01.2024;Rent;-900,00
"""
def amount(s): return Decimal(s.replace(".", "").replace(",", "."))
rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
for r in rows:
    r["Date"] = "-".join(reversed(r["Date"].split(".")))
    r["Amount"] = amount(r["Amount"])
{"rows": rows, "total": sum(r["Amount"] for r in rows), "out": sum(-r["Amount"] for r in rows if r["Amount"] < 0)}
# --- memoised and timed
import time
from functools import lru_cache
@lru_cache(maxsize=None)
def ways(n, coins=(50, 20, 10, 5, 2, 1)):
    if n == 0: return 1
    if n < 0 or not coins: return 0
    return ways(n - coins[0], coins) + ways(n, coins[1:])
start = time.perf_counter()
answer = ways(100)
took = time.perf_counter() - start
assert took >= 0
answer
