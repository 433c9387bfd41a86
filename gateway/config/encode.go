package config

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Encode writes c as bindery's YAML. Where c holds a credential as it is, a
// reference to one of [Config.Variables] is written instead, and a comment at
// the top says which variables are to be set.
func (c *Config) Encode() ([]byte, error) {
	safe, vars := c.withReferences()
	var b bytes.Buffer
	if len(vars) > 0 {
		b.WriteString("# Credentials do not belong in this file. Set these variables before bindery starts:\n")
		seen := map[string]bool{}
		for _, v := range vars {
			if !seen[v.Name] {
				fmt.Fprintf(&b, "#   %s (%s)\n", v.Name, v.Path)
			}
			seen[v.Name] = true
		}
	}
	root := encodeStruct(reflect.ValueOf(*safe), safe.ServerNames())
	if len(root.Content) == 0 {
		return b.Bytes(), nil
	}
	out, err := yaml.Dump(root, yaml.WithIndent(2), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	b.Write(out)
	return b.Bytes(), nil
}

// encodeStruct writes the fields that are not zero. The servers come in the
// given order, other maps in that of their keys.
func encodeStruct(v reflect.Value, servers []string) *yaml.Node {
	table := &yaml.Node{Kind: yaml.MappingNode}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key == "" || v.Field(i).IsZero() {
			continue
		}
		put(table, key, encode(v.Field(i), servers))
	}
	return table
}

func encode(v reflect.Value, servers []string) *yaml.Node {
	switch x := v.Interface().(type) {
	case Value:
		return text(x.source())
	case Secret:
		return text(x.source())
	case time.Duration:
		return text(shortDuration(x))
	case Size:
		return text(x.String())
	case Rate:
		return text(x.String())
	case Concurrency:
		if x == Serial {
			return text("serial")
		}
	case map[string]Server:
		table := &yaml.Node{Kind: yaml.MappingNode}
		for _, name := range servers {
			put(table, name, encodeStruct(reflect.ValueOf(x[name]), nil))
		}
		return table
	}
	switch v.Kind() {
	case reflect.Pointer:
		return encode(v.Elem(), nil)
	case reflect.Struct:
		return encodeStruct(v, nil)
	case reflect.Map:
		return encodeMap(v)
	case reflect.Slice:
		list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for i := range v.Len() {
			list.Content = append(list.Content, encode(v.Index(i), nil))
		}
		return list
	case reflect.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v.Bool())}
	case reflect.Float64:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: strconv.FormatFloat(v.Float(), 'f', -1, 64)}
	case reflect.Int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(v.Int(), 10)}
	}
	return text(v.String())
}

func encodeMap(v reflect.Value) *yaml.Node {
	table := &yaml.Node{Kind: yaml.MappingNode}
	keys := slices.Collect(maps.Keys(indexes(v)))
	slices.Sort(keys)
	for _, key := range keys {
		put(table, key, encode(v.MapIndex(reflect.ValueOf(key)), nil))
	}
	return table
}

func indexes(v reflect.Value) map[string]bool {
	keys := map[string]bool{}
	for _, k := range v.MapKeys() {
		keys[k.String()] = true
	}
	return keys
}

func put(table *yaml.Node, key string, value *yaml.Node) {
	table.Content = append(table.Content, text(key), value)
}

func text(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

// shortDuration writes 1m0s as 1m.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}
