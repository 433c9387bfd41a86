package schema

import (
	"encoding/json"
	"regexp"
)

// maxTime is more bytes than any text has that [IsTime] recognises, as JSON.
const maxTime = 128

const (
	datePattern  = `20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`
	clockPattern = `(?:[01]\d|2[0-4]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d{1,9})?)?`
	zonePattern  = `(?: ?(?:[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?(?: UTC)?))?`

	weekdayPattern = `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)`
	monthPattern   = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)`
	dayPattern     = `(?:[ 0]?[1-9]|[12]\d|3[01])`
)

// timeForms are whole texts: a time with a sentence behind it is a sentence.
var timeForms = regexp.MustCompile(`^(?:` +
	// RFC 3339 and ISO 8601, and what Python and Go print.
	datePattern + `(?:[Tt ]` + clockPattern + zonePattern + `)?|` +
	// ISO 8601, basic format.
	`20\d{6}T\d{6}(?:\.\d{1,9})?Z?|` +
	// HTTP (RFC 9110, section 5.6.7) and mail (RFC 5322, section 3.3).
	weekdayPattern + `, ` + dayPattern + ` ` + monthPattern + ` 20\d\d ` + clockPattern + ` (?:GMT|UTC|[+-]\d{4})|` +
	// asctime and date(1).
	weekdayPattern + ` ` + monthPattern + ` ` + dayPattern + ` ` + clockPattern + ` (?:[A-Z]{3,4} )?20\d\d|` +
	// JavaScript's Date.toString and Date.toDateString. The name of the zone
	// is any text in any language; only the one of servers is taken for it.
	weekdayPattern + ` ` + monthPattern + ` ` + dayPattern + ` 20\d\d` +
	`(?: ` + clockPattern + ` GMT[+-]\d{4}(?: \(Coordinated Universal Time\))?)?` +
	`)$`)

// IsTime reports whether a JSON value is a string that is nothing but a date,
// or a date with a time of day, of this century: what a default holds whose
// server fills in the current time. Such a default says nothing lasting about
// its tool.
//
// Times of day and months alone, which are more often settings and versions,
// are none, nor are numbers: a count of seconds looks like any other number.
func IsTime(raw json.RawMessage) bool {
	if len(raw) > maxTime || len(raw) == 0 || raw[0] != '"' {
		return false
	}
	var s string
	return json.Unmarshal(raw, &s) == nil && timeForms.MatchString(s)
}
