package js

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

const base64VLQ = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// remap rewrites a source map so that it can be used as goja uses one: goja
// asks for generated columns counted from 1 and shows original columns as they
// are, where source maps count from 0. It also takes shift off the columns of
// the original's first line, for text that was put before it.
//
// The format is ECMA-426: segments of base64 VLQ deltas, of which the generated
// column starts anew in each line and all others run on.
func remap(raw []byte, shift int) ([]byte, error) {
	var m struct {
		Version  int      `json:"version"`
		Sources  []string `json:"sources"`
		Names    []string `json:"names"`
		Mappings string   `json:"mappings"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("read the source map: %w", err)
	}
	var out strings.Builder
	out.Grow(len(m.Mappings) + len(m.Mappings)/8)
	var line, col, written int
	for i, generated := range strings.Split(m.Mappings, ";") {
		if i > 0 {
			out.WriteByte(';')
		}
		first := true
		for segment := range strings.SplitSeq(generated, ",") {
			if segment == "" {
				continue
			}
			fields, err := decodeVLQ(segment)
			if err != nil {
				return nil, err
			}
			if first {
				fields[0]++
			} else {
				out.WriteByte(',')
			}
			first = false
			if len(fields) >= 4 {
				line += fields[2]
				col += fields[3]
				want := col + 1
				if line == 0 {
					want = max(1, want-shift)
				}
				fields[3] = want - written
				written = want
			}
			for _, f := range fields {
				encodeVLQ(&out, f)
			}
		}
	}
	m.Mappings = out.String()
	return json.Marshal(m)
}

func decodeVLQ(segment string) ([]int, error) {
	fields := make([]int, 0, 5)
	value, shift := 0, 0
	for i := range len(segment) {
		digit := strings.IndexByte(base64VLQ, segment[i])
		if digit < 0 || shift > 30 {
			return nil, errors.New("read the source map: malformed mapping")
		}
		value |= (digit & 31) << shift
		if digit&32 != 0 {
			shift += 5
			continue
		}
		if value&1 != 0 {
			value = -value
		}
		fields = append(fields, value/2)
		value, shift = 0, 0
	}
	if len(fields) == 0 || shift != 0 {
		return nil, errors.New("read the source map: incomplete mapping")
	}
	return fields, nil
}

func encodeVLQ(out *strings.Builder, v int) {
	u := v << 1
	if v < 0 {
		u = -v<<1 | 1
	}
	for {
		digit := u & 31
		if u >>= 5; u > 0 {
			digit |= 32
		}
		out.WriteByte(base64VLQ[digit])
		if u == 0 {
			return
		}
	}
}
