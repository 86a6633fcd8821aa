/** Dates and times as text: RFC 3339 with minutes enough. */
import { fault, type Parsed, parsed } from "./fault.ts";
import type { DateValue, InstantValue, TimeOfDayValue } from "./value.ts";

export const DAY_SECONDS = 86_400;

/** `2026-11-21`. */
export function parseDate(text: string): Parsed<DateValue> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return fault("a date is written like 2026-11-21", 0, text.length);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12) return fault(`there is no month ${match[2]}`, 5, 7);
  const last = daysIn(year, month);
  if (day < 1 || day > last)
    return fault(`${match[1]}-${match[2]} has ${last} days, so there is no day ${match[3]}`, 8, 10);
  return parsed({ kind: "date", year, month, day });
}

/** `01:30`, `12:30:45`. */
export function parseTimeOfDay(text: string): Parsed<TimeOfDayValue> {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!match) return fault("a time of day is written like 05:30", 0, text.length);
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const minuteAt = match[1]!.length + 1;
  if (hours > 23) return fault(`${match[1]} is above 23, the last hour of a day`, 0, minuteAt - 1);
  if (minutes > 59)
    return fault(`${match[2]} is above 59, the last minute of an hour`, minuteAt, minuteAt + 2);
  if (seconds > 59)
    return fault(`${match[3]} is above 59, the last second of a minute`, minuteAt + 3, minuteAt + 5);
  return parsed({ kind: "timeOfDay", seconds: hours * 3600 + minutes * 60 + seconds });
}

/** `2026-11-21T05:00Z`, `2026-11-21T05:00:30+01:00`. */
export function parseInstant(text: string): Parsed<InstantValue> {
  const match = /^([\d-]+)T([\d:]+)(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (!match) return fault("an instant is written like 2026-11-21T05:00Z", 0, text.length);
  const [, datePart, timePart, zone] = match as unknown as [string, string, string, string | undefined];
  if (zone === undefined)
    return fault("an instant says its time zone: `Z` is UTC", text.length - 1, text.length, `${text}Z`);
  const date = parseDate(datePart);
  if (!date.ok) return date;
  const timeAt = datePart.length + 1;
  const time = parseTimeOfDay(timePart);
  if (!time.ok) return fault(time.fault.reason, time.fault.start + timeAt, time.fault.end + timeAt);
  const offset = offsetSeconds(zone);
  if (offset === undefined)
    return fault("a time zone is at most 23:59 from UTC", timeAt + timePart.length, text.length);
  const seconds = daysSinceEpoch(date.value) * DAY_SECONDS + time.value.seconds - offset;
  return parsed({ kind: "instant", seconds: BigInt(seconds) });
}

function offsetSeconds(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone[0] === "-" ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days since 1970-01-01, counted in eras of 400 years that begin on the first of March. */
export function daysSinceEpoch({ year, month, day }: Omit<DateValue, "kind" | "span">): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function dateOfDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const two = (value: number): string => String(value).padStart(2, "0");

export function formatDate({ year, month, day }: Omit<DateValue, "kind" | "span">): string {
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

export function formatTimeOfDay(seconds: number): string {
  const rest = seconds % 60;
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
  return rest === 0 ? text : `${text}:${two(rest)}`;
}

/** In UTC. */
export function formatInstant(seconds: bigint): string {
  const whole = Number(seconds);
  const days = Math.floor(whole / DAY_SECONDS);
  return `${formatDate(dateOfDays(days))}T${formatTimeOfDay(whole - days * DAY_SECONDS)}Z`;
}

/** As they are written, the first one first: ISO 8601. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
