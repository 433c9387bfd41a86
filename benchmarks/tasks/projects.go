package tasks

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// project is one of the files of T1.
type project struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Owner       string      `json:"owner"`
	Status      string      `json:"status"`
	Budget      int         `json:"budget"`
	Spent       int         `json:"spent"`
	Currency    string      `json:"currency"`
	Started     string      `json:"started"`
	Due         string      `json:"due"`
	Description string      `json:"description"`
	Tags        []string    `json:"tags"`
	Milestones  []milestone `json:"milestones"`
}

type milestone struct {
	Name string `json:"name"`
	Due  string `json:"due"`
	Done bool   `json:"done"`
}

// entity is what the memory server keeps.
type entity struct {
	Name         string   `json:"name"`
	EntityType   string   `json:"entityType"`
	Observations []string `json:"observations"`
}

const projectCount = 40

// owners are the twelve people that own projects.
func owners() []string {
	var list []string
	for i, first := range firstNames() {
		list = append(list, first+" "+lastNames()[i])
	}
	return list
}

func projects(seed uint64) []project {
	d := newDice(seed, "projects")
	verbs := []string{"Migrate", "Rework", "Launch", "Retire", "Measure", "Harden", "Split", "Translate"}
	things := []string{"checkout", "invoice export", "product search", "address book", "returns portal", "session store", "price engine", "stock ledger"}
	why := []string{
		"Customers wait too long for an answer when the warehouse is busy, and support hears of it every Monday.",
		"The old service runs on a machine that nobody wants to touch before the audit in autumn.",
		"Finance closes the month by hand because the numbers of the two systems differ by a few cents.",
		"Partners asked for it three times, and the contract with the largest one ends this year.",
	}
	steps := []string{"Design reviewed", "First slice in production", "Data copied", "Old path switched off", "Load test passed", "Handed over"}
	var list []project
	for i := range projectCount {
		p := project{
			ID: fmt.Sprintf("PRJ-%03d", i+1), Name: pick(d, verbs) + " " + pick(d, things), Owner: pick(d, owners()),
			Status: pick(d, []string{"active", "paused", "done", "at risk"}), Budget: d.between(8, 90) * 1000, Currency: "EUR",
			Started: d.date(), Due: d.date(), Description: pick(d, why) + " " + pick(d, why),
			Tags: shuffled(d, []string{"backend", "frontend", "data", "compliance", "q3", "partner"})[:d.between(2, 4)],
		}
		p.Spent = p.Budget * d.between(30, 125) / 100
		for _, name := range shuffled(d, steps)[:d.between(2, 3)] {
			p.Milestones = append(p.Milestones, milestone{name, d.date(), d.chance(50)})
		}
		list = append(list, p)
	}
	return list
}

// people are the owners as the memory server knows them.
func people(seed uint64) []entity {
	d := newDice(seed, "people")
	var list []entity
	for _, name := range owners() {
		list = append(list, entity{name, "person", []string{
			"team: " + pick(d, teams()), "office: " + pick(d, []string{"Lisbon", "Gdańsk", "Lyon", "Accra"}),
			fmt.Sprintf("joined %d", d.between(2012, 2024)),
		}})
	}
	return list
}

func writeProjects(dir string, seed uint64) error {
	if err := os.MkdirAll(filepath.Join(dir, "projects"), 0o755); err != nil {
		return err
	}
	for _, p := range projects(seed) {
		text, err := json.MarshalIndent(p, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "projects", p.ID+".json"), append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writeMemory writes the file of the memory server: one JSON object a line.
func writeMemory(dir string, entities []entity) error {
	var file []byte
	for _, e := range entities {
		line, err := json.Marshal(struct {
			Type string `json:"type"`
			entity
		}{"entity", e})
		if err != nil {
			return err
		}
		file = append(append(file, line...), '\n')
	}
	return os.WriteFile(filepath.Join(dir, memoryFile), file, 0o644)
}

const memoryFile = "memory.jsonl"
