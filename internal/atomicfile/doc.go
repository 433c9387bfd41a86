// Package atomicfile reads and replaces files as a whole.
//
//	bytes → a new file beside the old one → its name → bytes
package atomicfile
