/** Days since 1970-01-01 as dates of the Gregorian calendar. */
export let year: u32 = 1970;
export let month: u32 = 1;
export let day: u32 = 1;

/** Into `year`, `month` and `day`. Years begin with March here, so that the day of a leap year comes last; 400 of them have 146,097 days. */
export function dateOf(days: u64): void {
  const since = <u32>days + 719_468;
  const era = since / 146_097;
  const inEra = since % 146_097;
  const inYears = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365;
  const inYear = inEra - (365 * inYears + inYears / 4 - inYears / 100);
  const from = (5 * inYear + 2) / 153;
  day = inYear - (153 * from + 2) / 5 + 1;
  month = from < 10 ? from + 3 : from - 9;
  year = inYears + era * 400 + (month <= 2 ? 1 : 0);
}
