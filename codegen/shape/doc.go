// Package shape learns the structure of a tool's results from the results
// themselves, and never a value of them.
//
//	answer + arguments → Of → Shape → Merge (over calls) → Type → stubs
//	                                  Shape ⇄ MarshalJSON (on disk)
//
// # What is learned
//
// For each place: which kinds of values it had, whether numbers had fractions,
// one structure for all elements of a list, and for an object either its
// fields (each always there or optional) or, where the keys are data, one
// structure for all of its values. Merging only ever allows more: a type
// accepts every answer it was learned from and whatever the merged types
// accepted. In size, depth and number of places a shape is bounded; beyond,
// anything goes.
//
// # What is not
//
// No string, number, constant, bound, format or example is kept, hashed or
// counted; nor are arguments. What remains are the names of fields, and a name
// can be data: {"alice@example.com": 3}. An object is a dictionary, without
// names, from then on and after every merge, if
//
//   - a key does not look like the name of a field: it has other characters
//     than ASCII letters, digits, "_" and a leading "$", or too many or unusual
//     digits; it is hexadecimal, too long, or not made of letters as words are;
//   - a key is a word of the call's arguments, or a whole string value of the
//     same answer. Not counted are words that the tool's own description or
//     schemas have, fields that eight calls showed before, and the values of
//     fields such as "type", since many services answer {"type": "text",
//     "text": …};
//   - all of its values, two or more, are objects with the same fields, or
//     lists of such; or it has more than eight fields, all numbers or booleans;
//   - it has more than 128 fields;
//   - no field was in all of the objects seen at the place; or of more than
//     eight fields most come and go.
//
// The names of fields on disk are judged again when they are read.
//
// # What the rules cannot know
//
// A key that is a plain word and comes with nothing to tell it by stays a name:
// in {"alice": 3}, or {"total": 4, "alice": 3, "bob": 1}, if neither the
// arguments nor a value of the answer say "alice". It goes away when a later
// answer gives it away, not from stubs that were written before. A short random
// word can be like a word, and a word that the tool's description has can be a
// user's as well: "will", "mark". A name that holds data beside words, as in
// "spent_by_alice", is not recognised. The presence of fields, nulls and kinds
// tells a little about the answers that were seen: that one of them had an
// error field. Who cannot accept that turns learning off.
//
// In the other direction, a record whose fields are spelled like data ("1. open",
// "content-type") or that echoes the arguments is shown as a dictionary, which is
// right but says less.
package shape
