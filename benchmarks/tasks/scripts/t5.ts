const cities = ["New York", "Chicago", "Los Angeles"];
const found = await Promise.all(cities.map(location => everything.get_structured_content({ location })));
const table = "| City | Temperature | Conditions | Humidity |\n|---|---|---|---|\n" + found.map((w, i) => `| ${cities[i]} | ${w.temperature} | ${w.conditions} | ${w.humidity} |\n`).join("");
await filesystem.write_file({ path: "/home/ada/desk/weather.md", content: table });
return table;
