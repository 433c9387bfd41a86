package main

import (
	"context"
	"fmt"

	"github.com/bindery-mcp/bindery/backends/oauth"
)

// logoutCmd forgets a login.
type logoutCmd struct {
	configFlag
	Server string `arg:"" placeholder:"SERVER" help:"The server, by its name in the configuration."`
}

func (c *logoutCmd) Run(ctx context.Context, std streams) error {
	o, store, err := loginTo(ctx, c.configFlag, std, c.Server)
	if err != nil {
		return err
	}
	found, err := oauth.Logout(ctx, o, store)
	switch {
	case !found && err != nil:
		return err
	case !found:
		_, _ = fmt.Fprintf(std.err, "bindery: nobody was logged in to %s\n", c.Server)
	case err != nil:
		_, _ = fmt.Fprintf(std.err, "bindery: the token of %s is gone here, and may still be good for whoever has it: %v\n", c.Server, err)
	default:
		_, _ = fmt.Fprintf(std.err, "bindery: logged out of %s\n", c.Server)
	}
	return nil
}
