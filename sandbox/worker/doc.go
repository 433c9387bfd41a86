// Package worker runs any engine in a confined child process: one process for
// each script, taken from a pool of warm ones and killed afterwards, so that
// no script can outlive its limits, reach the gateway's memory or leave
// anything to the next one.
//
//	gateway: Pool.Run → worker ═ frames over a socket ═ Serve → confine.Apply → Engine → script
//	         Host ← calls, logs ═══════════════════════ Host  ←───────────────────────── script
package worker
