const rows = async sql => (await dbhub.execute_sql({ sql })).data.rows;
const customers = await rows("SELECT id, name, country FROM customers WHERE segment = 'enterprise' ORDER BY name");
const orders = (await Promise.all(customers.map(async c => (await rows(
  `SELECT id, placed_on, product, quantity, total FROM orders WHERE customer_id = ${c.id} AND status = 'paid' ORDER BY total DESC, id LIMIT 5`,
)).map(o => ({ ...o, customer: c.name, country: c.country }))))).flat();
await excel.excel_write_to_sheet({
  fileAbsolutePath: "/home/ada/desk/report.xlsx", sheetName: "Orders", newSheet: false, range: `A1:G${orders.length + 1}`,
  values: [["Customer", "Country", "Order", "Placed", "Product", "Quantity", "Total"], ...orders.map(o => [o.customer, o.country, o.id, o.placed_on, o.product, o.quantity, o.total])],
});
const top = orders.toSorted((a, b) => b.total - a.total).slice(0, 10);
await filesystem.write_file({ path: "/home/ada/desk/top10.md", content:
  "| Order | Customer | Total |\n|---|---|---|\n" + top.map(o => `| ${o.id} | ${o.customer} | ${o.total.toFixed(2)} |\n`).join("") });
return { rows: orders.length };
