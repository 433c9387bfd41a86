// Package sandboxtest is one suite of hostile scripts that every engine must
// pass: scripts that do not end, take all memory, recurse, crash parsers,
// poison what the next script stands on, or look for a way out.
//
//	Cases(language) → Run, Stress → Engine (under test) → script
//	outcome, the next script, the calling process ←┘
//
// [Run] asks of each case that it ends as it must within its limit and 250 ms,
// that the next script finds everything untouched, and that the calling
// process does not grow by more than 32 MiB. [Stress] runs cases at random and
// at once, and asks that no process, file or goroutine is left.
//
// The attacks, and where each is tried. Without a place it is a case here;
// what concerns the process around a script, or the calls that leave it, is
// tested with the package that deals with it.
//
//	 1–4   loops, swallowed errors, microtasks, timers, sleeps
//	 5–8   backtracking and deep regular expressions
//	 9–12  native loops: over arrays of 2^32, objects of 2^53, ranges of 10^12
//	13–15  repeat, pad, replace beyond memory
//	16     appending to a string
//	17–21  buffers, archives, objects, strings, maps, argument lists beyond memory
//	22–23  large integers
//	24–25  deeply nested text, evaluated and as the script itself; text that is code
//	26     a script over its limit; that no worker sees it: sandbox/worker TestRun
//	27     recursion through everything that calls back, and chains deeper than a stack
//	28–32  results, arguments and output that are deep, shared, cyclic, endless
//	33–37  prototypes, built-in types, modules, JSON, promises, loops, iterators changed by
//	       the script
//	38–41  thenables, getters, proxies, and all else that runs when a value is looked at
//	42–45  rejections, odd throws, promises that do not settle or do twice
//	46     calls that are not awaited; that the audit has them: gateway TestLedgerTellsFates
//	47     10,000 calls at once; the socket under 10,000 calls: sandbox/worker TestRun
//	48     calls beyond the budget; also sandbox TestDispatcherRefuses, and for what
//	       took effect before, gateway TestLedgerTellsFates
//	49–51  output: floods, odd values, control characters
//	52–54  kinds of values, surrogates, keys such as __proto__
//	55     tools of odd names
//	56     two names that become one: codegen TestCollisions
//	57–60  tools changed, unbound, taken apart, looked at; what is between them and the
//	       host; host text in errors
//	61     arguments that are no object or too large; the path in the schema: gateway
//	       TestWrongArgumentsAreNotSent
//	62     results over the limit; also sandbox TestDispatcherRefuses
//	63     failures among calls; servers that die: backends TestCallFaults
//	64     modules, network, processes, files; ending the interpreter
//	65     frames forged where a script can write to its host; a worker that breaks out:
//	       sandbox/confine TestEverythingIsRefused,
//	       sandbox/worker TestConfined, TestForgedFrames, FuzzGateway, FuzzRogueWorker
//	66     a tool that is not bound; forged by a worker: sandbox/worker TestForgedFrames;
//	       denied by policy: gateway TestDeniedToolsDoNotExist
//	67     a client that leaves: cmd/bindery/e2e TestClientLeaves, sandbox/worker TestCancel
//	68     a gateway that is killed: sandbox/worker TestGatewayKilled, cmd/bindery/e2e
//	       TestKilledGatewayLeavesNothing
//	69     more scripts than may run: sandbox/worker TestQueue
//	70     workers that cannot be started: sandbox/worker TestSpawnFails
//	71     clocks; timers, tasks, finalizers after the end
//	72     a script that asks for its own execution
package sandboxtest
