package report

import (
	"bytes"
	"fmt"
)

// Splice returns the page with what is between its two comments of that name
//
//	<!-- generated: NAME -->
//	<!-- end: NAME -->
//
// replaced by the part. Everything else stays byte for byte.
func Splice(page []byte, name string, part []byte) ([]byte, error) {
	start, end, err := marked(page, name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Write(page[:start])
	b.WriteString("\n")
	b.Write(bytes.TrimSpace(part))
	b.WriteString("\n\n")
	b.Write(page[end:])
	return b.Bytes(), nil
}

// Spliced returns what is between the comments of that name, without the
// space around it.
func Spliced(page []byte, name string) ([]byte, error) {
	start, end, err := marked(page, name)
	if err != nil {
		return nil, err
	}
	return bytes.TrimSpace(page[start:end]), nil
}

func marked(page []byte, name string) (start, end int, err error) {
	open, closing := "<!-- generated: "+name+" -->\n", "<!-- end: "+name+" -->\n"
	start = bytes.Index(page, []byte(open))
	if start < 0 || bytes.Count(page, []byte(open)) > 1 {
		return 0, 0, fmt.Errorf("the page must have the line %q once", open[:len(open)-1])
	}
	start += len(open)
	end = bytes.Index(page[start:], []byte(closing))
	if end < 0 {
		return 0, 0, fmt.Errorf("the page must have the line %q after %q", closing[:len(closing)-1], open[:len(open)-1])
	}
	return start, start + end, nil
}
