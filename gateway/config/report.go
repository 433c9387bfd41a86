package config

// report gathers what is wrong with one file.
type report struct {
	file     string
	server   string
	problems []Problem
	notes    []Problem
	// importing is set while the result is to be written as bindery's YAML
	// rather than used.
	importing bool
}

func (r *report) add(at Pos, path, message, hint string) {
	r.problems = append(r.problems, r.problem(at, path, message, hint))
}

// note records what does not stop the file from being used.
func (r *report) note(at Pos, path, message, hint string) {
	r.notes = append(r.notes, r.problem(at, path, message, hint))
}

func (r *report) problem(at Pos, path, message, hint string) Problem {
	return Problem{File: r.file, Pos: at, Path: path, Server: r.server, Message: message, Hint: hint}
}
