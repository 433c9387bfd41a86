package shape

// The bounds of what is looked into. An answer beyond one of them, or with
// arguments beyond one, is counted as unread.
const (
	// MaxBytes bounds one answer, and its arguments.
	MaxBytes    = 1 << 20
	maxNesting  = 128
	maxValues   = 200_000
	maxArgWords = 20_000
)

// The bounds of a Shape.
const (
	// maxDepth is how deep places nest; below, anything goes.
	maxDepth = 24
	// maxNodes bounds the places of a shape, and so what it takes to write it.
	maxNodes = 2_000
	// maxFields is the most that a record has; an object with more is a
	// dictionary.
	maxFields = 128
	// maxEncoding is above what a shape of maxNodes places with the longest
	// names takes.
	maxEncoding = 512 << 10
)

// Where an object is taken for a dictionary though its keys look like names.
const (
	// fewFields is the most fields that an object may have whose fields come
	// and go, or which has nothing but numbers and booleans.
	fewFields = 8
	// settledCalls is the number of calls after which a field is taken for the
	// server's own word: it was shown before, so hiding it would hide nothing.
	settledCalls = 8
)
