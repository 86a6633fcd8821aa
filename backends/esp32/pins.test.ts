/** The greenhouse with a cable as its board's flash memory has it: its pins, its sensor, its rules and its watchdog, on a chip in TypeScript with a scripted board around. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  askTcp,
  Cable,
  DhcpServer,
  Host,
  I2cTarget,
  MICROSECOND,
  MILLISECOND,
  SECOND,
  Sht4x,
  Simulation,
  TcpClient,
} from "#simulate";
import { imageOf } from "../../test/appliance.ts";
import { Chip } from "./test-chip.ts";
import type { Wiring } from "./test-emac.ts";
import { TestPins } from "./test-pins.ts";

const [VENT, PUMP, FLOAT, SDA, SCL] = [4, 32, 33, 13, 16] as const;
const wiring: Wiring = { phy: "lan8720", address: 0, clock: { pin: 17, out: true }, power: 12 };
const ADDRESS = "10.0.2.20";

let image: Uint8Array;
beforeAll(async () => {
  image = new Uint8Array(await imageOf("examples/greenhouse/wired.appl", "olimex"));
});

function greenhouse() {
  const chip = new Chip(image, 4 << 20, wiring);
  const { simulation } = chip;
  const { board } = chip.pins;
  board.force(SDA, "high");
  board.force(SCL, "high");
  const sensor = new Sht4x(board, 0x44);
  const target = new I2cTarget(board, { sda: SDA, scl: SCL }, sensor);
  const router = new Host(simulation, { name: "router", address: "10.0.2.2/24" });
  const cable = new Cable(simulation, router.port, chip.port);
  new DhcpServer(router, { pool: [ADDRESS] });
  const tcp = new TcpClient(router);
  chip.boot();
  return {
    chip,
    board,
    sensor,
    target,
    cable,
    float: (level: "closed" | "open") => board.force(FLOAT, level === "closed" ? "low" : undefined),
    /** What the page has, over TCP and the chip's own Ethernet MAC. */
    state(): Record<string, unknown> {
      const request = "GET /api/state HTTP/1.1\r\nHost: greenhouse\r\nConnection: close\r\n\r\n";
      const question = askTcp(tcp, ADDRESS, 80, new TextEncoder().encode(request));
      chip.runUntil(() => question.isOver, 5 * SECOND);
      const [, body] = new TextDecoder().decode(question.answer).split("\r\n\r\n");
      return JSON.parse(body!) as Record<string, unknown>;
    },
  };
}

/** What the program did on this pin, in order. */
const levels = (chip: Chip, pin: number) =>
  chip.pins.history.filter((each) => each.pin === pin).map(({ level }) => level);
const UP = `eth0: ${ADDRESS}`;

describe("the greenhouse", () => {
  test("has its outputs safe from the first moment that they are driven, and nobody else's pins", () => {
    const { chip } = greenhouse();
    chip.until(UP);
    expect(levels(chip, VENT)[0]).toBe("low");
    expect(levels(chip, PUMP)[0]).toBe("high");
    // GPIO12 is the power of the PHY.
    expect(new Set(chip.pins.history.map(({ pin }) => pin))).toEqual(new Set([VENT, PUMP, 12, SDA, SCL]));
    // The bus has resistors: a one is never driven.
    for (const pin of [SDA, SCL]) expect(levels(chip, pin)).not.toContain("high");
  });

  test("measures, lets the rule open the vent, and says so over the network", () => {
    const { chip, sensor, state } = greenhouse();
    sensor.temperature = 31;
    sensor.humidity = 40;
    chip.until(UP);
    chip.runFor(SECOND);
    expect(state()).toEqual({ temp: 30.6, rh: 40, vent: true, pump: false });
    sensor.temperature = 20;
    chip.runFor(31 * SECOND);
    expect(state()).toMatchObject({ temp: 19.6, vent: false });
    expect(levels(chip, VENT)).toEqual(["low", "high", "low"]);
    expect(chip.said).not.toMatch(/restart|trap|fault/);
  });

  test("is woken by each edge of a contact", () => {
    const { chip, board } = greenhouse();
    chip.until(UP);
    chip.runFor(2.2 * SECOND);
    for (const level of ["low", undefined, "low", undefined] as const) {
      // In the middle between two looks at the cable, which wake it anyway.
      chip.runFor(SECOND / 4);
      board.force(FLOAT, level);
      expect(chip.pins.wasSeen(FLOAT)).toBe(true);
      chip.runFor(300 * MICROSECOND);
      expect(chip.pins.wasSeen(FLOAT)).toBe(false);
    }
  });

  test("waters for a minute and a half if there is water", () => {
    const { chip, float } = greenhouse();
    float("closed");
    chip.until(UP);
    chip.runFor(92 * SECOND);
    expect(levels(chip, PUMP)).toEqual(["high", "low", "high"]);
    const [, on, off] = chip.pins.history.filter(({ pin }) => pin === PUMP);
    expect(Math.round((off!.at - on!.at) / MILLISECOND)).toBe(90_000);
  });

  test.each<[string, (parts: ReturnType<typeof greenhouse>) => void, number | null]>([
    ["that is not there", ({ target }) => (target.isMissing = true), null],
    ["whose check sums are wrong", ({ sensor }) => (sensor.isGarbled = true), null],
    [
      "that holds the clock for a while after each byte",
      ({ sensor }) => (sensor.stretch = 300 * MICROSECOND),
      30.6,
    ],
    ["that was stopped in the middle of a byte", ({ target }) => target.stick(5), 30.6],
    ["that holds the data line for ever", ({ target }) => target.stick(Number.POSITIVE_INFINITY), null],
  ])("has a sensor %s", (_, breaks, temp) => {
    const parts = greenhouse();
    parts.sensor.temperature = 31;
    breaks(parts);
    parts.chip.until(UP);
    parts.chip.runFor(SECOND);
    expect(parts.state()).toMatchObject({ temp, vent: temp !== null });
    expect(parts.chip.said).not.toMatch(/restart|trap|fault/);
  });
});

describe("the watchdog", () => {
  const DOG = "timer group 1";

  test("is fed while the program turns, and those of the ROM are off", () => {
    const { chip } = greenhouse();
    chip.until(UP);
    chip.runFor(25 * SECOND);
    expect([...chip.watchdogs.armed]).toEqual([DOG]);
    // Armed, and fed every two seconds.
    expect(chip.watchdogs.fed.get(DOG)).toBeGreaterThan(12);
    expect(chip.watchdogs.fed.get(DOG)).toBeLessThan(16);
    expect(chip.said.match(/reset/g)).toHaveLength(1);
  });

  test("resets the chip when the program hangs: pins float, and are safe when it is there again", () => {
    const { chip, sensor, board, state } = greenhouse();
    sensor.temperature = 31;
    chip.until(UP);
    chip.runUntil(() => board.driven(VENT) === "high", 5 * SECOND);
    const [since, said] = [chip.now, chip.said.length];
    chip.hang();
    chip.runUntil(() => board.driven(VENT) === undefined, 11 * SECOND);
    // Not later than the description says, not sooner than it was fed last.
    expect(chip.now - since).toBeGreaterThan(8 * SECOND - MILLISECOND);
    expect(chip.now - since).toBeLessThan(10 * SECOND + 2 * MILLISECOND);
    chip.until("reset by a watchdog", said);
    chip.until(UP, said);
    const after = chip.pins.history.filter(({ pin, at }) => pin === VENT && at > since);
    expect(after.slice(0, 2).map(({ level }) => level)).toEqual([undefined, "low"]);
    chip.runFor(SECOND);
    expect(state()).toMatchObject({ temp: 30.6, vent: true });
  });

  test("of the ROM resets a chip whose program does not switch it off", () => {
    const { chip } = greenhouse();
    chip.hang();
    expect(() => chip.runUntil(() => chip.resetCause !== 1, 100 * MILLISECOND)).toThrow("did not happen");
    chip.runUntil(() => chip.resetCause !== 1, SECOND);
    expect(chip.resetCause).toBe(7);
  });
});

describe("pins that decide how the chip starts", () => {
  test.each([
    [0, "low", "waiting for download"],
    [12, "high", "flash read err"],
  ] as const)("GPIO%i %s: it does not start", (pin, level, says) => {
    const chip = new Chip(image, 4 << 20, wiring);
    chip.pins.board.force(pin, level);
    expect(() => chip.boot()).toThrow(says);
  });
});

describe("the model of the pins", () => {
  const [GPIO, MUX, RTC_IO] = [0x3ff4_4000, 0x3ff4_9000, 0x3ff4_8400] as const;
  const fresh = () => new TestPins(new Simulation(), new Map());

  test.each<[string, number, number, string]>([
    ["an input that is driven", GPIO + 0x30, 1 << 2, "GPIO34 is an input only"],
    ["a resistor that there is not", MUX + 0x14, 1 << 8, "GPIO34 has no resistors"],
    ["a pin of the flash chip", GPIO + 0x24, 1 << 6, "flash chip"],
    ["its function", MUX + 0x60, 2 << 12, "flash chip"],
    ["a pin that there is not", GPIO + 0x24, 1 << 24, "there is no GPIO24"],
    [
      "a resistor of a pin that the low-power part has",
      MUX + 0x20,
      1 << 8,
      "the resistors of GPIO33 are in RTC_IO",
    ],
    ["both resistors", RTC_IO + 0x98, 3 << 27, "pulled up and down"],
    ["an unknown bit", GPIO + 0x88, 1, "no bits of GPIO0"],
  ])("stops at %s", (_, address, value, says) => {
    expect(() => fresh().store(address, value)).toThrow(says);
  });

  test("has a line only where the pad is led to the matrix, and reads it only where the pad lets it in", () => {
    const pins = fresh();
    pins.store(GPIO + 0x08, 1 << 16);
    pins.store(GPIO + 0x24, 1 << 16);
    pins.store(GPIO + 0x530 + 4 * 16, 256);
    expect(pins.board.driven(16)).toBeUndefined();
    pins.store(MUX + 0x4c, 2 << 12);
    expect(pins.board.driven(16)).toBe("high");
    expect(pins.load(GPIO + 0x3c) & (1 << 16)).toBe(0);
    pins.store(MUX + 0x4c, (2 << 12) | (1 << 9));
    expect(pins.load(GPIO + 0x3c) & (1 << 16)).toBe(1 << 16);
  });

  test("interrupts the first processor at edges that it was asked for, until they are taken back", () => {
    const pins = fresh();
    pins.store(MUX + 0x4c, (2 << 12) | (1 << 9));
    pins.board.force(16, "high");
    expect(pins.wasSeen(16)).toBe(false);
    pins.store(GPIO + 0x88 + 4 * 16, (2 << 7) | (1 << 15));
    pins.board.force(16, "low");
    expect(pins.interrupts).toBe(true);
    pins.store(GPIO + 0x4c, 1 << 16);
    expect(pins.interrupts).toBe(false);
    pins.board.force(16, "high");
    expect(pins.interrupts).toBe(false);
  });

  test("does not let a watchdog be written that is locked", () => {
    const chip = new Chip(image, 4 << 20, wiring);
    chip.watchdogs.store(0x3ff6_0064, 0);
    expect(() => chip.watchdogs.store(0x3ff6_0060, 1)).toThrow("the watchdog of timer group 1 is locked");
  });
});
