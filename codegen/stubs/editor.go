package stubs

import "github.com/bindery-mcp/bindery/codegen"

const (
	indexFile = "index.d.ts"
	// builtinsFile is where pyright looks for names that need no import.
	builtinsFile = "__builtins__.pyi"
)

// editor returns the files that editors and type checkers read, and the index
// under the name they know.
func editor(l codegen.Language, index string) []File {
	if l == codegen.Python {
		return []File{{builtinsFile, index}, {"pyproject.toml", pyproject}}
	}
	return []File{{indexFile, index}, {"tsconfig.json", tsconfig}}
}

// Scripts are modules even without an import or an export, so that they may
// await at the top.
const tsconfig = `{
  "compilerOptions": {
    "strict": true,
    "noEmit": true,
    "target": "es2022",
    "lib": ["es2022"],
    "module": "esnext",
    "moduleDetection": "force",
    "types": []
  },
  "include": ["*.ts"]
}
`

const pyproject = `[tool.pyright]
pythonVersion = "3.13"
stubPath = "."
reportMissingModuleSource = false
`
