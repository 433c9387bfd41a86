// Package exposure measures the ways in which a client can show the same tools
// to a model: what stands before the first word, what finding a tool costs,
// and from how many calls on one way is cheaper than another.
//
//	Catalogue (a user's servers, or 67 real ones) → Setup → Measure → Measured → report.Document
//
// Tokens are counted over the text of the definitions and answers, exactly.
// How a provider renders definitions is not public, and what a task is differs
// from one user to the next: prices and tasks are therefore arguments, their
// defaults stand in every report, and where bindery loses the report says so.
package exposure
