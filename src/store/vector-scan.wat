;; The inner loops of reading vectors and of an exact scan; vectors.ts calls them and says what lies where. After a change
;; here, `npm run build:wasm` makes vector-scan.wasm anew.
(module
  (memory (export "memory") 1)

  ;; The dot product of two rows of 16-bit integers in blocks of 32. It cannot overflow where no vector is longer than 32767.
  (func $dot (param $in i32) (param $row i32) (param $blocks i32) (result i32)
    (local $rowEnd i32) (local $a v128) (local $b v128)
    (local.set $rowEnd (i32.add (local.get $row) (i32.shl (local.get $blocks) (i32.const 6))))
    (loop $nextBlock
      (local.set $a (i32x4.add (local.get $a)
        (i32x4.dot_i16x8_s (v128.load (local.get $in)) (v128.load (local.get $row)))))
      (local.set $b (i32x4.add (local.get $b)
        (i32x4.dot_i16x8_s (v128.load offset=16 (local.get $in)) (v128.load offset=16 (local.get $row)))))
      (local.set $a (i32x4.add (local.get $a)
        (i32x4.dot_i16x8_s (v128.load offset=32 (local.get $in)) (v128.load offset=32 (local.get $row)))))
      (local.set $b (i32x4.add (local.get $b)
        (i32x4.dot_i16x8_s (v128.load offset=48 (local.get $in)) (v128.load offset=48 (local.get $row)))))
      (local.set $in (i32.add (local.get $in) (i32.const 64)))
      (local.set $row (i32.add (local.get $row) (i32.const 64)))
      (br_if $nextBlock (i32.lt_u (local.get $row) (local.get $rowEnd))))
    (local.set $a (i32x4.add (local.get $a) (local.get $b)))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
      (i32.add (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a)))))

  ;; Makes 16-bit integers of Float32 numbers in [-1, 1], eight at a time: 1 is 32767.
  (func (export "round") (param $in i32) (param $count i32)
    (param $out i32) ;; out
    (local $end i32)
    (local.set $end (i32.add (local.get $in) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $in) (local.get $end)))
        (v128.store (local.get $out)
          (i16x8.narrow_i32x4_s
            (i32x4.trunc_sat_f32x4_s (f32x4.nearest
              (f32x4.mul (v128.load (local.get $in)) (f32x4.splat (f32.const 32767)))))
            (i32x4.trunc_sat_f32x4_s (f32x4.nearest
              (f32x4.mul (v128.load offset=16 (local.get $in)) (f32x4.splat (f32.const 32767)))))))
        (local.set $in (i32.add (local.get $in) (i32.const 32)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next))))

  ;; The products of a query and some rows that lie one after another.
  (func (export "scan")
    (param $query i32) (param $row i32) (param $rows i32) (param $blocks i32)
    (param $product i32) ;; out
    (local $rowsEnd i32) (local $rowBytes i32)
    (local.set $rowBytes (i32.shl (local.get $blocks) (i32.const 6)))
    (local.set $rowsEnd (i32.add (local.get $row) (i32.mul (local.get $rows) (local.get $rowBytes))))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $row) (local.get $rowsEnd)))
        (i32.store (local.get $product) (call $dot (local.get $query) (local.get $row) (local.get $blocks)))
        (local.set $row (i32.add (local.get $row) (local.get $rowBytes)))
        (local.set $product (i32.add (local.get $product) (i32.const 4)))
        (br $nextRow))))

  ;; The products of a query and some rows that lie anywhere: in place of the address of each comes its product. All rows are
  ;; touched first, so that they are on their way from memory together.
  (func (export "gather")
    (param $query i32) (param $blocks i32) (param $places i32) (param $placesEnd i32)
    (result i32)
    (local $place i32) (local $touched i32)
    (local.set $place (local.get $places))
    (block $allTouched
      (loop $nextTouch
        (br_if $allTouched (i32.ge_u (local.get $place) (local.get $placesEnd)))
        (local.set $touched (i32.xor (local.get $touched) (i32.load (i32.load (local.get $place)))))
        (local.set $place (i32.add (local.get $place) (i32.const 4)))
        (br $nextTouch)))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $places) (local.get $placesEnd)))
        (i32.store (local.get $places)
          (call $dot (local.get $query) (i32.load (local.get $places)) (local.get $blocks)))
        (local.set $places (i32.add (local.get $places) (i32.const 4)))
        (br $nextRow)))
    (local.get $touched)))
