from bindery import tool
from typing import Any, Literal, TypedDict

class CrtPetKind(TypedDict, total=False):
    t: Literal["cat"]
    lives: int

class CrtPetKind2(TypedDict, total=False):
    t: Literal["dog"]
    good: bool

@tool
def crt_pet(*, name: str, parent: Any = ..., kind: CrtPetKind | CrtPetKind2 = ...) -> Any:
    """Make a POST request to /pets"""

@tool
def get_pet(*, pet_id: str) -> Any:
    """Make a GET request to /pets/{pet-id}

pet_id: pet-id parameter (uuid)"""

@tool
def list_pets(*, limit: int | None = ..., X_Trace_Id: str = ...) -> Any:
    """Make a GET request to /pets

limit: limit parameter
X_Trace_Id: X-Trace-Id parameter"""
