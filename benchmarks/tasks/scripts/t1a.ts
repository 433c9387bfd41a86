const dir = "/home/ada/desk/projects";
const files = [...(await filesystem.list_directory({ path: dir })).content.matchAll(/\[FILE\] (.+)/g)].map(m => m[1]);
const [graph, ...texts] = await Promise.all([
  memory.read_graph(), ...files.map(f => filesystem.read_text_file({ path: `${dir}/${f}` })),
]);
const team = new Map(graph.entities.map(e => [e.name, e.observations.find(o => o.startsWith("team: "))?.slice(6)]));
const projects = texts.map(t => JSON.parse(t.content));
const rows = projects.map(p => `| ${p.id} | ${p.name} | ${p.owner} | ${team.get(p.owner)} | ${p.budget} | ${p.spent} |`);
await filesystem.write_file({ path: "/home/ada/desk/digest.md", content:
  "| Project | Name | Owner | Team | Budget | Spent |\n|---|---|---|---|---|---|\n" + rows.join("\n") + "\n" });
const over = Object.groupBy(projects.filter(p => p.spent > p.budget), p => p.owner);
const observations = Object.entries(over).map(([entityName, list]) => ({ entityName, contents: ["over budget: " + list.map(p => p.id).join(", ")] }));
await memory.add_observations({ observations });
return { projects: projects.length, over: observations.map(o => o.entityName) };
