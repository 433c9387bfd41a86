package speed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"golang.org/x/perf/benchfmt"

	"github.com/bindery-mcp/bindery"
)

// maxOutput bounds what is read; the output of all benchmarks has a few
// kilobytes.
const maxOutput = 4 << 20

// Samples are what benchmarks reported.
type Samples struct {
	values map[source][]float64
	// machine is where they ran, as the last of them said.
	machine machine
}

// source is where a figure comes from.
type source struct {
	// pkg is an import path, and benchmark a name without “Benchmark” and
	// without the number of processors that stands behind it.
	pkg, benchmark string
	// metric is the unit as package benchunit writes it: ns/op is sec/op.
	metric string
}

type machine struct{ system, processor string }

// Read reads the output of go test -bench, of as many runs as there are. Lines
// that are not of the benchmark format are passed over, as go test writes some.
// The error is an *[bindery.Error].
func Read(r io.Reader) (*Samples, error) {
	fail := func(err error) error {
		return &bindery.Error{
			Code: bindery.Invalid, Op: "read the output of the benchmarks", Err: err,
			Hint: "it is what go test -bench prints; make bench writes such a file",
		}
	}
	bounded := &io.LimitedReader{R: r, N: maxOutput + 1}
	s := &Samples{values: make(map[source][]float64)}
	in := benchfmt.NewReader(bounded, "line")
	for in.Scan() {
		switch record := in.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, fail(record)
		case *benchfmt.Result:
			if err := s.add(record); err != nil {
				return nil, fail(err)
			}
		}
	}
	switch {
	case in.Err() != nil:
		return nil, fail(in.Err())
	case bounded.N <= 0:
		return nil, fail(fmt.Errorf("it has more than %d bytes", maxOutput))
	case len(s.values) == 0:
		return nil, fail(errors.New("no benchmark is in it"))
	}
	return s, nil
}

func (s *Samples) add(r *benchfmt.Result) error {
	from := source{pkg: r.GetConfig("pkg"), benchmark: string(named(r.Name))}
	for _, v := range r.Values {
		if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
			return fmt.Errorf("%s has %v %s, which is no measurement", r.Name, v.Value, v.Unit)
		}
		from.metric = v.Unit
		s.values[from] = append(s.values[from], v.Value)
	}
	s.machine = machine{r.GetConfig("goos") + "/" + r.GetConfig("goarch"), r.GetConfig("cpu")}
	return nil
}

// named is a name without the number of processors.
func named(n benchfmt.Name) []byte {
	_, parts := n.Parts()
	full := n.Full()
	if len(parts) > 0 && bytes.HasPrefix(parts[len(parts)-1], []byte("-")) {
		return full[:len(full)-len(parts[len(parts)-1])]
	}
	return full
}

// median is that of several runs; false where there was none.
func (s *Samples) median(from source) (float64, bool) {
	values := slices.Sorted(slices.Values(s.values[from]))
	if len(values) == 0 {
		return 0, false
	}
	return values[len(values)/2], true
}
