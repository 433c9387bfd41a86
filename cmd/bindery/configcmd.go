package main

import (
	"fmt"

	"github.com/bindery-mcp/bindery/gateway/config"
)

type configCmd struct {
	Schema schemaCmd `cmd:"" help:"Print the JSON Schema of bindery.yaml, for editors."`
}

type schemaCmd struct{}

func (*schemaCmd) Run(std streams) error {
	schema, err := config.Schema()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s\n", schema)
	return err
}
