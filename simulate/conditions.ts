/** What a cable does to frames, in one direction. */
import { MILLISECOND, type Time } from "./time.ts";

export interface Conditions {
  /** Bits a second; frames count with their Ethernet header. Without end if it is not said. */
  readonly bandwidth: number;
  /** How long a frame is on its way. */
  readonly delay: Time;
  /** By how much that varies to both sides; frames stay in order. */
  readonly jitter: Time;
  /** Probabilities, 0 to 1, each for itself: a frame is lost, comes twice, comes with one bit that is wrong, comes late. */
  readonly loss: number;
  readonly duplication: number;
  readonly corruption: number;
  readonly reordering: number;
  /** How late the late ones are at most. */
  readonly lateness: Time;
  /** The longest frame that goes through, without its 14 bytes of header; longer ones are lost without a word. */
  readonly mtu: number;
  /** Frames that wait for bandwidth; more are lost. */
  readonly queue: number;
  /** Loses what it says true to; `number` counts the frames of this direction from 0. For scripts: "the third one is lost". */
  readonly filter: ((frame: Uint8Array, number: number) => boolean) | undefined;
}

/** A cable as one wishes it. */
export const perfect: Conditions = {
  bandwidth: Number.POSITIVE_INFINITY,
  delay: 0,
  jitter: 0,
  loss: 0,
  duplication: 0,
  corruption: 0,
  reordering: 0,
  lateness: 10 * MILLISECOND,
  mtu: Number.POSITIVE_INFINITY,
  queue: 1000,
  filter: undefined,
};

/** With what is said changed; what makes no sense is refused. */
export function changed(conditions: Conditions, by: Partial<Conditions>): Conditions {
  const result = { ...conditions, ...by };
  for (const name of ["loss", "duplication", "corruption", "reordering"] as const)
    if (!(result[name] >= 0 && result[name] <= 1)) throw new RangeError(`${name} is 0 to 1`);
  for (const name of ["delay", "jitter", "lateness", "mtu", "queue"] as const)
    if (!(result[name] >= 0)) throw new RangeError(`${name} is not below 0`);
  if (!(result.bandwidth > 0)) throw new RangeError("bandwidth is more than 0");
  return result;
}
