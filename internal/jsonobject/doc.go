// Package jsonobject changes single members of a JSON object and leaves every
// other byte of it as it is: order, spelling, numbers of any size.
//
//	object's bytes → Parse → Get, Set, Delete → bytes
package jsonobject
