# Servers and their tools, as a script finds them. Nothing is known of a tool
# before the script asks for it: the host is asked then, once, so that the size
# of the catalogue costs a script nothing.
import functools


MAX_NAME = 512


class UnknownName(KeyError):
    """A tool or server that is not there, asked for with brackets."""

    def __str__(self):
        return self.args[0]


class Names:
    """What the host said of names."""

    def __init__(self):
        self.servers = []
        self.known = {}
        self.arguments = 1 << 20

    def server(self, key):
        """The server of that name, or of that name in scripts."""
        for s in self.servers:
            if s["name"] == key:
                return s
        for s in self.servers:
            if s.get("ident") and s["ident"] == key:
                return s
        return None

    def look(self, server, key, by_name):
        """The tool that a key names, or the error why there is none."""
        if len(key) > MAX_NAME:
            key = key[:MAX_NAME] + "…"
        at = (server, key, by_name)
        if at not in self.known:
            self.known[at] = FRAMES.ask({"k": "look", "server": server, "tool": key, "byName": by_name})[0]
        return self.known[at]


NAMES = Names()


def json_arguments(spelling, arguments):
    encoder = Encoder(NAMES.arguments, arguments=True)
    try:
        return encoder.encode(arguments)
    except TooLarge:
        raise ValueError(f"{spelling}: the arguments are longer than the limit of {size(NAMES.arguments)} for one call") from None
    except NotJSON as e:
        raise TypeError(f"{spelling}: {e}") from None
    except RecursionError:
        raise ValueError(f"{spelling}: the arguments are nested too deeply") from None


def size(n):
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if n >= unit:
            return f"{n / unit:.1f}".removesuffix(".0") + " " + name
    return f"{n} bytes"


class Tool:
    """One tool of a server."""

    __slots__ = ("_server", "_name", "_spelling", "_params", "__weakref__")
    __bindery_text__ = True

    def __init__(self, server, name, spelling, params):
        if not isinstance(server, str) or not isinstance(name, str) or not isinstance(spelling, str):
            raise TypeError("a tool has names")
        self._server, self._name, self._spelling, self._params = server, name, spelling, params

    def __call__(self, /, *args, _raw=False, **kwargs):
        arguments = {}
        if len(args) > 1:
            raise TypeError(f"{takes_keywords(self._spelling)}; it was called with {len(args)} positional arguments")
        if args:
            given = settle(args[0])
            if not isinstance(given, dict):
                raise TypeError(f"{takes_keywords(self._spelling)}; it was called with {a_kind(given)}")
            arguments.update(given)
        arguments.update(kwargs)
        if self._params:
            arguments = {self._params.get(k, k): v for k, v in arguments.items()}
        return HOST.start(self._server, self._name, self._spelling, json_arguments(self._spelling, arguments), bool(_raw))

    @property
    def raw(self):
        return functools.partial(self, _raw=True)

    @property
    def __name__(self):
        return self._name

    @property
    def __doc__(self):
        return f"see tools.describe({self._server + '.' + self._name!r})"

    def __repr__(self):
        return f"[tool {self._spelling}]"


def takes_keywords(spelling):
    return f"{spelling} takes keyword arguments: {spelling}(name=value)"


class Server:
    """The tools of one server."""

    __slots__ = ("_server", "_by_name", "_tools")
    __bindery_text__ = True

    def __init__(self, server, by_name=False):
        if not isinstance(server["name"], str) or not isinstance(server["tools"], int):
            raise TypeError("a server has a name")
        object.__setattr__(self, "_server", server)
        object.__setattr__(self, "_by_name", bool(by_name))
        object.__setattr__(self, "_tools", {})

    def _find(self, key):
        tool = self._tools.get(key)
        if tool is not None:
            return tool, None
        found = NAMES.look(self._server["name"], key, self._by_name)
        if "error" in found:
            return None, found
        tool = Tool(self._server["name"], found["name"], found["as"], found.get("params"))
        self._tools[key] = tool
        return tool, None

    def __getattr__(self, key):
        if key[:2] == "__" and key[-2:] == "__":
            if key == "__all__":
                return dir(self)
            if key == "__name__":
                return self._server.get("ident") or self._server["name"]
            raise AttributeError(key)
        tool, wrong = self._find(key)
        if tool is None:
            raise not_there(wrong, AttributeError)
        return tool

    def __getitem__(self, key):
        if not isinstance(key, str):
            raise TypeError(f"the name of a tool is a string, not {a_kind(key)}")
        tool, wrong = self._find(key)
        if tool is None:
            raise not_there(wrong, UnknownName)
        return tool

    def __setattr__(self, key, value):
        raise AttributeError(f"{self._spelling()} is read-only: {key!r} cannot be set")

    def __delattr__(self, key):
        raise AttributeError(f"{self._spelling()} is read-only: {key!r} cannot be deleted")

    def __call__(self, *args, **kwargs):
        found = FRAMES.ask({"k": "called", "server": self._server["name"]})[0]
        if found.get("code"):
            raise not_there(found, TypeError)
        raise hinted(TypeError(found["error"]), found.get("hint", ""))

    def __contains__(self, key):
        return isinstance(key, str) and self._find(key)[0] is not None

    def __iter__(self):
        return iter(dir(self))

    def __len__(self):
        return self._server["tools"]

    def __bool__(self):
        return True

    def __dir__(self):
        return FRAMES.ask({"k": "list", "server": self._server["name"], "byName": self._by_name})[0]["names"]

    def _spelling(self):
        ident = self._server.get("ident")
        return ident if ident and not self._by_name else f"tools[{quoted(self._server['name'])}]"

    def __repr__(self):
        n = self._server["tools"]
        return f"[server {self._server['name']}: {n} tool{'' if n == 1 else 's'}]"


def quoted(text):
    return json_text(text)


def not_there(wrong, kind):
    if wrong.get("code"):
        error = ToolError(wrong["error"], server=wrong["server"], tool=wrong["tool"], code=wrong["code"])
    else:
        error = kind(wrong["error"])
    error._place = here()
    return error


class Tools:
    """All servers by their own names, and how to find a tool."""

    __slots__ = ("_servers",)
    __bindery_text__ = True

    def __init__(self):
        object.__setattr__(self, "_servers", {})

    def search(self, query=None, /, **options):
        return builtin("search", "query", query, options, 'tools.search("what it should do", server=…, limit=…)')

    def describe(self, name=None, /, **options):
        if isinstance(name, Tool):
            name = f"{name._server}.{name._name}"
        elif isinstance(name, Server):
            name = name._server["name"]
        return builtin("describe", "name", name, options, 'tools.describe("server.tool")')

    def server(self, name):
        found = self._server(name)
        if found is None:
            raise not_there(unknown_server(name), UnknownName)
        return found

    def tool(self, server, name):
        return self.server(server)[name]

    def _server(self, key):
        found = self._servers.get(key)
        if found is None:
            server = NAMES.server(key) if isinstance(key, str) else None
            if server is None:
                return None
            found = self._servers[key] = Server(server, by_name=True)
        return found

    def __getitem__(self, key):
        return self.server(key)

    def __getattr__(self, key):
        if key[:2] == "__" and key[-2:] == "__":
            raise AttributeError(key)
        found = self._server(key)
        if found is None:
            raise not_there(unknown_server(key), AttributeError)
        return found

    def __setattr__(self, key, value):
        raise AttributeError(f"tools is read-only: {key!r} cannot be set")

    def __call__(self, *args, **kwargs):
        raise hinted(TypeError("tools is not a function"), 'find a tool with tools.search("…"), and call it as server.tool(name=value)')

    def __contains__(self, key):
        return isinstance(key, str) and NAMES.server(key) is not None

    def __iter__(self):
        return iter([s["name"] for s in NAMES.servers])

    def __len__(self):
        return len(NAMES.servers)

    def __bool__(self):
        return True

    def __dir__(self):
        return ["search", "describe", "server", "tool", *self]

    def __repr__(self):
        return FRAMES.ask({"k": "servers"})[0]["text"]


def unknown_server(name):
    return FRAMES.ask({"k": "noServer", "tool": str(name)[:200]})[0]


def builtin(name, first, subject, options, usage):
    """Starts a call of the host's own function of that name."""
    subject = options.pop(first, subject)
    if not isinstance(subject, str):
        raise TypeError(f"tools.{name} takes a string: {usage}")
    arguments = {first: subject, **options}
    return HOST.start("", name, "tools." + name, json_arguments("tools." + name, arguments))


class Functions:
    """An object of functions of the host, each with the names of its parameters."""

    __bindery_text__ = True

    def __init__(self, name, functions):
        self._name = name
        for function, parameters in functions.items():
            setattr(self, function, self._function(function, parameters))

    def _function(self, function, parameters):
        spelling = f"{self._name}.{function}"

        def call(*args, **kwargs):
            if len(args) > len(parameters):
                s = "" if len(parameters) == 1 else "s"
                raise TypeError(f"{spelling} takes {len(parameters)} argument{s}, not {len(args)}")
            arguments = {**dict(zip(parameters, args)), **kwargs}
            for name in kwargs:
                if name not in parameters:
                    raise TypeError(f"{spelling} has no parameter {name!r}; it takes {', '.join(parameters) or 'nothing'}")
            return HOST.start("", spelling, spelling, json_arguments(spelling, arguments))

        call.__name__ = call.__qualname__ = function
        return call

    def __repr__(self):
        return f"[{self._name}]"
