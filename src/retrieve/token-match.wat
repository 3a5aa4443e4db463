;; The inner loops of late interaction. token-match.ts calls them and says what lies where; after a change here,
;; `npm run build:wasm` makes token-match.wasm anew.
(module
  (memory (export "memory") 4)

  ;; For each of the question's tokens the greatest dot product with any row of a unit, and the sum of the unit's rows.
  ;; A row is its scale (f32) and its numbers, four bits each, 7 for zero. A block is 32 numbers: 16 bytes of a row. Each
  ;; block is taken in the order 0 2 4 … 30, 1 3 5 … 31, in which the halves of its bytes come apart.
  (func (export "matchRows")
    (param $row i32) (param $rows i32) (param $rowBytes i32) (param $blocks i32)
    (param $tokens i32) (param $tokenCount i32) ;; i16, `blocks` blocks each
    (param $best i32) ;; in and out: f32, one a token
    (param $sum i32) ;; in and out: f32, one a number
    (param $levels i32) ;; a row's room for i16
    (local $end i32) (local $levelsEnd i32) (local $in i32) (local $out i32) (local $to i32)
    (local $token i32) (local $tokensEnd i32) (local $result i32)
    (local $scale f32) (local $scales v128) (local $bytes v128) (local $low v128) (local $high v128)
    (local $a v128) (local $b v128)
    (local.set $end (i32.add (local.get $row) (i32.mul (local.get $rows) (local.get $rowBytes))))
    (local.set $levelsEnd (i32.add (local.get $levels) (i32.shl (local.get $blocks) (i32.const 6))))
    (local.set $tokensEnd (i32.add (local.get $tokens)
      (i32.mul (local.get $tokenCount) (i32.shl (local.get $blocks) (i32.const 6)))))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $scale (f32.load align=1 (local.get $row)))
        (local.set $scales (f32x4.splat (local.get $scale)))

        ;; Four bits to sixteen.
        (local.set $in (i32.add (local.get $row) (i32.const 4)))
        (local.set $out (local.get $levels))
        (loop $nextBlock
          (local.set $bytes (v128.load align=1 (local.get $in)))
          (local.set $low (i8x16.sub
            (v128.and (local.get $bytes) (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15))
            (v128.const i8x16 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7)))
          (local.set $high (i8x16.sub
            (i8x16.shr_u (local.get $bytes) (i32.const 4))
            (v128.const i8x16 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7)))
          (v128.store (local.get $out) (i16x8.extend_low_i8x16_s (local.get $low)))
          (v128.store offset=16 (local.get $out) (i16x8.extend_high_i8x16_s (local.get $low)))
          (v128.store offset=32 (local.get $out) (i16x8.extend_low_i8x16_s (local.get $high)))
          (v128.store offset=48 (local.get $out) (i16x8.extend_high_i8x16_s (local.get $high)))
          (local.set $in (i32.add (local.get $in) (i32.const 16)))
          (local.set $out (i32.add (local.get $out) (i32.const 64)))
          (br_if $nextBlock (i32.lt_u (local.get $out) (local.get $levelsEnd))))

        ;; The row is added to the sum.
        (local.set $in (local.get $levels))
        (local.set $to (local.get $sum))
        (loop $nextEight
          (local.set $bytes (v128.load (local.get $in)))
          (v128.store (local.get $to) (f32x4.add (v128.load (local.get $to))
            (f32x4.mul (local.get $scales) (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $bytes))))))
          (v128.store offset=16 (local.get $to) (f32x4.add (v128.load offset=16 (local.get $to))
            (f32x4.mul (local.get $scales) (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $bytes))))))
          (local.set $in (i32.add (local.get $in) (i32.const 16)))
          (local.set $to (i32.add (local.get $to) (i32.const 32)))
          (br_if $nextEight (i32.lt_u (local.get $in) (local.get $levelsEnd))))

        ;; The row against each token.
        (local.set $token (local.get $tokens))
        (local.set $result (local.get $best))
        (block $noMore
          (loop $nextToken
            (br_if $noMore (i32.ge_u (local.get $token) (local.get $tokensEnd)))
            (local.set $in (local.get $levels))
            (local.set $a (v128.const i32x4 0 0 0 0))
            (local.set $b (v128.const i32x4 0 0 0 0))
            (loop $nextProduct
              (local.set $a (i32x4.add (local.get $a)
                (i32x4.dot_i16x8_s (v128.load (local.get $in)) (v128.load (local.get $token)))))
              (local.set $b (i32x4.add (local.get $b)
                (i32x4.dot_i16x8_s (v128.load offset=16 (local.get $in)) (v128.load offset=16 (local.get $token)))))
              (local.set $a (i32x4.add (local.get $a)
                (i32x4.dot_i16x8_s (v128.load offset=32 (local.get $in)) (v128.load offset=32 (local.get $token)))))
              (local.set $b (i32x4.add (local.get $b)
                (i32x4.dot_i16x8_s (v128.load offset=48 (local.get $in)) (v128.load offset=48 (local.get $token)))))
              (local.set $in (i32.add (local.get $in) (i32.const 64)))
              (local.set $token (i32.add (local.get $token) (i32.const 64)))
              (br_if $nextProduct (i32.lt_u (local.get $in) (local.get $levelsEnd))))
            (local.set $a (i32x4.add (local.get $a) (local.get $b)))
            (f32.store (local.get $result) (f32.max (f32.load (local.get $result))
              (f32.mul (local.get $scale) (f32.convert_i32_s
                (i32.add
                  (i32.add (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
                  (i32.add (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a))))))))
            (local.set $result (i32.add (local.get $result) (i32.const 4)))
            (br $nextToken)))

        (local.set $row (i32.add (local.get $row) (local.get $rowBytes)))
        (br $nextRow)))))
