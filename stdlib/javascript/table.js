// table writes rows in the form that costs a model the fewest tokens: the names
// once, then one line a row, fields apart by tabs. Measured with o200k on rows
// of issues, numbers, paths and prose, tabs cost 2 to 5 % less than commas and
// 26 to 56 % less than JSON.
(() => {
  "use strict";

  const cell = (value) => {
    if (value === undefined || value === null) return "";
    const text = typeof value === "string" ? value : value instanceof Date ? value.toISOString() : typeof value === "object" ? JSON.stringify(value) : String(value);
    return text.replace(/[\\\t\r\n]/g, (c) => (c === "\t" ? "\\t" : c === "\n" ? "\\n" : c === "\r" ? "\\r" : "\\\\"));
  };
  const isRecord = (row) => typeof row === "object" && row !== null && !Array.isArray(row);

  Object.defineProperty(globalThis, "table", {
    value: function table(rows, columns) {
      if (!rows || typeof rows[Symbol.iterator] !== "function" || typeof rows === "string") {
        throw new TypeError("table takes a list of rows: table(rows, [\"id\", \"title\"])");
      }
      const list = [...rows];
      if (columns === undefined) {
        columns = [...new Set(list.flatMap((row) => (isRecord(row) ? Object.keys(row) : [])))];
      }
      const line = (fields) => fields.map(cell).join("\t");
      const lines = list.map((row) => (isRecord(row) ? line(columns.map((c) => row[c])) : line(Array.isArray(row) ? row : [row])));
      return (columns.length > 0 ? [line(columns), ...lines] : lines).join("\n");
    },
    writable: true, configurable: true, enumerable: false,
  });
})();
