;; Programs that end, with results to compare, and programs that do not.
;; wat2wasm control.wat
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (type $unary (func (param i32) (result i32)))
  (type $pair (func (param i32 i32) (result i32 i32)))
  (table 4 funcref)
  (elem (i32.const 0) $spin_indirect $even_indirect $odd_indirect $turns)
  (global $sp (mut i32) (i32.const 65536))
  (memory (export "memory") 1 4)

  ;; One check for each turn: no calls, one loop.
  (func $turns (export "turns") (type $unary)
    (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get 0))))
    (local.get $i))

  (func $fib (export "fib") (type $unary)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add
        (call $fib (i32.sub (local.get 0) (i32.const 1)))
        (call $fib (i32.sub (local.get 0) (i32.const 2)))))))

  ;; The state of the loop is on the operand stack, over a value that must stay.
  (func (export "params") (type $unary)
    (i32.const 1000000)
    (i32.const 0)
    (local.get 0)
    (loop $again (type $pair)
      (local.set 0)
      (local.get 0)
      (i32.add)
      (i32.sub (local.get 0) (i32.const 1))
      (br_if $again (i32.gt_s (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))))
    (drop)
    (i32.add))

  ;; Counts steps of the Collatz sequence; br_table goes back, and out.
  (func (export "states") (type $unary)
    (local $steps i32)
    (block $out
      (loop $next
        (br_if $out (i32.le_u (local.get 0) (i32.const 1)))
        (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
        (block $odd
          (block $even
            (br_table $even $odd (i32.and (local.get 0) (i32.const 1))))
          (local.set 0 (i32.shr_u (local.get 0) (i32.const 1)))
          (br_table $next $next (i32.const 0)))
        (local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 3)) (i32.const 1)))
        (br $next)))
    (local.get $steps))

  ;; Loops in loops, left by a result.
  (func (export "nested") (type $unary)
    (local $i i32) (local $j i32) (local $sum i64)
    (loop $outer (result i32)
      (local.set $j (i32.const 0))
      (loop $inner
        (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.xor (local.get $i) (local.get $j)))))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $inner (i32.lt_u (local.get $j) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (i32.wrap_i64 (local.get $sum))
      (br_if $outer (i32.lt_u (local.get $i) (local.get 0)))))

  (func $even_indirect (type $unary)
    (if (result i32) (local.get 0)
      (then (call_indirect (type $unary) (i32.sub (local.get 0) (i32.const 1)) (i32.const 2)))
      (else (i32.const 1))))
  (func $odd_indirect (type $unary)
    (if (result i32) (local.get 0)
      (then (call_indirect (type $unary) (i32.sub (local.get 0) (i32.const 1)) (i32.const 1)))
      (else (i32.const 0))))
  (func (export "even") (type $unary) (call $even_indirect (local.get 0)))

  ;; A stack in memory, as compiled programs have it.
  (func $stacked (export "stacked") (type $unary)
    (local $fp i32)
    (global.set $sp (local.tee $fp (i32.sub (global.get $sp) (i32.const 16))))
    (i32.store (local.get $fp) (local.get 0))
    (if (local.get 0)
      (then (i32.store offset=4 (local.get $fp) (call $stacked (i32.sub (local.get 0) (i32.const 1))))))
    (global.set $sp (i32.add (local.get $fp) (i32.const 16)))
    (i32.add (i32.load (local.get $fp)) (i32.load offset=4 (local.get $fp))))

  ;; The code behind a branch is never run, but has loops too.
  (func (export "dead") (type $unary)
    (block $out
      (br $out)
      (loop $never (br $never)))
    (return (local.get 0))
    (loop $never (result i32) (br $never)))

  (func (export "yields") (type $unary) (call $yield))

  (func (export "spin_loop") (type $unary) (loop $l (br $l)) (unreachable))
  (func (export "spin_if") (type $unary) (loop $l (if (i32.const 1) (then (br $l)))) (i32.const 0))
  (func (export "spin_params") (type $unary)
    (local.get 0) (i32.const 1)
    (loop $l (type $pair) (br $l))
    (unreachable))
  (func (export "spin_table") (type $unary)
    (loop $l (block $b (br_table $b $l $l (i32.const 7))))
    (i32.const 0))
  (func (export "spin_far") (type $unary)
    (loop $l (block (block (block (br $l)))))
    (i32.const 0))
  ;; Each call makes two more, as deep as the number says: it would end after
  ;; 2^60 calls.
  (func $tree (type $unary)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (i32.add
      (call $tree (i32.sub (local.get 0) (i32.const 1)))
      (call $tree (i32.sub (local.get 0) (i32.const 1)))))
  (func (export "spin_calls") (type $unary) (call $tree (i32.const 60)))
  (func $spin_indirect (type $unary)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (i32.add
      (call_indirect (type $unary) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))
      (call_indirect (type $unary) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))))
  (func (export "spin_indirect") (type $unary)
    (call_indirect (type $unary) (i32.const 60) (i32.const 0))))
