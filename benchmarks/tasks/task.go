package tasks

import (
	"context"
	"embed"
	"fmt"
	"os"
	"slices"
)

//go:embed scripts/*.ts
var scripts embed.FS

// Task is one piece of work, which can be done with plain calls and with a
// script.
type Task struct {
	ID, Title string
	// Servers are those that it needs.
	Servers []string
	// Small says that it is here because a script is not expected to pay for
	// it, where only the tools that it needs are there.
	Small bool

	site  bool
	files func(context.Context, *world) error
	load  func(context.Context, *world) error // what the servers themselves make; nil for nothing

	// plain does the work with plain calls and returns the model's answer, if
	// it is one that can be compared.
	plain func(context.Context, *plain) (string, error)

	// uses are the tools that the scripts call, and find the searches by which
	// a model comes to know of them.
	uses, find []string
	// look is a script that is needed before the main one can be written,
	// whatever is known of the tools: the tables of a database, say. probe
	// stands in its place while the type of a result is not known: it looks at
	// one as well. Both may be empty.
	look, probe string
	script      string
	// slip is a mistake that a model makes: what it has to write in the script,
	// and what it wrote at first.
	slip [2]string
	// outputs are the files that are compared, under the names that a report
	// gives them.
	outputs func(*world) (map[string]string, error)
	// answers says that the script's answer is the result to be compared.
	answers bool
}

// All returns the tasks, in the order of the report.
func All() []Task {
	return slices.Concat(digestTasks(), orderTasks(), []Task{changelogTask()}, crawlTasks(), smallTasks())
}

// Named returns the tasks with these IDs; T1 stands for all of T1a, T1b and so
// on.
func Named(ids ...string) ([]Task, error) {
	var list []Task
	for _, id := range ids {
		found := false
		for _, t := range All() {
			if t.ID == id || len(t.ID) == len(id)+1 && t.ID[:len(id)] == id {
				found, list = true, append(list, t)
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no task %q", id)
		}
	}
	return list, nil
}

// script returns one of the embedded scripts.
func script(name string) string {
	text, err := scripts.ReadFile("scripts/" + name + ".ts")
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}

// filesOf returns what reads these files of a world.
func filesOf(names ...string) func(*world) (map[string]string, error) {
	return func(w *world) (map[string]string, error) {
		found := make(map[string]string)
		for _, name := range names {
			text, err := os.ReadFile(w.path(name))
			if err != nil {
				return nil, fmt.Errorf("read what was made: %w", err)
			}
			found[name] = w.stated(string(text))
		}
		return found, nil
	}
}
