/** An image for each speed of the processor, on a chip whose clocks are as strict as the real ones: how long things take does not depend on it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MILLISECOND, SECOND } from "#simulate";
import { imageOfText, temporaryFolder } from "../../test/appliance.ts";
import { appl } from "../../test/command.ts";
import { Chip } from "./test-chip.ts";

const LAMP = 4;
const description = (target: string) => `appl 1
use std/net
use std/gpio
use std/control
use std/board/esp32

appliance lamp {
  net eth0 { address = 10.0.2.15/24 }
  gpio { output lamp { pin = gpio4 } }
  control {
    every "blink" { period = 10s; pulse = lamp; length = 3s }
    watchdog { feed_every = 500ms; reset_after = 1s }
  }
}
target chip { ${target} }
`;
const wiring = { phy: "lan8720", address: 0, clock: { pin: 17, out: true }, power: 12 } as const;

const started = async (target: string, prepare: (chip: Chip) => void = () => undefined) => {
  const image = await imageOfText(description(`board = esp32.olimex_poe${target}`), "chip");
  const chip = new Chip(new Uint8Array(image), 4 << 20, wiring);
  prepare(chip);
  chip.boot();
  chip.until("ethernet: 100 Mbit/s, full duplex");
  return chip;
};

describe.each([
  [80, "; cpu_frequency = 80MHz"],
  [160, "; cpu_frequency = 160MHz"],
  [240, ""],
])("at %i MHz", (megahertz, target) => {
  test("pulses, watchdog, serial port and management of the PHY have the times that they should", async () => {
    const chip = await started(target);
    expect(chip.clocks.hertz).toBe(megahertz * 1e6);
    expect(chip.clocks.apb).toBe(80e6);
    chip.runFor(24 * SECOND);
    const edges = chip.pins.history.filter(({ pin }) => pin === LAMP).map(({ at }) => at);
    const [first] = edges.slice(1);
    // On for 3 seconds every 10.
    const times = edges.slice(1, 6).map((at) => Math.round((at - first!) / MILLISECOND));
    expect(times).toEqual([0, 3000, 10_000, 13_000, 20_000]);
    expect(chip.resetCause).toBe(1);
  });
});

test("240 MHz want as much voltage as the chip's eFuses say", async () => {
  const chip = await started("", (each) => {
    each.clocks.lessVoltage = 2;
  });
  expect(chip.clocks.hertz).toBe(240e6);
});

test("a speed that the board has not is refused", async () => {
  const path = join(temporaryFolder(), "lamp.appl");
  writeFileSync(path, description("board = esp32.olimex_poe; cpu_frequency = 100MHz"));
  const { code, stderr } = await appl("check", path);
  expect(code).toBe(1);
  expect(stderr).toContain("the processor of Olimex ESP32-POE does not run at 100MHz");
  expect(stderr).toContain("not one of [240MHz, 160MHz, 80MHz]");
});
