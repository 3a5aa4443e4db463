;; The inner loop of an exact scan; vectors.ts calls it and says what lies where. After a change here, `npm run build:wasm`
;; makes vector-scan.wasm anew.
(module
  (memory (export "memory") 1)

  ;; The dot product of a query with each of some rows, which lie one after another. All are 16-bit integers in blocks of
  ;; 32; the products are i32. They cannot overflow where no vector is longer than 32767.
  (func (export "scan")
    (param $query i32) (param $row i32) (param $rows i32) (param $blocks i32)
    (param $product i32) ;; out
    (local $rowsEnd i32) (local $rowEnd i32) (local $in i32) (local $a v128) (local $b v128)
    (local.set $rowsEnd (i32.add (local.get $row)
      (i32.mul (local.get $rows) (i32.shl (local.get $blocks) (i32.const 6)))))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $row) (local.get $rowsEnd)))
        (local.set $rowEnd (i32.add (local.get $row) (i32.shl (local.get $blocks) (i32.const 6))))
        (local.set $in (local.get $query))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (v128.const i32x4 0 0 0 0))
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
        (i32.store (local.get $product)
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
            (i32.add (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a)))))
        (local.set $product (i32.add (local.get $product) (i32.const 4)))
        (br $nextRow)))))
