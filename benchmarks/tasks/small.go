package tasks

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// smallTasks are T5, four calls with short results, and T6, one file that is
// read and shown whole. Here a script has nothing to save but definitions.
func smallTasks() []Task {
	return []Task{
		{
			ID: "T5", Title: "three short lookups and a write", Small: true,
			Servers: []string{"everything", "filesystem"},
			files:   func(context.Context, *world) error { return nil },
			plain:   plainWeather,
			uses:    []string{"everything.get_structured_content", "filesystem.write_file"},
			find:    []string{"structured content", "write file"},
			script:  script("t5"),
			slip:    [2]string{"w.temperature", "w.weather.temperature"},
			outputs: filesOf("weather.md"),
			answers: true,
		},
		{
			ID: "T6", Title: "one file, shown whole", Small: true,
			Servers: []string{"filesystem"},
			files: func(_ context.Context, w *world) error {
				return os.WriteFile(w.path("notes.md"), []byte(notes(w.seed)), 0o644)
			},
			plain: func(ctx context.Context, p *plain) (string, error) {
				replies, err := p.turn(ctx, request{"filesystem", "read_text_file", args{"path": p.world.path("notes.md")}})
				if err != nil {
					return "", err
				}
				c, err := read[content](replies[0])
				return c.Content, err
			},
			uses:    []string{"filesystem.read_text_file"},
			find:    []string{"read text file"},
			script:  script("t6"),
			slip:    [2]string{"read_text_file", "read_textfile"},
			outputs: filesOf("notes.md"),
			answers: true,
		},
	}
}

func plainWeather(ctx context.Context, p *plain) (string, error) {
	cities := []string{"New York", "Chicago", "Los Angeles"}
	var lookups []request
	for _, c := range cities {
		lookups = append(lookups, request{"everything", "get-structured-content", args{"location": c}})
	}
	replies, err := p.turn(ctx, lookups...)
	if err != nil {
		return "", err
	}
	var table strings.Builder
	table.WriteString("| City | Temperature | Conditions | Humidity |\n|---|---|---|---|\n")
	for i, reply := range replies {
		w, err := read[struct {
			Temperature, Humidity int
			Conditions            string
		}](reply)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&table, "| %s | %d | %s | %d |\n", cities[i], w.Temperature, w.Conditions, w.Humidity)
	}
	_, err = p.turn(ctx, request{"filesystem", "write_file", args{"path": p.world.path("weather.md"), "content": table.String()}})
	return table.String(), err
}

// notes is a page of text.
func notes(seed uint64) string {
	d := newDice(seed, "notes")
	var b strings.Builder
	b.WriteString("# Notes of the week\n\n")
	for range 9 {
		fmt.Fprintf(&b, "- %s: %s asked whether the %s can wait until %s; %s says no.\n",
			d.date(), pick(d, owners()), pick(d, []string{"stock count", "price list", "release", "audit"}), d.date(), pick(d, firstNames()))
	}
	return b.String()
}
