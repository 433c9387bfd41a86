package main

import (
	"context"
	"fmt"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks/exposure"
	"github.com/bindery-mcp/bindery/benchmarks/report"
	"github.com/bindery-mcp/bindery/gateway"
)

// benchCatalogueCmd counts tokens over the servers that are in the binary.
type benchCatalogueCmd struct {
	encodingFlag
	reportFlags
}

// Run prints the table.
func (c *benchCatalogueCmd) Run(ctx context.Context, std streams) error {
	d, err := c.measure(ctx, std)
	if err != nil {
		return err
	}
	return c.write(std, d)
}

func (c *benchCatalogueCmd) measure(ctx context.Context, std streams) (report.Document, error) {
	counter, err := c.counter()
	if err != nil {
		return report.Document{}, err
	}
	servers, err := exposure.Popular()
	if err != nil {
		return report.Document{}, err
	}
	w, stop := begin(std.err, "counting")
	defer stop()
	rows, err := exposure.Rows(ctx, counter, servers, exposure.Steps(), func(done, total int) {
		w.tell(fmt.Sprintf("%d of %d servers", done, total), int64(done), int64(total))
	})
	if err != nil {
		return report.Document{}, err
	}
	return exposure.CatalogueReport(counter.Encoding(), rows), nil
}

// popularTokens is what `bindery bench tokens` says of the ten servers that are
// installed most, for those who have no configuration yet.
func popularTokens(ctx context.Context, std streams, f encodingFlag) (report.Document, error) {
	counter, err := f.counter()
	if err != nil {
		return report.Document{}, err
	}
	servers, err := exposure.Popular()
	if err != nil {
		return report.Document{}, err
	}
	var cat backends.Catalogue
	const most = 10
	for _, s := range servers[:most] {
		cat.Servers = append(cat.Servers, backends.Server{Name: s.ID, Tools: s.Tools, State: backends.Ready})
	}
	_, stop := begin(std.err, "counting")
	defer stop()
	m, err := exposure.Measure(ctx, counter, exposure.NewSetup(ctx, &cat, gateway.Options{Python: true}))
	if err != nil {
		return report.Document{}, err
	}
	return m.Report(exposure.DefaultTerms()), nil
}
