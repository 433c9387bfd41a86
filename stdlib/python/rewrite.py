# From the script's text to code that gives its result.
import ast
import asyncio
import textwrap

# A name that no script can spell.
LAST = "<last>"

_ASYNC = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Program:
    """A script that was read."""

    def __init__(self, source):
        self.source = source
        self.tree = parse(source)
        self.eager = self._eager()
        self.uncalled = self._uncalled()
        self.returns = "return" in source and any(_has_return(s) for s in self.tree.body)

    def _eager(self):
        """Whether calls are awaited: there is an await, or asyncio is told to."""
        if "async" not in self.source and "await" not in self.source:
            return False
        for node in ast.walk(self.tree):
            if isinstance(node, _ASYNC) or isinstance(node, ast.comprehension) and node.is_async:
                return True
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "asyncio":
                return True
            if isinstance(node, ast.ImportFrom) and node.module == "asyncio":
                return True
        return False

    def _uncalled(self):
        """The function that a script only defines: main, or else its last."""
        body = self.tree.body
        if not body or not isinstance(body[-1], _FUNCTIONS):
            return None
        defined = {s.name: s for s in body if isinstance(s, _FUNCTIONS)}
        function = defined.get("main", body[-1])
        args = function.args
        if len(args.args) + len(args.posonlyargs) > len(args.defaults) or None in args.kw_defaults:
            return None
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and node.id == function.name:
                return None
        return function.name

    def compile(self):
        """The code, and whether it makes a function to be called instead of
        running the script itself."""
        tree = self.tree
        if tree.body:
            keep_last(tree.body)
        if not self.returns:
            return compile(tree, SCRIPT, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), False
        return self._as_function(), True

    def _as_function(self):
        """The script as the body of a function, because it returns. All its names
        stay global: that is what they would be without the return."""
        future = [s for s in self.tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
        body = [plain_target(s) for s in self.tree.body if s not in future]
        for node in body:
            for y in yields(node):
                raise SyntaxError("'yield' outside function", (SCRIPT, y.lineno, TEXT.column(y.lineno, y.col_offset), None))
        awaits = any(top_level_await(s) for s in body)
        kind = ast.AsyncFunctionDef if awaits else ast.FunctionDef

        def module(body):
            args = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
            function = kind(name="<module>", args=args, body=body, decorator_list=[], returns=None, type_params=[], lineno=1, col_offset=0)
            return compile(ast.fix_missing_locations(ast.Module(body=[*future, function], type_ignores=[])), SCRIPT, "exec", dont_inherit=True)

        code = module(body)
        inner = next(c for c in code.co_consts if hasattr(c, "co_varnames"))
        names = sorted({*inner.co_varnames, *inner.co_cellvars})
        if names:
            code = module([ast.Global(names=names, lineno=1, col_offset=0), *body])
        return code


def parse(source):
    null = source.find("\0")
    if null >= 0:
        line = source.count("\n", 0, null) + 1
        raise SyntaxError("a script cannot hold null characters", (SCRIPT, line, null - source.rfind("\n", 0, null), None))
    try:
        return read(source)
    except (MemoryError, RecursionError):
        raise SyntaxError("the script is nested too deeply to be read", (SCRIPT, 1, 1, None)) from None


def read(source):
    try:
        return ast.parse(source, SCRIPT, "exec")
    except IndentationError as e:
        first = next((line for line in source.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
        if first[:1] not in (" ", "\t") or "unexpected indent" not in str(e.msg):
            raise
        # The whole script is indented. Under an if it is right as it stands, so
        # that no text within it changes.
        try:
            tree = ast.parse("if 1:\n" + source, SCRIPT, "exec")
        except SyntaxError as inner:
            inner.lineno = (inner.lineno or 2) - 1
            raise inner from None
        body = tree.body[0].body + tree.body[1:]
        tree.body = body
        ast.increment_lineno(tree, -1)
        return tree


def keep_last(body):
    """Makes the last expression a value that is kept."""
    last = body[-1]
    if isinstance(last, ast.Expr):
        target = ast.Name(id=LAST, ctx=ast.Store(), lineno=last.lineno, col_offset=last.col_offset,
                          end_lineno=last.end_lineno, end_col_offset=last.end_col_offset)
        body[-1] = ast.copy_location(ast.Assign(targets=[target], value=last.value), last)
    elif isinstance(last, ast.If):
        keep_last(last.body)
        if last.orelse:
            keep_last(last.orelse)
    elif isinstance(last, (ast.With, ast.AsyncWith)):
        keep_last(last.body)


def _blocks(node):
    for field in ("body", "orelse", "finalbody"):
        yield from getattr(node, field, ()) or ()
    for handler in getattr(node, "handlers", ()):
        yield from handler.body
    for case in getattr(node, "cases", ()):
        yield from case.body


def _has_return(node):
    if isinstance(node, ast.Return):
        return True
    return not isinstance(node, _SCOPES) and any(_has_return(s) for s in _blocks(node))


def _own(node):
    """The nodes of the script's own scope."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _SCOPES):
            continue
        yield from _own(child)


def yields(node):
    return (n for n in _own(node) if isinstance(n, (ast.Yield, ast.YieldFrom))) if not isinstance(node, _SCOPES) else ()


def top_level_await(node):
    if isinstance(node, _SCOPES):
        return False
    return any(isinstance(n, (ast.Await, ast.AsyncFor, ast.AsyncWith)) or isinstance(n, ast.comprehension) and n.is_async for n in _own(node))


class _Targets(ast.NodeTransformer):
    """Takes the types off assignments: a global name cannot have one there."""

    def visit_AnnAssign(self, node):
        if not isinstance(node.target, ast.Name):
            return node
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)

    def visit_ImportFrom(self, node):
        if any(a.name == "*" for a in node.names):
            call = ast.Call(func=ast.Name(id="<star>", ctx=ast.Load()), args=[ast.Constant(value=node.module or "")], keywords=[])
            return ast.fix_missing_locations(ast.copy_location(ast.Expr(value=call), node))
        return node

    def visit_FunctionDef(self, node):
        return node

    visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_FunctionDef


def plain_target(node):
    return _Targets().visit(node)


def import_star(module):
    """from module import * for a script that is a function's body."""
    exec(f"from {module} import *", MAIN.__dict__)
