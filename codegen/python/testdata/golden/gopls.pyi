from bindery import tool
from typing import Any

@tool
def go_search(*, query: str) -> Any:
    """Search for symbols in the Go workspace.

Search for symbols using case-insensitive fuzzy search, which may match all or
part of the fully qualified symbol name. For example, the query 'foo' matches
Go symbols 'Foo', 'fooBar', 'futils.Oboe', 'github.com/foo/bar.Baz'.

Results are limited to 100 symbols.

query: the fuzzy search query to use for matching symbols"""
