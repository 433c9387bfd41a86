// Package sandbox says what it means to run one untrusted script: what the
// script is given ([Script], [Bindings], [Limits]), what it may ask of the
// outside ([Host]) and what comes back ([Outcome]).
//
// Engines live in subpackages: sandbox/js runs JavaScript and TypeScript in
// the calling process and is as safe as that process is expendable;
// sandbox/worker runs any engine in a confined child process and is what the
// gateway uses.
//
//	gateway → Engine (worker pool) ═ socket ═ worker process → Engine (js) → script
//	tools   ← Caller ← Dispatcher  ═ socket ═ Host           ← bindings    ← script
package sandbox
