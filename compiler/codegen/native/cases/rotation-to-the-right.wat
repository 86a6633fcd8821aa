;; By a constant that is more than the type has bits: found when the rule that turns it into one to the left was broken on purpose.
;; f1
(module
 (func)
 (func
  (i64.store16
   align=1
   (i32.const 0)
   (i64.rotr
    (i64.or
     (if (result i64) (i32.shl (i32.const 0) (i32.const 0)) (i64.const -1) (i64.const 0))
     (i64.extend_i32_u (i32.ge_u (i32.const 0) (i32.const 0))))
    (i64.const 255))))
 (memory 1 3)
 (export "f1" (func 1))
 (export "memory" (memory 0)))
