const path = "/home/ada/desk/repo";
const lint = await eslint.lint_files({ filePaths: [`${path}/src/module00.js`] });
return [(await git.git_show({ path, object: "HEAD", stat: true })).content, lint.slice(0, 500), lint.slice(-300)];
