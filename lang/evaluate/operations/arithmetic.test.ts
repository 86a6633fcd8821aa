import { expect, test } from "vitest";
import { configure, MemoryFiles, MemoryLibraries } from "#lang";
import { someMachine } from "../../test/libraries.ts";
import { type Scalar, scalars } from "../../types/scalars.ts";
import { arithmetic, arithmeticRow, zeroOf } from "./arithmetic.ts";

const names = Object.keys(scalars) as Scalar[];

test("which types go together, and what comes out", () => {
  const lines = names.flatMap((left) =>
    (["+", "-", "*", "/", "%"] as const).flatMap((operator) => {
      const found = names.flatMap((right) => {
        const row = arithmeticRow(operator, left, right);
        return row ? [`${right} = ${row.result}`] : [];
      });
      return found.length > 0 ? [`${left} ${operator} ${found.join(", ")}`] : [];
    }),
  );
  expect(lines).toMatchInlineSnapshot(`
    [
      "Int + Int = Int, Ip4 = Ip4, Ip6 = Ip6, Ip = Ip, Port = Port",
      "Int - Int = Int",
      "Int * Int = Int, Duration = Duration, Size = Size, Rate = Rate, Bitrate = Bitrate, Freq = Freq, Volt = Volt, Amp = Amp, Ohm = Ohm, TempDelta = TempDelta, Percent = Percent",
      "Int / Int = Int, Duration = Rate",
      "Int % Int = Int",
      "Dec + Dec = Dec",
      "Dec - Dec = Dec",
      "Dec * Dec = Dec, Duration = Duration, Size = Size, Bitrate = Bitrate, Freq = Freq, Volt = Volt, Amp = Amp, Ohm = Ohm, TempDelta = TempDelta, Percent = Percent",
      "Dec / Dec = Dec",
      "Ip4 + Int = Ip4",
      "Ip4 - Int = Ip4",
      "Ip4 / Int = IfaceAddr",
      "Ip6 + Int = Ip6",
      "Ip6 - Int = Ip6",
      "Ip6 / Int = IfaceAddr",
      "Ip + Int = Ip",
      "Ip - Int = Ip",
      "Ip / Int = IfaceAddr",
      "Port + Int = Port",
      "Port - Int = Port, Port = Int",
      "Duration + Duration = Duration, Date = Date, Instant = Instant, TimeOfDay = TimeOfDay",
      "Duration - Duration = Duration",
      "Duration * Int = Duration, Dec = Duration, Rate = Int, Bitrate = Size, Freq = Int, Percent = Duration",
      "Duration / Int = Duration, Dec = Duration, Duration = Int",
      "Duration % Duration = Duration",
      "Size + Size = Size",
      "Size - Size = Size",
      "Size * Int = Size, Dec = Size, Percent = Size",
      "Size / Int = Size, Dec = Size, Duration = Bitrate, Size = Int, Bitrate = Duration",
      "Size % Size = Size",
      "Rate + Rate = Rate",
      "Rate - Rate = Rate",
      "Rate * Int = Rate, Duration = Int",
      "Rate / Int = Rate, Rate = Int",
      "Bitrate + Bitrate = Bitrate",
      "Bitrate - Bitrate = Bitrate",
      "Bitrate * Int = Bitrate, Dec = Bitrate, Duration = Size, Percent = Bitrate",
      "Bitrate / Int = Bitrate, Dec = Bitrate, Bitrate = Int",
      "Bitrate % Bitrate = Bitrate",
      "Freq + Freq = Freq",
      "Freq - Freq = Freq",
      "Freq * Int = Freq, Dec = Freq, Duration = Int, Percent = Freq",
      "Freq / Int = Freq, Dec = Freq, Freq = Int",
      "Freq % Freq = Freq",
      "Volt + Volt = Volt",
      "Volt - Volt = Volt",
      "Volt * Int = Volt, Dec = Volt, Percent = Volt",
      "Volt / Int = Volt, Dec = Volt, Volt = Int, Amp = Ohm, Ohm = Amp",
      "Volt % Volt = Volt",
      "Amp + Amp = Amp",
      "Amp - Amp = Amp",
      "Amp * Int = Amp, Dec = Amp, Ohm = Volt, Percent = Amp",
      "Amp / Int = Amp, Dec = Amp, Amp = Int",
      "Amp % Amp = Amp",
      "Ohm + Ohm = Ohm",
      "Ohm - Ohm = Ohm",
      "Ohm * Int = Ohm, Dec = Ohm, Amp = Volt, Percent = Ohm",
      "Ohm / Int = Ohm, Dec = Ohm, Ohm = Int",
      "Ohm % Ohm = Ohm",
      "Temp + TempDelta = Temp",
      "Temp - Temp = TempDelta, TempDelta = Temp",
      "TempDelta + Temp = Temp, TempDelta = TempDelta",
      "TempDelta - TempDelta = TempDelta",
      "TempDelta * Int = TempDelta, Dec = TempDelta, Percent = TempDelta",
      "TempDelta / Int = TempDelta, Dec = TempDelta, TempDelta = Int",
      "TempDelta % TempDelta = TempDelta",
      "Percent + Percent = Percent",
      "Percent - Percent = Percent",
      "Percent * Int = Percent, Dec = Percent, Duration = Duration, Size = Size, Bitrate = Bitrate, Freq = Freq, Volt = Volt, Amp = Amp, Ohm = Ohm, TempDelta = TempDelta",
      "Percent / Int = Percent, Dec = Percent, Percent = Int",
      "Percent % Percent = Percent",
      "Date + Duration = Date",
      "Date - Duration = Date, Date = Duration",
      "Instant + Duration = Instant",
      "Instant - Duration = Instant, Instant = Duration",
      "TimeOfDay + Duration = TimeOfDay",
      "TimeOfDay - Duration = TimeOfDay, TimeOfDay = Duration",
    ]
  `);
});

test("each pair of types is there once for an operator", () => {
  const keys = arithmetic.map(({ operator, left, right }) => `${left} ${operator} ${right}`);
  expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([]);
});

test("sums and products do not mind the order", () => {
  for (const { operator, left, right, result } of arithmetic)
    if (operator === "+" || operator === "*")
      expect(arithmeticRow(operator, right, left)?.result, `${left} ${operator} ${right}`).toBe(result);
});

test("what can be added up has a zero that changes nothing", () => {
  for (const name of names) {
    const zero = zeroOf(name);
    if (zero) expect(arithmeticRow("+", name, name)?.run([zero, zero], undefined as never)).toEqual(zero);
  }
});

/** What is said of an expression that should equal another. */
function said(left: string, right: string): string {
  const files = new MemoryFiles({
    "t.appl": `appl 1\nlet t : Temp = 20°C\nlet p : Port = 8000\nlet none : List<Size> = []\nappliance t { assert ${left} == ${right} }\n`,
  });
  const { diagnostics } = configure({
    path: "t.appl",
    files,
    libraries: new MemoryLibraries({}),
    machines: someMachine,
  });
  return diagnostics.map((it) => `${it.text}; ${it.notes.join(" ")}`).join("\n");
}

test.each([
  ["30s + 500ms", "30500ms"],
  ["2KiB * 4", "8KiB"],
  ["4 * 2KiB", "8KiB"],
  ["1h / 4", "15min"],
  ["1h / 15min", "4"],
  ["1h % 50min", "10min"],
  ["5min * 1.5", "450s"],
  ["1.5 * 5min", "450s"],
  ["3ns * 0.5", "2ns"],
  ["5ns * 0.5", "2ns"],
  ["10s / 0.25", "40s"],
  ["64MiB * 25%", "16MiB"],
  ["10% * 1h", "6min"],
  ["25% + 5%", "30%"],
  ["25% * 2", "50%"],
  ["100Mbit/s * 10s", "125MB"],
  ["125MB / 10s", "100Mbit/s"],
  ["125MB / 100Mbit/s", "10s"],
  ["1kHz * 5s", "5000"],
  ["20mA * 1kohm", "20V"],
  ["3.3V / 330ohm", "10mA"],
  ["3.3V / 10mA", "330ohm"],
  ["-3.3V", "0V - 3.3V"],
  ["100/s * 5min", "30_000"],
  ["100/s + 60/min", "6060/min"],
  ["100/s - 40/s", "60/s"],
  ["100/s * 3", "300/s"],
  ["100/s / 4", "25/s"],
  ["100/s / 60/min", "100"],
  ["600 / 1min", "600/min"],
  ["2026-11-21 + 14d", "2026-12-05"],
  ["2024-02-28 + 1d", "2024-02-29"],
  ["2026-03-01 - 1d", "2026-02-28"],
  ["2026-12-05 - 2026-11-21", "14d"],
  ["2026-11-21T23:30Z + 1h", "2026-11-22T00:30Z"],
  ["2026-11-21T23:30Z - 2026-11-21T23:00Z", "30min"],
  ["22:30 + 1h15m", "23:45"],
  ["05:30 - 01:00", "4h30m"],
  ["t + 2°C", "22°C"],
  ["2°C + t", "22°C"],
  ["t - 18°C", "2°C"],
  ["p + 443", "8443"],
  ["p - 7999", "1"],
  ["0.1 + 0.2", "0.3"],
  ["0.5 * 3", "1.5"],
  ["2 / 0.5", "4.0"],
  ["1.0 / 3", "0.333333333333"],
  ["-1 + 0.5", "-0.5"],
  ["10.0.0.1 + 6", "10.0.0.7"],
  ["6 + 2001:db8::1", "2001:db8::7"],
  ["10.0.1.0 - 1", "10.0.0.255"],
  ["(10.0.0.0 + 7) / 24", "10.0.0.7/24"],
  ["ip.nth(10.0.0.0/24, 7) / 24", "10.0.0.7/24"],
  ["sum([100/s, 60/min])", "6060/min"],
  ["sum([2°C - 1°C, 3°C - 1°C])", "3°C"],
  ["sum(none)", "0B"],
  ["sum([0.1, 0.2])", "0.3"],
])("%s is %s", (left, right) => {
  expect(said(left, right)).toBe("");
});

test.each([
  ["1s - 2s", "a Duration is not below zero"],
  ["1s / 0", "there is no division by zero"],
  ["1s / 0.0", "there is no division by zero"],
  ["100/s / 0", "there is no division by zero"],
  ["1 / 0s", "there is no division by zero"],
  ["10MB / 0s", "there is no division by zero"],
  ["1V / 0ohm", "there is no division by zero"],
  ["p + 60_000", "there is no port 68000"],
  ["2026-11-21 + 36h", "this is no whole number of days"],
  ["9999-12-31 + 1d", "there is no such date"],
  ["2026-11-21T05:00Z + 1ms", "this is no whole number of seconds"],
  ["23:00 + 2h", "this is on another day"],
  ["01:00 - 2h", "this is on another day"],
  ["1/s - 2/s", "a Rate is not below zero"],
  ["9223372036854775807 + 1", "the result is more than can be counted"],
  ["300w * 1000", "the result is more than can be counted"],
  ["255.255.255.255 + 1", "there is no such IPv4 address"],
  ["(10.0.0.0 + 1) / 33", "the length of an IPv4 network is from 0 to 32, and this is 33"],
  ["(10.0.0.0 + 0) / 24", "10.0.0.0/24 is no address of a machine: all bits behind the prefix are zero"],
])("%s: %s", (left, reason) => {
  expect(said(left, left)).toContain(reason);
});

test.each([
  "5min + 3",
  "5min + 5MB",
  "1V + 1A",
  "10% * 10%",
  "5min * 5min",
  "2026-11-21 + 1",
  "p * 2",
  "80 + 0.5 + 1s",
  "t + t",
  "t * 2",
  "1h + 05:00 + 1MB",
  '"a" + "b"',
  "[1] + [2]",
])("%s goes with no other dimension", (expression) => {
  expect(said(expression, expression)).toMatch(/does not apply to/);
});
