from bindery import tool
from typing import Any, TypedDict

class CreateFieldResult(TypedDict):
    field: dict[str, Any]

class CreateFieldNested(TypedDict):
    field: dict[str, Any]
    """Field definition"""

@tool
def create_field(*, baseId: str, tableId: str, nested: CreateFieldNested) -> CreateFieldResult:
    """Create a new field in a table

baseId: The ID of the base
tableId: The ID or name of the table"""
