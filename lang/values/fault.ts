/** Reading a value from a text: the value, or which part of the text is wrong and why. */

export interface Fault {
  /** What is wrong, as a sentence without a full stop. */
  readonly reason: string;
  /** The wrong part: offsets into the text that was read. */
  readonly start: number;
  readonly end: number;
  /** What to write instead of the whole text. */
  readonly instead?: string | undefined;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });

export function fault(
  reason: string,
  start: number,
  end: number,
  instead?: string,
): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { reason, start, end, instead } };
}

/** The fault of a text that stands at `offset` in a longer one. */
export function shifted(inner: Fault, offset: number): { readonly ok: false; readonly fault: Fault } {
  return {
    ok: false,
    fault: { ...inner, start: inner.start + offset, end: inner.end + offset, instead: undefined },
  };
}
