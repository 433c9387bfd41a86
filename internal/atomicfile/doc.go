// Package atomicfile replaces files as a whole.
//
//	bytes → a new file beside the old one → its name
package atomicfile
