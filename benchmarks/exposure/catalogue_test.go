package exposure_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/exposure"
)

// The figures were counted before there was a harness, by gpt-tokenizer 4.0.0
// over the same lists, and are to come out of it.
func TestRowsAreThoseCountedByHand(t *testing.T) {
	t.Parallel()
	type figures struct{ servers, tools, list, functions int }
	byHand := []figures{
		{1, 25, 4413, 4089},
		{5, 74, 15840, 14408},
		{10, 211, 52765, 50592},
		{20, 375, 134722, 123466},
		{30, 819, 265829, 254556},
		{40, 1360, 377484, 368404},
		{65, 2735, 862937, 799444},
	}
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	servers, err := exposure.Popular()
	if err != nil {
		t.Fatal(err)
	}
	if len(servers) != 65 {
		t.Fatalf("%d servers, want 65", len(servers))
	}
	byHand = slices.DeleteFunc(byHand, func(f figures) bool { return f.servers > counted })
	var at []int
	for _, f := range byHand {
		at = append(at, f.servers)
	}
	rows, err := exposure.Rows(t.Context(), counter, servers[:counted], at, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(byHand) {
		t.Fatalf("%d rows, want %d", len(rows), len(byHand))
	}
	for i, want := range byHand {
		got := rows[i]
		if got.Servers != want.servers || got.Tools != want.tools || off(got.List, want.list) > 0.02 || off(got.Functions, want.functions) > 0.02 {
			t.Errorf("%d servers: %d tools, %d tokens as they were sent and %d as functions; by hand it was %+v", got.Servers, got.Tools, got.List, got.Functions, want)
		}
		if got.Surface > 320 || got.SurfacePython > 320 {
			t.Errorf("%d servers: execute_code takes %d tokens, %d with Python; at most 320 are promised", got.Servers, got.Surface, got.SurfacePython)
		}
	}
}

func off(got, want int) float64 { return math.Abs(float64(got)/float64(want) - 1) }

func TestRowsStop(t *testing.T) {
	t.Parallel()
	counter, err := benchmarks.NewCounter()
	if err != nil {
		t.Fatal(err)
	}
	servers, err := exposure.Popular()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := exposure.Rows(ctx, counter, servers, exposure.Steps(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled count gave %v", err)
	}
}
