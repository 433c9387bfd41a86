# What the text of a script tells, before it runs, of the tools it is going to
# call. Whatever the script may be prepared to see fail is left out: calls inside
# a try that has an except, under contextlib.suppress, and those given to
# something that collects exceptions.
import ast
import keyword
import math

MAX_DRAFTS = 200
MAX_DRAFT_BYTES = 128 << 10
MAX_NODES = 2000
MAX_LITERAL_DEPTH = 32
MAX_SURVEY_DEPTH = 300
_BY_NAME = ("globals", "eval", "exec", "locals", "vars", "__import__")

_LEAVES = frozenset((ast.Load, ast.Store, ast.Del, ast.Constant, ast.Pass, ast.Break, ast.Continue))


class Lost(Exception):
    """Nothing is certain of this script."""


class Survey(ast.NodeVisitor):
    def __init__(self, known):
        # The names that stand for tools, each with what it is short for.
        self.known = {name: (name,) for name in known}
        self.calls = []
        self.mentions = 0
        self.taken = set()
        self.handled = 0
        self.depth = 0

    def visit(self, node):
        kind = type(node)
        if kind in _LEAVES:
            return
        self.depth += 1
        if self.depth > MAX_SURVEY_DEPTH:
            raise Lost
        getattr(self, "visit_" + kind.__name__, self.generic_visit)(node)
        self.depth -= 1

    def quietly(self, nodes, handled=True):
        self.handled += handled
        for n in nodes:
            self.visit(n)
        self.handled -= handled

    def take(self, name):
        if name in self.known:
            self.taken.add(name)

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load):
            self.take(node.id)
        elif node.id in _BY_NAME:
            raise Lost
        elif node.id in self.known:
            self.mentions += 1

    def visit_arg(self, node):
        self.take(node.arg)
        self.generic_visit(node)

    def definition(self, node):
        self.take(node.name)
        self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = definition

    def pattern(self, node):
        self.take(node.name)
        self.generic_visit(node)

    visit_MatchAs = visit_MatchStar = visit_ExceptHandler = pattern

    def visit_Import(self, node):
        for a in node.names:
            if a.name in self.known:
                if a.asname:
                    self.alias(a.asname, (a.name,))
            else:
                self.take(a.asname or a.name.partition(".")[0])

    def visit_ImportFrom(self, node):
        for a in node.names:
            bound = a.asname or a.name
            if node.module in self.known and not node.level:
                self.alias(bound, (node.module, a.name))
            elif node.module != "bindery" or a.asname:
                self.take(bound)

    def alias(self, name, chain):
        if self.known.setdefault(name, chain) != chain:
            self.taken.add(name)

    def visit_Try(self, node):
        self.quietly(node.body, bool(node.handlers))
        for part in (node.handlers, node.orelse, node.finalbody):
            self.quietly(part, False)

    visit_TryStar = visit_Try

    def visit_With(self, node):
        for item in node.items:
            self.visit(item)
        self.quietly(node.body, any("suppress" in ast.dump(i.context_expr) for i in node.items))

    visit_AsyncWith = visit_With

    def visit_Compare(self, node):
        for op, right in zip(node.ops, node.comparators):
            if isinstance(op, (ast.In, ast.NotIn)):
                self.asked(right)
        self.generic_visit(node)

    def asked(self, node):
        """A script that asks whether there is a tool knows what to do if not."""
        chain = self.chain(node)
        if chain:
            self.taken.add(chain[0].id)

    def visit_Call(self, node):
        chain = self.chain(node.func)
        if chain and not self.handled and len(self.calls) < MAX_DRAFTS:
            self.calls.append((chain, node))
        if isinstance(node.func, ast.Name) and node.func.id in ("hasattr", "getattr") and node.args:
            self.asked(node.args[0])
        self.visit(node.func)
        collects = any(k.arg == "return_exceptions" and not (isinstance(k.value, ast.Constant) and not k.value.value) for k in node.keywords)
        collects = collects or isinstance(node.func, ast.Attribute) and node.func.attr == "wait"
        self.quietly([*node.args, *node.keywords], collects)

    def chain(self, node):
        """The name that a callee begins with, whether it is tools.server or
        tools.tool, and the names after it; None for anything else."""
        names, server = [], False
        while len(names) <= 4:
            if isinstance(node, ast.Name):
                full = self.known.get(node.id)
                if full is None or server and full[0] != "tools":
                    return None
                return node, server, [*full[1:], *reversed(names)], full[0]
            if isinstance(node, ast.Attribute):
                names.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Subscript) and type(literal(node.slice)) is str:
                names.append(literal(node.slice))
                node = node.value
            elif isinstance(node, ast.Call) and not server and isinstance(node.func, ast.Attribute):
                wanted = {"server": 1, "tool": 2}.get(node.func.attr)
                texts = [t for t in map(literal, node.args) if type(t) is str]
                if node.keywords or len(texts) != wanted or len(node.args) != wanted:
                    return None
                server = True
                names.extend(reversed(texts))
                node = node.func.value
            else:
                return None
        return None


class Draft:
    """A call's arguments as far as its text tells what they will be."""

    def __init__(self):
        self.unknown, self.open, self.nodes = [], [], 0

    def value(self, node, place, depth):
        self.nodes += 1
        if self.nodes <= MAX_NODES and depth <= MAX_LITERAL_DEPTH:
            if isinstance(node, ast.Dict):
                return self.members(node, place, depth)
            if isinstance(node, (ast.List, ast.Tuple)):
                return self.elements(node, place, depth)
            plain = literal(node)
            if plain is not MISSING:
                return plain
        self.unknown.append(place)
        return None

    def members(self, node, place, depth):
        found, is_open = {}, False
        for key, value in zip(node.keys, node.values):
            k = literal(key) if key is not None else MISSING
            if type(k) is not str:
                is_open = True
                found = dict.fromkeys(found)
                continue
            found[k] = value
        if is_open:
            self.open.append(place)
        return {k: self.value(v, pointer(place, k), depth + 1) for k, v in found.items()}

    def elements(self, node, place, depth):
        out = []
        for i, e in enumerate(node.elts):
            if isinstance(e, ast.Starred) or self.nodes > MAX_NODES:
                self.open.append(place)
                break
            out.append(self.value(e, f"{place}/{i}", depth + 1))
        return out

    def arguments(self, node, params):
        """The arguments of a call; None if they are not certain to be any."""
        found = {}
        if node.args:
            first = node.args[0]
            if any(k is None or type(literal(k)) is not str for k in first.keys):
                self.open.append("")
            else:
                found.update((literal(k), v) for k, v in zip(first.keys, first.values))
        for k in node.keywords:
            if k.arg is None:
                if isinstance(k.value, ast.Dict) and all(x is not None and type(literal(x)) is str for x in k.value.keys):
                    found.update((literal(x), v) for x, v in zip(k.value.keys, k.value.values))
                elif "" not in self.open:
                    self.open.append("")
            elif k.arg != "_raw":
                found[k.arg] = k.value
        found = {params.get(k, k): v for k, v in found.items()}
        return {k: self.value(v, pointer("", k), 1) for k, v in found.items()}


def pointer(place, key):
    return place + "/" + key.replace("~", "~0").replace("/", "~1")


def literal(node):
    """The value that a node is, MISSING if that is not certain from its text."""
    if isinstance(node, ast.Constant):
        v = node.value
        if v is None or isinstance(v, (str, bool)):
            return v if not isinstance(v, str) or not _lone.search(v) else MISSING
        if isinstance(v, int):
            return v if v.bit_length() < 4096 else MISSING
        if isinstance(v, float) and math.isfinite(v):
            return v
        return MISSING
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        v = literal(node.operand)
        return -v if type(v) in (int, float) else MISSING
    if isinstance(node, ast.JoinedStr) and all(isinstance(v, ast.Constant) for v in node.values):
        return "".join(v.value for v in node.values)
    return MISSING


def kind_of_literal(node):
    if isinstance(node, (ast.List, ast.ListComp)):
        return "a list"
    if isinstance(node, ast.Tuple):
        return "a tuple"
    if isinstance(node, ast.Lambda):
        return "a function"
    v = literal(node)
    return "" if v is MISSING else a_kind(v)


class Check:
    """The check of a script's calls before its first statement."""

    def __init__(self):
        self.drafts, self.places, self.objections, self.bytes = [], [], [], 0

    def run(self, tree, known):
        survey = Survey(known)
        try:
            survey.visit(tree)
        except (Lost, RecursionError):
            return
        for (name, server, names, root), node in survey.calls:
            if name.id not in survey.taken:
                self.call(name, server, names, root, node)
        if survey.mentions < 2:
            self.drafts, self.places = [], []
        if self.objections or self.drafts:
            body = json_text(self.drafts).encode("utf-8", "replace")
            FRAMES.ask({"k": "check", "places": self.places, "objections": self.objections}, body)

    def call(self, name, server, names, root, node):
        by_name = root == "tools"
        key = names[0] if by_name and names else root
        if by_name:
            if len(names) < 2 or not server and key in ("search", "describe", "server", "tool"):
                return
            names = names[1:]
        if not names or names[0][:2] == "__":
            return
        found = NAMES.server(key)
        if found is None:
            return self.object(name, UnknownName if not server else UnknownName, unknown_server(key)["error"])
        found = NAMES.look(found["name"], names[0], by_name)
        if "error" in found:
            if not found.get("code"):
                self.object(name, AttributeError, found["error"])
            return
        if len(names) > 2 or len(names) == 2 and names[1] != "raw":
            return
        self.arguments(name, found, node)

    def arguments(self, name, found, node):
        args = node.args
        if any(isinstance(a, ast.Starred) for a in args):
            return
        usage = takes_keywords(found["as"])
        if len(args) > 1:
            return self.object(name, TypeError, f"{usage}; it is called with {len(args)} positional arguments")
        if args and not isinstance(args[0], ast.Dict):
            kind = kind_of_literal(args[0])
            if kind:
                self.object(name, TypeError, f"{usage}; it is called with {kind}")
            return
        draft = Draft()
        values = draft.arguments(node, found.get("params") or {})
        if draft.nodes > MAX_NODES:
            return
        made = {"tool": {"server": found["server"], "name": found["name"]}, "args": values}
        if draft.unknown:
            made["unknown"] = draft.unknown
        if draft.open:
            made["open"] = draft.open
        size = len(json_text(made))
        if self.bytes + size <= MAX_DRAFT_BYTES:
            self.bytes += size
            self.drafts.append(made)
            self.places.append(self.place(name))

    def place(self, name):
        return [name.lineno, TEXT.column(name.lineno, name.col_offset)]

    def object(self, name, kind, message):
        kind = "KeyError" if kind is UnknownName else kind.__name__
        self.objections.append([*self.place(name), kind, message[:1000]])
