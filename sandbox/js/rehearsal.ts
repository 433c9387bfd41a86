interface Row { id: number; name?: string }
const rows: Row[] = await Promise.all((data.rows as number[]).map((id) => stage.echo({ id, name: `row ${id}` })));
const byName = new Map(rows.map((row) => [row.name, row] as const));
for (const { id, name } of rows.filter((row) => row.id > 1).sort((a, b) => b.id - a.id)) console.log(name, id, byName.size);
let failed = "";
try {
  await stage.fail({ why: ["told", 1.5, null] });
} catch (e) {
  failed = String(e).replace(/as (told)/, "$1");
  console.error(e);
}
({ failed, rows, text: JSON.stringify([...byName.keys()].slice(0, 1)), when: new Date(0) });
