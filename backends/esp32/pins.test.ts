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
});
