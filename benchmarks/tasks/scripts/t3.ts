const path = "/home/ada/desk/repo";
const { commits } = await git.git_log({ path, maxCount: 40 });
const named = commits.filter(c => /^(feat|fix)/.test(c.subject));
const shown = await Promise.all(named.map(c => git.git_show({ path, object: c.hash, stat: true })));
const touched = shown.map(s => [...s.content.matchAll(/^ (\S+) +\| +\d+/gm)].map(m => m[1]));
const files = [...new Set(touched.flat())].sort();
const text = await eslint.lint_files({ filePaths: files.map(f => `${path}/${f}`) });
const lint = new Map([...text.matchAll(/^\{"filePath".*/gm)].map(m => JSON.parse(m[0]))
  .map(r => [r.filePath.slice(path.length + 1), `${r.errorCount} errors, ${r.warningCount} warnings`]));
const lines = named.map((c, i) => `- ${c.subject} (${c.shortHash})` + touched[i].map(f => `; ${f}: ${lint.get(f)}`).join(""));
await filesystem.write_file({ path: "/home/ada/desk/CHANGELOG.md", content: "# Changelog\n\n" + lines.join("\n") + "\n" });
return { entries: lines.length, files: files.length };
