/** Random numbers of a guest: from the processor, from a seed in XenStore, or, said so on the console, of the time. */
import { expect, test } from "vitest";
import { type Guest, type Program, startGuest } from "./test-guest.ts";
import type { GuestOptions } from "./test-hypervisor.ts";
import type { TestStore } from "./test-store.ts";

const COUNT = 200;
/** Says some numbers, and whether they can be guessed. */
const sayer: Program = {
  use: ["console", "log", "events", "clock", "store", "control", "random", "loop"],
  hooks: ["start"],
  own: `import { guessable, random } from "./random";
import { store64 } from "../backends/xen/drivers/hw";
export function start(): void {
  store64(0x7000, guessable() ? 1 : 0);
  for (let n: u64 = 1; n <= ${COUNT}; n++) store64(0x7000 + 8 * n, random());
}
`,
};

const place = "vm-data/appl-seed";
const seed = "6b1f0c9d2e8a47533c5d7e9f01a2b3c4";
const rdrand = { cpuid: { 1: [0, 0, 1 << 30, 0] } };
const started = (before: (store: TestStore) => void = () => {}, options: GuestOptions = {}): Promise<Guest> =>
  startGuest(
    sayer,
    (xen, store) => {
      xen.pages.set(7, new Uint8Array(4096));
      before(store);
    },
    options,
  );
const numbers = ({ xen }: Guest): bigint[] =>
  Array.from({ length: COUNT }, (_, n) => xen.view(0x7008 + 8 * n, 8).getBigUint64(0, true));
const isGuessable = ({ xen }: Guest): boolean => xen.view(0x7000, 8).getUint8(0) === 1;

const seeded = (store: TestStore) => store.set(place, seed);

test("the processor's numbers are taken where it has them, and no seed", async () => {
  const guest = await started(seeded, { ...rdrand, rdrand: () => 77n });
  expect(new Set(numbers(guest))).toEqual(new Set([77n]));
  expect(isGuessable(guest)).toBe(false);
  expect(guest.store.get(place)).toBe(seed);
  expect(guest.xen.readConsole()).toBe("");
});

test("without them a seed makes numbers that are all different, and is gone then", async () => {
  const guest = await started(seeded);
  expect(new Set(numbers(guest)).size).toBe(COUNT);
  expect(isGuessable(guest)).toBe(false);
  expect(guest.store.get(place)).toBeUndefined();
  expect(guest.xen.readConsole()).toBe("");
});

test("another seed, or another time, gives other numbers", async () => {
  const first = numbers(await started(seeded));
  const other = numbers(await started((store) => store.set(place, `${seed.slice(1)}0`)));
  const later = await startGuest(sayer, (xen, store) => {
    xen.pages.set(7, new Uint8Array(4096));
    xen.time += 1n;
    seeded(store);
  });
  expect(new Set([...first, ...other, ...numbers(later)]).size).toBe(3 * COUNT);
});

test("after a warm restart they go on, and none comes again", async () => {
  const guest = await started((store) => {
    seeded(store);
    store.locked = ["vm-data"];
  });
  const all = new Set(numbers(guest));
  for (let n = 1; n <= 3; n++) {
    // The same moment: what differs is what the life before has left.
    guest.xen.time = 1_000_000_000n;
    guest.restart();
    for (const each of numbers(guest)) all.add(each);
    expect(all.size).toBe((n + 1) * COUNT);
    expect(isGuessable(guest)).toBe(false);
  }
});

test.each([undefined, "", "0123456789012345678901234567890"])(
  "without a seed, or with one that is too short (%s), the console says what to do",
  async (short) => {
    const guest = await started((store) => store.set(place, short));
    expect(isGuessable(guest)).toBe(true);
    expect(guest.xen.readConsole()).toMatch(/^random numbers can be guessed: .* vm-data\/appl-seed/);
  },
);
