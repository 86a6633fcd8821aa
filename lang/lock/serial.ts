/** Serial numbers: RFC 1982, in 32 bits. */
const MODULUS = 2 ** 32;

/** RFC 1982 3.2: `next` is after `before`. Two that are half the circle apart are in no order. */
export function isAhead(next: number, before: number): boolean {
  const distance = (next - before + MODULUS) % MODULUS;
  return distance > 0 && distance < MODULUS / 2;
}

/**
 * What a zone has after a change: the day as YYYYMMDD00, which is what people expect to see, if that is ahead; else one more. Zero is left
 * out, as by other servers: some take it for no number at all. `today` is `[year, month, day]`.
 */
export function nextSerial(
  before: number | undefined,
  [year, month, day]: readonly [number, number, number],
): number {
  const dated = ((year * 100 + month) * 100 + day) * 100;
  const fits = dated > 0 && dated < MODULUS;
  if (before === undefined) return fits ? dated : 1;
  if (fits && isAhead(dated, before)) return dated;
  return (before + 1) % MODULUS || 1;
}
