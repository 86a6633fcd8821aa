/**
 * Division of 64 bits for machines that divide 32, and the upper half of a product for one that has none, as functions of SSA: compiled like those of a module and linked where they are called
 * (`isa/data.ts`). Written with i64; the pass `pairs` makes halves of them. Warren, Hacker's Delight, chapter 9.
 */
import type { Func } from "./func.ts";
import { parseFunc } from "./parse.ts";

/** By symbol. */
const texts: Readonly<Record<string, string>> = {
  // From four products of halves, none of which is more than 32 bits have; nor are the two sums (chapter 8).
  "wasm.mulhi_u": `
func wasm.mulhi_u(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = iconst.i32 16
  v3 = iconst.i32 65535
  v4 = and.i32 v0, v3
  v5 = shr_u.i32 v0, v2
  v6 = and.i32 v1, v3
  v7 = shr_u.i32 v1, v2
  v8 = mul.i32 v4, v6
  v9 = shr_u.i32 v8, v2
  v10 = mul.i32 v5, v6
  v11 = add.i32 v10, v9
  v12 = and.i32 v11, v3
  v13 = mul.i32 v4, v7
  v14 = add.i32 v13, v12
  v15 = mul.i32 v5, v7
  v16 = shr_u.i32 v11, v2
  v17 = add.i32 v15, v16
  v18 = shr_u.i32 v14, v2
  v19 = add.i32 v17, v18
  return v19
`,
  // 64 bits by 32, where the quotient has 32: two digits of 16 bits, each guessed from the upper digit of the divisor and then mended.
  "wasm.i64_by_i32": `
func wasm.i64_by_i32(i64, i32) -> i32
b0(v0: i64, v1: i32):
  v2 = clz.i32 v1
  v3 = shl.i32 v1, v2
  v4 = extend_u v2
  v5 = shl.i64 v0, v4
  v6 = iconst.i64 32
  v7 = shr_u.i64 v5, v6
  v8 = wrap v7
  v9 = wrap v5
  v10 = iconst.i32 16
  v11 = iconst.i32 65535
  v12 = shr_u.i32 v3, v10
  v13 = and.i32 v3, v11
  v14 = iconst.i32 0
  v15 = iconst.i32 1
  v16 = iconst.i32 65536
  jump b1(v8, v9, v14, v15)
b1(v17: i32, v18: i32, v19: i32, v20: i32):
  v21 = shr_u.i32 v18, v10
  v22 = div_u.i32 v17, v12
  v23 = mul.i32 v22, v12
  v24 = sub.i32 v17, v23
  jump b2(v22, v24)
b2(v25: i32, v26: i32):
  v27 = ge_u.i32 v25, v16
  br_if v27, b4, b3
b3:
  v28 = mul.i32 v25, v13
  v29 = shl.i32 v26, v10
  v30 = or.i32 v29, v21
  v31 = gt_u.i32 v28, v30
  br_if v31, b4, b5(v25)
b4:
  v32 = sub.i32 v25, v15
  v33 = add.i32 v26, v12
  v34 = lt_u.i32 v33, v16
  br_if v34, b2(v32, v33), b5(v32)
b5(v35: i32):
  v36 = shl.i32 v17, v10
  v37 = or.i32 v36, v21
  v38 = mul.i32 v35, v3
  v39 = sub.i32 v37, v38
  v40 = shl.i32 v18, v10
  v41 = shl.i32 v19, v10
  v42 = or.i32 v41, v35
  br_if v20, b1(v39, v40, v42, v14), b6
b6:
  return v42
`,
  // Divisors of 32 bits one word after the other; greater ones guessed from their upper 32 bits, at most one too much.
  "wasm.i64_div_u": `
func wasm.i64_div_u(i64, i64) -> i64
b0(v0: i64, v1: i64):
  v2 = iconst.i64 32
  v3 = shr_u.i64 v1, v2
  v4 = wrap v3
  v5 = shr_u.i64 v0, v2
  v6 = wrap v5
  v7 = wrap v0
  v8 = wrap v1
  br_if v4, b4, b1
b1:
  br_if v6, b3, b2
b2:
  v9 = div_u.i32 v7, v8
  v10 = extend_u v9
  return v10
b3:
  v11 = div_u.i32 v6, v8
  v12 = mul.i32 v11, v8
  v13 = sub.i32 v6, v12
  v14 = extend_u v13
  v15 = shl.i64 v14, v2
  v16 = extend_u v7
  v17 = or.i64 v15, v16
  v18: i32 = call_import v17, v8 symbol=wasm.i64_by_i32
  v19 = extend_u v11
  v20 = shl.i64 v19, v2
  v21 = extend_u v18
  v22 = or.i64 v20, v21
  return v22
b4:
  v23 = clz.i32 v4
  v24 = extend_u v23
  v25 = shl.i64 v1, v24
  v26 = shr_u.i64 v25, v2
  v27 = wrap v26
  v28 = iconst.i64 1
  v29 = shr_u.i64 v0, v28
  v30: i32 = call_import v29, v27 symbol=wasm.i64_by_i32
  v31 = iconst.i32 31
  v32 = sub.i32 v31, v23
  v33 = shr_u.i32 v30, v32
  v34 = iconst.i32 0
  v35 = ne.i32 v33, v34
  v36 = sub.i32 v33, v35
  v37 = extend_u v36
  v38 = mul.i64 v37, v1
  v39 = sub.i64 v0, v38
  v40 = ge_u.i64 v39, v1
  v41 = add.i32 v36, v40
  v42 = extend_u v41
  return v42
`,
  "wasm.i64_rem_u": `
func wasm.i64_rem_u(i64, i64) -> i64
b0(v0: i64, v1: i64):
  v2: i64 = call_import v0, v1 symbol=wasm.i64_div_u
  v3 = mul.i64 v2, v1
  v4 = sub.i64 v0, v3
  return v4
`,
  "wasm.i64_div_s": `
func wasm.i64_div_s(i64, i64) -> i64
b0(v0: i64, v1: i64):
  v2 = iconst.i64 -1
  v3 = eq.i64 v1, v2
  v4 = iconst.i64 -9223372036854775808
  v5 = eq.i64 v0, v4
  v6 = and.i32 v3, v5
  br_if v6, b2, b1
b1:
  v7 = iconst.i64 63
  v8 = shr_s.i64 v0, v7
  v9 = shr_s.i64 v1, v7
  v10 = xor.i64 v0, v8
  v11 = sub.i64 v10, v8
  v12 = xor.i64 v1, v9
  v13 = sub.i64 v12, v9
  v14: i64 = call_import v11, v13 symbol=wasm.i64_div_u
  v15 = xor.i64 v8, v9
  v16 = xor.i64 v14, v15
  v17 = sub.i64 v16, v15
  return v17
b2:
  trap trap=overflow
`,
  "wasm.i64_rem_s": `
func wasm.i64_rem_s(i64, i64) -> i64
b0(v0: i64, v1: i64):
  v2 = iconst.i64 63
  v3 = shr_s.i64 v0, v2
  v4 = shr_s.i64 v1, v2
  v5 = xor.i64 v0, v3
  v6 = sub.i64 v5, v3
  v7 = xor.i64 v1, v4
  v8 = sub.i64 v7, v4
  v9: i64 = call_import v6, v8 symbol=wasm.i64_rem_u
  v10 = xor.i64 v9, v3
  v11 = sub.i64 v10, v3
  return v11
`,
};

/** The routine with this symbol, fresh; undefined if there is none. */
export function routine(symbol: string): Func | undefined {
  const text = texts[symbol];
  return text === undefined ? undefined : parseFunc(text, -1);
}
