package session

import (
	"regexp"
	"strconv"
)

// Edge is how much of the start and of the end of a text [answerID] needs.
const Edge = 512

// An id stands beside "jsonrpc", before or after the result, in what the known
// SDKs write. Our own ids are whole numbers.
var (
	idAtStart = regexp.MustCompile(`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*,`)
	idAtEnd   = regexp.MustCompile(`,\s*"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`)
)

// answerID returns the id of the request that a text answers which is too long,
// too deep or too broken to be read, given its start and its end; nil for what
// is not known.
func answerID(start, end []byte) (int64, bool) {
	m := idAtStart.FindSubmatch(start)
	if m == nil {
		m = idAtEnd.FindSubmatch(end)
	}
	if m == nil {
		return 0, false
	}
	id, err := strconv.ParseInt(string(m[1]), 10, 64)
	return id, err == nil
}

// answerIDIn is answerID for a whole text.
func answerIDIn(text []byte) (int64, bool) {
	return answerID(text[:min(Edge, len(text))], text[max(0, len(text)-Edge):])
}

// KeepLast appends part to kept, and keeps no more than the last n bytes.
func KeepLast(kept, part []byte, n int) []byte {
	kept = append(kept, part[max(0, len(part)-n):]...)
	if over := len(kept) - n; over > 0 {
		kept = kept[:copy(kept, kept[over:])]
	}
	return kept
}
