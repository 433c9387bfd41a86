package form

// MaxLine is how long a line is at most, in bytes, as far as what must be said
// allows.
const MaxLine = 1000

// Cut is how much of a tool's types is written on a line.
type Cut struct {
	// In and Out are the levels of objects that are written out in the
	// arguments and in the result; deeper ones are only called objects.
	In, Out int
	// Most is after how many bytes an object's other properties are only
	// counted; required arguments are written all the same.
	Most int
}

// Line returns a tool's signature, as written says it with a cut, and what the
// mark of a comment sets apart: the first sentence. It takes at most so many
// bytes: where the whole does not fit, long objects are cut short first, and
// then those inside others.
func (f *Function) Line(most int, mark string, written func(Cut) string) string {
	about := f.LineComment()
	if about != "" {
		about = " " + mark + " " + about
	}
	whole := written(Cut{8, 8, MaxLine})
	if len(whole)+len(about) <= most {
		return whole + about
	}
	if room := max(most/4, 40); len(about) > room {
		about = Clip(about, room)
	}
	if text := fit(most-len(about), written); text != "" {
		return text + about
	}
	return written(shortest(most)) + about
}

// Signature returns a signature of at most so many bytes; nothing if even the
// shortest is longer.
func Signature(most int, written func(Cut) string) string {
	if text := fit(most, written); text != "" {
		return text
	}
	if text := written(shortest(most)); len(text) <= most {
		return text
	}
	return ""
}

// fit returns the signature that says most within so many bytes; nothing if
// none is as short.
func fit(most int, written func(Cut) string) string {
	for _, c := range []Cut{
		{8, 8, MaxLine},
		{8, 8, most / 2},
		{4, 4, most / 2},
		{4, 2, most / 2},
		{2, 2, most / 3},
		{2, 1, most / 3},
		{1, 1, most / 3},
		{1, 1, most / 6},
		{1, 0, most / 3},
	} {
		if text := written(c); len(text) <= most {
			return text
		}
	}
	return ""
}

func shortest(most int) Cut { return Cut{1, 0, most / 4} }
