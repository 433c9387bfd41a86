// Package excerpt cuts a JSON value to a number of bytes without cutting
// through it: what is left is JSON, and says where something is missing.
//
//	value, budget → Of → Excerpt{JSON, what was cut}
package excerpt
