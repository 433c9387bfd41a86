package config_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// Every mistake is reported at once, and in its place.
func ExampleParse() {
	_, err := config.Parse("bindery.yaml", []byte(`
mcpServers:
  github: {comand: npx, env: {GITHUB_TOKEN: "$GITHUB_TOKEN"}}
limits: {wall: 30}
`))
	fmt.Println(err)
	// Output:
	// bindery.yaml:3:12: mcpServers.github: unknown key "comand"; did you mean command?
	// bindery.yaml:4:16: limits.wall: expected a duration, found a whole number; write it like "30s", "2m" or "500ms"
}

// A file of another client becomes bindery's own, without its credentials.
func ExampleConfig_Encode() {
	c, err := config.Parse(".mcp.json", []byte(`{"mcpServers": {
		"sentry": {"type": "http", "url": "https://mcp.sentry.dev/mcp", "headers": {"Authorization": "Bearer abc"}}, // mine
	}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := c.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// # Credentials do not belong in this file. Set these variables before bindery starts:
	// #   SENTRY_AUTHORIZATION (mcpServers.sentry.headers.Authorization)
	// mcpServers:
	//   sentry:
	//     url: https://mcp.sentry.dev/mcp
	//     headers:
	//       Authorization: Bearer ${env:SENTRY_AUTHORIZATION}
}
