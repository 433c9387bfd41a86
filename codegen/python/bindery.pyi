# What a script finds under these names without an import. The stub of each
# server is a module of its own, in which docstrings and comments are the
# server's own words. A call gives its value; in a script with await in it, what
# to await for it.
from collections.abc import Callable
from typing import Any, Generic, Literal, NotRequired, ParamSpec, TypedDict, TypeVar, overload

_P = ParamSpec("_P")
_R = TypeVar("_R")

class ToolContent(TypedDict):
    """One block of a tool's answer."""
    type: str
    """text, image, audio, resource or resource_link"""
    text: NotRequired[str]
    data: NotRequired[str]
    """base64"""
    mimeType: NotRequired[str]

class ToolResult(TypedDict):
    """A tool's whole answer, as its server sent it."""
    content: list[ToolContent]
    structuredContent: NotRequired[Any]
    isError: NotRequired[bool]

class Tool(Generic[_P, _R]):
    """One tool. Calling it gives structuredContent if there is any, else a text
    that is JSON parsed, else the text, else the content blocks; a tool that
    says it failed raises ToolError. With _raw=True it gives the whole answer.
    """
    @overload
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...
    @overload
    def __call__(self, *, _raw: Literal[True], **arguments: Any) -> ToolResult: ...

def tool(declaration: Callable[_P, _R]) -> Tool[_P, _R]:
    """Declares a tool, in stubs only."""

class ToolError(Exception):
    """What a call that failed raises."""
    server: str
    tool: str
    code: str
    """What kind of failure it is, such as "upstream", "invalid" or "timeout"."""
    hint: str | None
    result: ToolResult | None
    """What the tool answered, if it did."""

class Server:
    """The tools of one server, each by its own name."""
    def __getitem__(self, tool: str) -> Tool[..., Any]: ...

class Tools:
    """All tools of all servers: tools["server"]["tool"](name=value), and how to find them."""
    def search(
        self, text: str, *, server: str = ..., limit: int = ..., detail: Literal["name", "line", "full"] = ...
    ) -> str:
        """Finds tools by words; gives lines that say how to call them."""
    def describe(self, name: str) -> str:
        """Describes "server.tool" in full, or lists the tools of "server"."""
    def server(self, name: str) -> Server: ...
    def tool(self, server: str, name: str) -> Tool[..., Any]: ...
    def __getitem__(self, server: str) -> Server: ...

tools: Tools
data: Any
"""The data argument of execute_code, None if there was none."""
