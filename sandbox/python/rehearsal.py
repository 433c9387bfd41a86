import asyncio, json, re
from dataclasses import dataclass
from datetime import datetime, timezone

@dataclass
class Row:
    id: int
    name: str

async def one(n):
    return Row(**await stage.echo(id=n, name=f"row {n}"))

rows = await asyncio.gather(*[one(n) for n in data["rows"]])
for row in sorted((r for r in rows if r.id > 1), key=lambda r: -r.id):
    print(row.name, row.id, len(rows))
failed = ""
try:
    await stage.fail({"why": ["told", 1.5, None]})
except ToolError as e:
    failed = re.sub(r"as (told)", r"\1", str(e))
{"failed": failed, "rows": rows, "text": json.dumps([r.id for r in rows]), "when": datetime(1970, 1, 1, tzinfo=timezone.utc)}
