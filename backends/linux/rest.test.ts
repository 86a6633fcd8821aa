/** When the program listens while it sleeps, and when it does not: `drivers/loop/rest.ts` in V8, with a kernel that has frames for it. */
import { beforeEach, expect, test } from "vitest";
import { type AsInstance, compileAs, instantiateAs } from "#tools/load-as";

const MILLISECOND = 1_000_000;
/** Until a process that was asleep runs. */
const WAKE = 5_000;
/** What the kernel adds to times. */
const SLACK = 50_000;

let program: AsInstance;
let now = 0;
let taken = 0;
/** When frames come, in order. */
let frames: Iterator<number>;
let next = 0;
/** Sleeps of the last millisecond and more: with or without an ear open. */
let sleeps = { listening: 0, pausing: 0 };
let longestWait = 0;

const system = {
  received: () => taken,
  wait: (ns: bigint, listen: number) => {
    sleeps[listen !== 0 ? "listening" : "pausing"]++;
    const end = ns < 0n ? Number.POSITIVE_INFINITY : now + Number(ns) + SLACK;
    now = listen !== 0 ? Math.max(now, Math.min(end, next + WAKE)) : end;
  },
};

beforeEach(async () => {
  program = await instantiateAs(await compileAs({ entry: "backends/linux/drivers/loop/rest.ts" }), {
    system,
  });
  now = 1_000 * MILLISECOND;
  taken = 0;
  longestWait = 0;
});

/** Turns for so many milliseconds, the frames being at `times`. */
function run(milliseconds: number, times: Iterator<number>, most = -1n): void {
  frames = times;
  next = frames.next().value as number;
  sleeps = { listening: 0, pausing: 0 };
  for (const end = now + milliseconds * MILLISECOND; now < end; ) {
    while (next <= now) {
      longestWait = Math.max(longestWait, now - next);
      taken++;
      next = frames.next().value as number;
    }
    (program.exports["rest"] as (now: bigint, most: bigint) => void)(BigInt(Math.round(now)), most);
  }
}

function* every(ns: number): Generator<number> {
  for (let at = now + ns; ; at += ns) yield at;
}

/** One after the other: each is there so long after the one before was taken. */
function* answering(ns: number): Generator<number> {
  for (;;) yield now + ns;
}

test("few frames are dealt with at once", () => {
  run(200, every(100_000));
  expect(sleeps.pausing).toBe(0);
  expect(longestWait).toBe(WAKE);
});

test("many frames a second are collected, none for long", () => {
  run(10, every(5_000));
  run(100, every(5_000));
  expect(sleeps.listening).toBe(0);
  expect(sleeps.pausing).toBeLessThan(800);
  expect(longestWait).toBeLessThanOrEqual(100_000 + SLACK);
});

test("when they become few, it listens again within two milliseconds", () => {
  run(20, every(5_000));
  run(2, every(1_000_000));
  run(200, every(1_000_000));
  expect(sleeps.pausing).toBe(0);
});

test("who waits for each answer before it asks again is hardly slowed down", () => {
  run(500, answering(3_000));
  expect(sleeps.pausing * 0.15).toBeLessThan(0.1 * 500);
});

test("a moment without frames does not end it", () => {
  run(20, every(5_000));
  const gap = now + MILLISECOND / 2;
  run(
    20,
    (function* () {
      for (let at = gap; ; at += 5_000) yield at;
    })(),
  );
  expect(sleeps.listening).toBe(0);
});

test("when they come again after a while, it collects them again at once", () => {
  run(20, every(5_000));
  run(10, every(1_000_000));
  run(3, every(5_000));
  run(20, every(5_000));
  expect(sleeps.listening).toBe(0);
});

test("what has to be done at a time is done then", () => {
  run(20, every(5_000));
  const before = now;
  sleeps = { listening: 0, pausing: 0 };
  (program.exports["rest"] as (now: bigint, most: bigint) => void)(BigInt(Math.round(now)), 20_000n);
  expect(now - before).toBe(20_000 + SLACK);
});
