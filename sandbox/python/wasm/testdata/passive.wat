;; Segments between whose numbers others stand.
;; wat2wasm passive.wat
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "active 0")
  (data $one "passive 1")
  (data $two (i32.const 8) "active 2")
  (data $three "passive 3")
  (func (export "copy") (param i32) (result i32)
    (memory.init $one (local.get 0) (i32.const 0) (i32.const 9))
    (memory.init $three (i32.add (local.get 0) (i32.const 9)) (i32.const 0) (i32.const 9))
    (data.drop $three)
    (data.drop $two)
    (i32.const 18))
  ;; Of an active segment nothing is left, so this traps.
  (func (export "trap") (param i32) (result i32)
    (memory.init $two (i32.const 0) (i32.const 0) (i32.const 1))
    (i32.const 0)))
