// Package policy decides which calls are made: rules on who calls which tool
// with what, and on what the same execution has read before.
//
//	config.Policy → Compile → Policy.Layer: call → Decide → next, an *Error, or a question and then one of both
//
// Rules that hold for a call are not weighed by their order: deny wins over ask,
// and ask over allow. A rule that cannot be evaluated for a call denies it.
// Tools are called what the configuration calls them, whatever a view does.
package policy
