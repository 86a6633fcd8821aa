/** Operations on floats by fewer ones: exact, and without branches. */
import type { ValueId } from "../ssa/ids.ts";
import type { Op } from "../ssa/ops.ts";
import type { Expansion, Sequence } from "./sequence.ts";

/** As bits, by the width. `whole`: floats from here on have no places behind the point. */
const constants = {
  32: { whole: 0x4b00_0000n, one: 0x3f80_0000n, sign: 1n << 31n },
  64: { whole: 0x4330_0000_0000_0000n, one: 0x3ff0_0000_0000_0000n, sign: 1n << 63n },
} as const;

const withSign = (s: Sequence, size: ValueId, of: ValueId): ValueId => {
  const { sign } = constants[s.bits];
  return s.do("or", s.do("and", size, sign - 1n), s.do("and", of, sign));
};

/**
 * `round` is asked about numbers less than `whole` in size, with the nearest integer to that size: adding `whole` makes the hardware round it. What is
 * greater, or no number, stays; adding -0 changes only what has to be made the canonical one of those that are no number.
 */
function rounding(round: (s: Sequence, x: ValueId, size: ValueId, nearest: ValueId) => ValueId): Expansion {
  return (s, x) => {
    const { whole, sign } = constants[s.bits];
    const size = s.do("and", x, sign - 1n);
    const nearest = s.do("fsub", s.do("fadd", size, whole), whole);
    const rounded = round(s, x, size, nearest);
    return s.emit("select", s.type, s.do("flt", size, whole), rounded, s.do("fadd", x, sign));
  };
}

const fnearest = rounding((s, x, _, nearest) => withSign(s, nearest, x));

const ftrunc = rounding((s, x, size, nearest) => {
  const less = s.do("fsub", nearest, constants[s.bits].one);
  return withSign(s, s.emit("select", s.type, s.do("flt", size, nearest), less, nearest), x);
});

const ffloor = rounding((s, x, _, size) => {
  const nearest = withSign(s, size, x);
  const less = s.do("fsub", nearest, constants[s.bits].one);
  return s.emit("select", s.type, s.do("flt", x, nearest), less, nearest);
});

const fceil = rounding((s, x, _, size) => {
  const nearest = withSign(s, size, x);
  const more = s.do("fadd", nearest, constants[s.bits].one);
  // -1 + 1 is 0, and has to be -0.
  return withSign(s, s.emit("select", s.type, s.do("flt", nearest, x), more, nearest), x);
});

/** 2^63 as a float. */
const HIGH = 0x43e0_0000_0000_0000n;

/** From 2^63 on the rest above it is converted. */
const ftoi_u: Expansion = (s, x) => {
  const number = (value: bigint) => s.number(value, "i64");
  const rest = s.emit("ftoi_s", "i64", s.emit("fsub", "i64", x, number(HIGH)));
  const high = s.emit("xor", "i64", rest, number(1n << 63n));
  const low = s.emit("ftoi_s", "i64", x);
  const zero = number(0n);
  const positive = s.emit("select", "i64", s.emit("lt_s", "i64", low, zero), zero, low);
  return s.emit("select", "i64", s.emit("fle", "i64", number(HIGH), x), high, positive);
};

/** From 2^63 on half of it is converted and doubled; the lowest bit stays in sight, so that it is rounded as a whole. */
const itof_u: Expansion = (s, x) => {
  const number = (value: bigint) => s.number(value, "i64");
  const half = s.emit("shr_u", "i64", x, number(1n));
  const odd = s.emit("or", "i64", half, s.emit("and", "i64", x, number(1n)));
  const converted = s.emit("itof_s", s.type, odd);
  const twice = s.emit("fadd", s.type, converted, converted);
  const isHigh = s.emit("lt_s", "i64", x, number(0n));
  return s.emit("select", s.type, isHigh, twice, s.emit("itof_s", s.type, x));
};

export const floatExpansions: { readonly [O in Op]?: Expansion } = {
  fceil,
  ffloor,
  ftrunc,
  fnearest,
  ftoi_u,
  itof_u,
};
