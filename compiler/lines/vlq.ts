/** Whole numbers as text, small ones short: the base64 VLQ of source maps (ECMA-426, section 6). */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Map([...DIGITS].map((digit, value) => [digit, value]));
const MORE = 32;
/** More digits than a number below 2^53 has are no number. */
const MOST_DIGITS = 11;

export function encodeVlq(numbers: readonly number[]): string {
  let text = "";
  for (const number of numbers) {
    let rest = number < 0 ? 2 * -number + 1 : 2 * number;
    do {
      const digit = rest % MORE;
      rest = Math.floor(rest / MORE);
      text += DIGITS[rest > 0 ? digit + MORE : digit];
    } while (rest > 0);
  }
  return text;
}

/** Throws for what is no such text. */
export function decodeVlq(text: string): number[] {
  const numbers: number[] = [];
  let [value, scale, digits] = [0, 1, 0];
  for (const letter of text) {
    const digit = values.get(letter);
    if (digit === undefined || ++digits > MOST_DIGITS) throw new Error("not a list of numbers");
    value += (digit % MORE) * scale;
    scale *= MORE;
    if (digit >= MORE) continue;
    numbers.push(value % 2 === 1 ? -((value - 1) / 2) : value / 2);
    [value, scale, digits] = [0, 1, 0];
  }
  if (digits > 0) throw new Error("a number has no end");
  return numbers;
}
