;; Segments that overlap, and no instruction that refers to one.
;; wat2wasm active.wat
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "once upon a time")
  (data (i32.const 21) "under")
  (data (i32.const 0) "")
  (data (i32.const 65532) "end.")
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0))))
