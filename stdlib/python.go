package stdlib

import _ "embed"

//go:embed python/frames.py
var pythonFrames string

//go:embed python/place.py
var pythonPlace string

//go:embed python/convert.py
var pythonConvert string

//go:embed python/errors.py
var pythonErrors string

//go:embed python/calls.py
var pythonCalls string

//go:embed python/loop.py
var pythonLoop string

//go:embed python/executor.py
var pythonExecutor string

//go:embed python/tools.py
var pythonTools string

//go:embed python/helpers.py
var pythonHelpers string

//go:embed python/refusals.py
var pythonRefusals string

//go:embed python/rewrite.py
var pythonRewrite string

//go:embed python/survey.py
var pythonSurvey string

//go:embed python/output.py
var pythonOutput string

//go:embed python/practice.py
var pythonPractice string

//go:embed python/prelude.py
var pythonPrelude string

//go:embed python/globals.pyi
var pythonTypes string

// Python returns the standard library of Python scripts. Code is a program for
// CPython 3.11 or newer whose files 0 and 1 carry frames; see its first lines.
// It is one module in several files, in the order in which they need each other.
func Python() Source {
	return Source{
		Code: pythonFrames +
			pythonPlace +
			pythonConvert +
			pythonErrors +
			pythonCalls +
			pythonLoop +
			pythonExecutor +
			pythonTools +
			pythonHelpers +
			pythonRefusals +
			pythonRewrite +
			pythonSurvey +
			pythonOutput +
			pythonPractice +
			pythonPrelude,
		Types: pythonTypes,
	}
}
