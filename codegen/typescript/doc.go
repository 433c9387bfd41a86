// Package typescript writes the form of tools as TypeScript: declarations that
// the compiler takes under --strict, and calls on one line.
//
//	*form.Server → File → NAME.d.ts (beside Prelude)
//	*form.Function → Line, Full, Signature → what a model reads
package typescript
