// Package responses plays the model of a Responses API client from a script, so that a real client holds a
// whole conversation, tool calls included, on one machine: no model, no account, no network.
//
//	client ──POST /v1/responses──▶ Server (records the Request, checks Turn.Expect) ──events of Turn.Items──▶ client
package responses
