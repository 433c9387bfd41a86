package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
)

// Schema returns the JSON Schema (2020-12) of bindery's YAML, for editors. It
// is made from [Config], the same bytes every time.
func Schema() ([]byte, error) {
	pattern := func(p, example string) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "string", Pattern: p, Examples: []any{example}}
	}
	// A number needs no quotes in YAML where a string is meant.
	value := &jsonschema.Schema{Types: []string{"string", "number"}}
	s, err := jsonschema.For[Config](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[Value]():         value,
		reflect.TypeFor[Secret]():        value,
		reflect.TypeFor[time.Duration](): pattern(`^([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))*$|^0$`, "30s"),
		reflect.TypeFor[Glob]():          {Type: "string", MinLength: new(1)},
		reflect.TypeFor[ToolPattern]():   pattern(`^\*$|\.`, "github.*"),
		reflect.TypeFor[Size](): {AnyOf: []*jsonschema.Schema{
			pattern(`^[0-9]+ *(B|kB|KB|MB|GB|KiB|MiB|GiB)?$`, "256MiB"), {Type: "integer", Minimum: new(0.0)},
		}},
		reflect.TypeFor[Share](): {Type: "number", Minimum: new(0.0), Maximum: new(1.0)},
		reflect.TypeFor[Rate]():  pattern(`^ *[1-9][0-9]* */ *(s|m|min|h) *$`, "10/s"),
		reflect.TypeFor[Concurrency](): {AnyOf: []*jsonschema.Schema{
			{Type: "integer", Minimum: new(1.0)}, {Type: "string", Enum: []any{"serial"}},
		}},
	}})
	if err != nil {
		return nil, fmt.Errorf("make the schema of the configuration: %w", err)
	}
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "bindery configuration"
	tighten(s)
	compact, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write the schema of the configuration: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, fmt.Errorf("write the schema of the configuration: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// tighten adds what a structure cannot say: the form of names, that a server
// is either a command or a url, and that Go's null maps and numbers below zero
// are not to be written.
func tighten(s *jsonschema.Schema) {
	name := &jsonschema.Schema{Pattern: `^[A-Za-z0-9_.-]{1,64}$`}
	s.Properties["mcpServers"].PropertyNames = name
	s.Properties["clients"].PropertyNames = name
	s.Properties["roles"].PropertyNames = name
	s.Properties["auth"].Properties["issuers"].PropertyNames = name
	server := s.Properties["mcpServers"].AdditionalProperties
	server.OneOf = []*jsonschema.Schema{{Required: []string{"command"}}, {Required: []string{"url"}}}
	server.Properties["type"].Enum = []any{"stdio", "http", "streamable-http", "streamableHttp", "sse", "websocket", "ws"}
	server.Properties["isolate"].Enum = []any{string(PerSession)}
	server.Properties["oauth"].Properties["grant"].Enum = []any{string(AuthorizationCode), string(ClientCredentials)}
	server.Properties["asks"].Items.Enum = []any{string(Elicitation), string(Sampling)}
	s.Properties["views"].PropertyNames = name
	s.Properties["views"].AdditionalProperties.Properties["mode"].Enum = []any{string(Code), string(Direct), string(Both)}
	tightenPolicy(s.Properties["policy"])
	s.Properties["pin"].Enum = []any{string(Quarantine), string(Warn), string(NoPin)}
	s.Properties["audit"].Properties["mode"].Enum = []any{string(AuditStrict), string(AuditBestEffort)}
	quota := s.Properties["quotas"]
	quota.MaxItems = new(MaxQuotas)
	quota.Items.Properties["name"].Pattern = `^[A-Za-z0-9_.-]{1,64}$`
	quota.Items.AnyOf = []*jsonschema.Schema{{Required: []string{"rate"}}, {Required: []string{"perDay"}}, {Required: []string{"executionsPerDay"}}}
	s.Properties["sandbox"].Properties["workers"].Maximum = new(float64(MaxWorkers))
	noNulls(s)
}

func tightenPolicy(p *jsonschema.Schema) {
	effects := []any{string(EffectAllow), string(EffectDeny), string(EffectAsk)}
	p.Properties["default"].Enum = effects
	p.Properties["flow"].Enum = []any{string(EffectAsk), string(EffectDeny), string(EffectOff)}
	p.Properties["labels"].PropertyNames = &jsonschema.Schema{Pattern: `^[A-Za-z0-9_.-]{1,64}$`}
	p.Properties["rules"].MaxItems = new(MaxRules)
	rule := p.Properties["rules"].Items
	rule.Properties["name"].Pattern = `^[A-Za-z0-9_.-]{1,64}$`
	rule.Properties["effect"].Enum = effects
	rule.Properties["when"].MinLength, rule.Properties["when"].MaxLength = new(1), new(MaxWhen)
	rule.Properties["reason"].MaxLength = new(MaxReason)
}

func noNulls(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if len(s.Types) == 2 && s.Types[0] == "null" {
		s.Type, s.Types = s.Types[1], nil
	}
	if s.Type == "integer" && s.Minimum == nil {
		s.Minimum = new(0.0)
	}
	for _, p := range s.Properties {
		noNulls(p)
	}
	noNulls(s.Items)
	noNulls(s.AdditionalProperties)
}
