const rows = [];
for (let n = 1; n <= 10; n++) {
  await playwright.browser_navigate({ url: `http://127.0.0.1:8080/page/${n}` });
  const text = await playwright.browser_snapshot();
  for (const [row] of text.matchAll(/- row.*\n(\s+- cell .*\n?)+/g)) rows.push([...row.matchAll(/cell "([^"]*)"/g)].map(m => m[1]));
}
await filesystem.write_file({ path: "/home/ada/desk/stock.csv", content: "sku,name,category,price,stock\n" + rows.map(r => r.join(",") + "\n").join("") });
const out = rows.filter(r => r[4] === "0");
await memory.create_entities({ entities: out.map(([name, what]) => ({ name, entityType: "product", observations: [`out of stock: ${what}`] })) });
return { rows: rows.length, out: out.map(r => r[0]) };
