// Package jsonstring writes JSON strings without reflection and without a copy,
// for those who write much JSON of a known form.
//
//	text of anybody's making → Append → bytes of a JSON document
package jsonstring
