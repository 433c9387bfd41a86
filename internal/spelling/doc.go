// Package spelling measures how far one name is from another, for whoever
// asks "did you mean".
//
//	a wrong name, the right ones → Fold, Distance → a suggestion
package spelling
