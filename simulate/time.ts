/**
 * Virtual time: whole nanoseconds since the simulation began. As numbers they are exact for 104 days, and a simulation refuses to run longer.
 */
export type Time = number;

export const MICROSECOND: Time = 1_000;
export const MILLISECOND: Time = 1_000_000;
export const SECOND: Time = 1_000_000_000;
export const MINUTE: Time = 60 * SECOND;
export const HOUR: Time = 60 * MINUTE;
export const NEVER: Time = Number.POSITIVE_INFINITY;
/** The last moment of a simulation. */
export const LAST: Time = Number.MAX_SAFE_INTEGER;

/** `12.003450000`: seconds, as traces and captures have them. */
export function seconds(time: Time): string {
  const whole = Math.floor(time / SECOND);
  return `${whole}.${String(time - whole * SECOND).padStart(9, "0")}`;
}
