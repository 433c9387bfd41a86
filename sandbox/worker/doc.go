// Package worker runs any engine in confined child processes, taken from a pool
// of warm ones, so that no script can outlive its limits or reach the gateway's
// memory. A process serves scripts of one owner only, each in a fresh runtime,
// and is killed at the first doubt: nothing of one script is there for the
// next to see.
//
//	gateway: Pool.Run → worker ═ frames over a socket ═ Serve → confine.Apply → Engine → script
//	         Host ← calls, logs ═══════════════════════ Host  ←───────────────────────── script
package worker
