package jsonscan

import "bytes"

// Line returns JSON as one line, for who ends a message with a line: what ends
// one within it stands between values, and is a space then. It is data itself if
// nothing does.
func Line(data []byte) []byte {
	if bytes.IndexByte(data, '\n') < 0 && bytes.IndexByte(data, '\r') < 0 {
		return data
	}
	line := bytes.Clone(data)
	for i, c := range line {
		if c == '\n' || c == '\r' {
			line[i] = ' '
		}
	}
	return line
}
