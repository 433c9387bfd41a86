return await Promise.all([
  dbhub.search_objects({ object_type: "table", detail_level: "full" }),
  excel.excel_describe_sheets({ fileAbsolutePath: "/home/ada/desk/report.xlsx" }),
]);
