//go:build nopython

package interpreter

// Builtin returns the interpreter that this binary carries: none, as it was
// built with the tag nopython.
func Builtin() (Interpreter, bool) { return Interpreter{}, false }
