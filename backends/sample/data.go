package sample

import (
	"fmt"
	"math/rand/v2"
)

// Issue is one issue of the tracker.
type Issue struct {
	Number   int      `json:"number" jsonschema:"issue number"`
	Title    string   `json:"title"`
	State    string   `json:"state" jsonschema:"open or closed"`
	Service  string   `json:"service" jsonschema:"the service it is about"`
	Labels   []string `json:"labels"`
	Assignee string   `json:"assignee,omitempty"`
	Comments int      `json:"comments"`
	Body     string   `json:"body"`
	Opened   string   `json:"opened" jsonschema:"date, YYYY-MM-DD"`
}

// Fault is one group of errors in the monitor.
type Fault struct {
	ID        string `json:"id"`
	Service   string `json:"service"`
	Title     string `json:"title"`
	Level     string `json:"level" jsonschema:"fatal, error or warning"`
	Events    int    `json:"events" jsonschema:"times seen in the period"`
	Users     int    `json:"users" jsonschema:"users affected"`
	FirstSeen string `json:"firstSeen"`
	LastSeen  string `json:"lastSeen"`
	Culprit   string `json:"culprit"`
	// Trace makes the answers as long as real ones are.
	Trace []string `json:"trace"`
}

// services are what both servers know about.
func services() []string {
	return []string{"checkout", "search", "accounts", "billing", "mailer", "images", "gateway", "reports"}
}

func people() []string { return []string{"ana", "bo", "chidi", "dana", "eli", "fatima"} }

// seed makes the data the same on every machine and in every run.
const seed = 20260728

// issues returns the tracker's data.
func issues() []Issue {
	r := rand.New(rand.NewPCG(seed, 1))
	verbs := []string{"fails", "times out", "returns 500", "shows stale data", "leaks memory", "ignores the locale"}
	where := []string{"after deploy", "under load", "for new users", "on retry", "behind the proxy", "with empty input"}
	labels := []string{"bug", "performance", "regression", "customer", "flaky", "security"}
	list := make([]Issue, 0, 240)
	for n := 1; n <= cap(list); n++ {
		service := pick(r, services())
		i := Issue{
			Number: n, Service: service, State: "open", Comments: r.IntN(14),
			Title:  fmt.Sprintf("%s %s %s", service, pick(r, verbs), pick(r, where)),
			Labels: []string{pick(r, labels)},
			Opened: fmt.Sprintf("2026-%02d-%02d", 1+r.IntN(9), 1+r.IntN(28)),
			Body: fmt.Sprintf("Seen in production by %s. Steps: call %s twice within a minute, then look at the "+
				"response of the second call. Expected the same answer; got another one. Logs are attached to "+
				"the run of that day.", pick(r, people()), service),
		}
		if r.IntN(5) < 2 {
			i.State = "closed"
		}
		if r.IntN(3) > 0 {
			i.Assignee = pick(r, people())
		}
		if extra := pick(r, labels); extra != i.Labels[0] {
			i.Labels = append(i.Labels, extra)
		}
		list = append(list, i)
	}
	return list
}

// faults returns the monitor's data.
func faults() []Fault {
	r := rand.New(rand.NewPCG(seed, 2))
	kinds := []string{"TypeError", "TimeoutError", "ConnectionReset", "NullPointer", "KeyError", "OutOfRange"}
	levels := []string{"error", "error", "error", "warning", "fatal"}
	list := make([]Fault, 0, 120)
	for n := 1; n <= cap(list); n++ {
		service := pick(r, services())
		kind := pick(r, kinds)
		f := Fault{
			ID: fmt.Sprintf("F-%03d", n), Service: service, Level: pick(r, levels),
			Title:     fmt.Sprintf("%s in %s.handle", kind, service),
			Events:    1 + r.IntN(900),
			Users:     1 + r.IntN(200),
			FirstSeen: fmt.Sprintf("2026-0%d-%02d", 1+r.IntN(6), 1+r.IntN(28)),
			LastSeen:  fmt.Sprintf("2026-09-%02d", 1+r.IntN(28)),
			Culprit:   fmt.Sprintf("%s/handler.go:%d", service, 20+r.IntN(400)),
		}
		for depth := range 6 {
			f.Trace = append(f.Trace, fmt.Sprintf("at %s.step%d (%s/pipeline.go:%d)", service, depth, service, 10+r.IntN(600)))
		}
		list = append(list, f)
	}
	return list
}

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }
