;; The loops over a text's token vectors; pooling.js calls them and says what lies where. After a change here,
;; `npm run build:wasm` makes pooling.wasm anew. Rows are 32-bit numbers, `bytes` of them each; all arithmetic is in 64 bits and
;; in the order of a plain loop, so that the results are those of the plain loop, bit for bit.
(module
  (memory (export "memory") 1)

  ;; Adds each row to the sums, which are 64-bit numbers.
  (func (export "sum") (param $rows i32) (param $end i32) (param $bytes i32) (param $sums i32)
    (local $row i32) (local $rowEnd i32) (local $to i32)
    (local.set $row (local.get $rows))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $rowEnd (i32.add (local.get $row) (local.get $bytes)))
        (local.set $to (local.get $sums))
        (loop $nextNumber
          (f64.store (local.get $to)
            (f64.add (f64.load (local.get $to)) (f64.promote_f32 (f32.load (local.get $row)))))
          (local.set $to (i32.add (local.get $to) (i32.const 8)))
          (local.set $row (i32.add (local.get $row) (i32.const 4)))
          (br_if $nextNumber (i32.lt_u (local.get $row) (local.get $rowEnd))))
        (br $nextRow))))

  ;; Gives each row the length 1, in its place; a row of zeros stays.
  (func (export "normalise") (param $rows i32) (param $end i32) (param $bytes i32)
    (local $row i32) (local $at i32) (local $rowEnd i32) (local $number f64) (local $squares f64) (local $length f64)
    (local.set $row (local.get $rows))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $rowEnd (i32.add (local.get $row) (local.get $bytes)))
        (local.set $squares (f64.const 0))
        (local.set $at (local.get $row))
        (loop $nextSquare
          (local.set $number (f64.promote_f32 (f32.load (local.get $at))))
          (local.set $squares
            (f64.add (local.get $squares) (f64.mul (local.get $number) (local.get $number))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $nextSquare (i32.lt_u (local.get $at) (local.get $rowEnd))))
        (if (f64.ne (local.get $squares) (f64.const 0))
          (then
            (local.set $length (f64.sqrt (local.get $squares)))
            (local.set $at (local.get $row))
            (loop $nextNumber
              (f32.store (local.get $at)
                (f32.demote_f64
                  (f64.div (f64.promote_f32 (f32.load (local.get $at))) (local.get $length))))
              (local.set $at (i32.add (local.get $at) (i32.const 4)))
              (br_if $nextNumber (i32.lt_u (local.get $at) (local.get $rowEnd))))))
        (local.set $row (local.get $rowEnd))
        (br $nextRow))))

  ;; Writes each row in four bits a number: its scale (f32), then two numbers a byte, the first in the low half. A number is
  ;; one of 15 levels, 7 of them on either side of zero, and the greatest of a row is on the outermost.
  (func (export "pack") (param $rows i32) (param $end i32) (param $bytes i32) (param $packed i32)
    (local $row i32) (local $at i32) (local $rowEnd i32) (local $scaleAt i32)
    (local $number f32) (local $greatest f32) (local $step v128) (local $pair v128) (local $up v128)
    (local $squares v128) (local $levels i64)
    (local.set $row (local.get $rows))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $rowEnd (i32.add (local.get $row) (local.get $bytes)))
        (local.set $greatest (f32.const 0))
        (local.set $at (local.get $row))
        (loop $nextNumber
          (local.set $number (f32.abs (f32.load (local.get $at))))
          (if (f32.gt (local.get $number) (local.get $greatest))
            (then (local.set $greatest (local.get $number))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $nextNumber (i32.lt_u (local.get $at) (local.get $rowEnd))))
        (local.set $step
          (f64x2.splat
            (if (result f64) (f32.gt (local.get $greatest) (f32.const 0))
              (then (f64.div (f64.const 7) (f64.promote_f32 (local.get $greatest))))
              (else (f64.const 0)))))
        (local.set $squares (v128.const i32x4 0 0 0 0))
        (local.set $scaleAt (local.get $packed))
        (local.set $packed (i32.add (local.get $packed) (i32.const 4)))
        (local.set $at (local.get $row))
        (loop $nextPair
          ;; A row of an odd number of numbers ends in one that has none beside it.
          (local.set $pair
            (if (result v128) (i32.lt_u (i32.add (local.get $at) (i32.const 4)) (local.get $rowEnd))
              (then (v128.load64_zero (local.get $at)))
              (else (v128.load32_zero (local.get $at)))))
          (local.set $pair (f64x2.mul (f64x2.promote_low_f32x4 (local.get $pair)) (local.get $step)))
          ;; Rounded as Math.round does: to the nearest, and half of one upwards.
          (local.set $up (f64x2.ceil (local.get $pair)))
          (local.set $pair
            (f64x2.sub
              (local.get $up)
              (v128.and
                (f64x2.gt (f64x2.sub (local.get $up) (v128.const f64x2 0.5 0.5)) (local.get $pair))
                (v128.const f64x2 1 1))))
          (local.set $squares (f64x2.add (local.get $squares) (f64x2.mul (local.get $pair) (local.get $pair))))
          (local.set $levels
            (i64x2.extract_lane 0
              (i32x4.add (i32x4.trunc_sat_f64x2_s_zero (local.get $pair)) (v128.const i32x4 7 7 7 7))))
          (i64.store8 (local.get $packed)
            (i64.or (local.get $levels) (i64.shr_u (local.get $levels) (i64.const 28))))
          (local.set $packed (i32.add (local.get $packed) (i32.const 1)))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $nextPair (i32.lt_u (local.get $at) (local.get $rowEnd))))
        (local.set $squares
          (f64x2.add (local.get $squares) (i64x2.splat (i64x2.extract_lane 1 (local.get $squares)))))
        (f32.store (local.get $scaleAt)
          (if (result f32) (f64.gt (f64x2.extract_lane 0 (local.get $squares)) (f64.const 0))
            (then
              (f32.demote_f64
                (f64.div (f64.const 1) (f64.sqrt (f64x2.extract_lane 0 (local.get $squares))))))
            (else (f32.const 0))))
        (local.set $row (local.get $rowEnd))
        (br $nextRow)))))
