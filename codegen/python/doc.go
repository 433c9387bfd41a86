// Package python writes the form of tools as Python: stub files that type
// checkers take at their strictest, and calls on one line.
//
//	*form.Server → File → NAME.pyi (beside Prelude)
//	*form.Function → Line, Full, Signature → what a model reads
//	*form.Function → Parameters → how an engine names keyword arguments
//
// # Calls
//
// A property of the arguments is a keyword argument. Where its name is no
// identifier it is folded as the names of tools are: auth-method is written
// auth_method, $and is _and, from is from_. [Parameters] lists them. Arguments
// that are one of several objects, or all of them, have the properties of all.
//
// # Types
//
// Python has no type for two things that JSON Schema says often. An array with
// a type for each place is a list of any of them: results arrive as lists, and
// lists are what scripts send. An object with named properties is a TypedDict,
// which is open to be read; keys that only additionalProperties allows are
// refused in a literal all the same. Of all parts of an intersection that are
// not objects only the narrowest is written.
//
// What a model reads is no stub but a shorter notation for the same: name? is
// optional, {"key": type} a dictionary with these keys, [A, B] a list with
// these items, and a literal stands for itself.
package python
