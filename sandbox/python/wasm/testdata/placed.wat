;; A segment whose place the host decides.
;; wat2wasm placed.wat
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (import "env" "base" (global $base i32))
  (memory 1)
  (data (i32.const 0) "first")
  (data (global.get $base) "second"))
