# What a script finds besides the tools. A function that asks the host, sleep,
# parallel, paginate and retry give their value; in a script with await in it,
# what to await for it.
from collections.abc import Iterable as _Iterable

_T = TypeVar("_T")

class Results:
    """Results that were too long to show, by the id that was shown instead."""
    def get(self, id: str) -> Any: ...
    def list(self) -> Any:
        """A list of {"id", "bytes", "type", "made"}."""

class Store:
    """JSON that later scripts find again; get gives None for a key that is not there."""
    def set(self, key: str, value: Any) -> Any: ...
    def get(self, key: str) -> Any: ...
    def delete(self, key: str) -> Any: ...
    def keys(self) -> Any: ...

class Resources:
    """What servers offer to be read."""
    def list(self, server: str = "") -> Any:
        """A list of {"server", "uri" or "uriTemplate", "name", ...}."""
    def read(self, uri: str, server: str = "") -> Any:
        """A single text, parsed if it is JSON; else the list of contents."""

class Prompts:
    """Prompts that servers have prepared."""
    def list(self, server: str = "") -> Any: ...
    def get(self, name: str, args: dict[str, str] | None = None, server: str = "") -> Any:
        """{"description", "messages"}"""

results: Results
store: Store
resources: Resources
prompts: Prompts

def table(rows: _Iterable[Any], columns: _Iterable[str] | None = None) -> str:
    """Rows as text with tabs, names once: the form that costs you least to read."""

def progress(message: str | float = "", done: float | None = None, total: float | None = None) -> None:
    """Tells whoever waits how far the script is."""

def sleep(seconds: float) -> Any: ...

@overload
def parallel(what: Callable[[_T], Any], items: _Iterable[_T], *, return_exceptions: bool = False) -> Any:
    """Calls side by side without await: parallel(lambda n: github.get_issue(number=n), [1, 2, 3]),
    or parallel([f, g]). The values are a list in the order of the items. The calls that a function
    makes before it looks at a result run at once.
    """
@overload
def parallel(what: _Iterable[Callable[[], Any] | tuple[Any, ...]], *, return_exceptions: bool = False) -> Any: ...

def paginate(
    tool: Callable[..., Any], *, items: str | None = None, cursor: str = "cursor", next: str | None = None,
    page: str | None = None, limit: int | None = None, pages: int = 100, **arguments: Any
) -> Any:
    """All items of a tool that answers in pages, as one list: items names the list in a page, cursor the
    argument that takes what next names in the answer ("pageInfo.endCursor"); or page the argument that counts.
    """

def retry(function: Callable[[], Any], attempts: int = 3, delay: float = 0.5) -> Any:
    """Calls function again when a server was unavailable, too slow or failed: retry(lambda: github.get_me())."""
