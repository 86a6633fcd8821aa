/** A sensor on a scripted bus, level by level, and what follows from it: `testing/room.appl`. Values by the data sheet's formulas, in `simulate/board/sht4x.ts`. */
import { beforeAll, expect, test } from "vitest";
import {
  askTcp,
  type Board,
  Cable,
  crc8,
  Host,
  I2cTarget,
  Machine,
  MILLISECOND,
  MINUTE,
  SECOND,
  Sht4x,
  Simulation,
  TcpClient,
} from "#simulate";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
const [SDA, SCL, VENT, HEAT] = [13, 16, 4, 32];

beforeAll(async () => {
  program = await simulatedAppliance("stdlib/sensor/sht4x/testing/room.appl");
}, 120_000);

interface Room {
  readonly simulation: Simulation;
  readonly machine: Machine;
  readonly board: Board;
  readonly chip: Sht4x;
  readonly target: I2cTarget;
  /** What the page says after so long. */
  state(after: number): Record<string, unknown>;
  said(): string[];
}

function room(): Room {
  const simulation = new Simulation();
  const machine = new Machine(simulation, { name: "room", program });
  const client = new Host(simulation, { name: "client", address: "10.0.2.2/24" });
  new Cable(simulation, client.port, machine.port);
  const { board } = machine;
  board.force(SDA, "high");
  board.force(SCL, "high");
  const chip = new Sht4x(board, 0x44);
  const target = new I2cTarget(board, { sda: SDA, scl: SCL }, chip);
  const tcp = new TcpClient(client);
  machine.switchOn();
  return {
    simulation,
    machine,
    board,
    chip,
    target,
    state(after) {
      simulation.run(after);
      const request = "GET /api/state HTTP/1.1\r\nHost: room\r\nConnection: close\r\n\r\n";
      const question = askTcp(tcp, "10.0.2.15", 80, new TextEncoder().encode(request));
      simulation.run(500 * MILLISECOND);
      const [head, body] = new TextDecoder().decode(question.answer).split("\r\n\r\n");
      expect(head).toContain("Cache-Control: no-store");
      expect(head).toContain("Content-Type: application/json");
      return JSON.parse(body!) as Record<string, unknown>;
    },
    said: () => machine.console.map(({ text }) => text).filter((text) => text.startsWith("air")),
  };
}

test("the check sum is that of the data sheet's example", () => {
  expect(crc8([0xbe, 0xef])).toBe(0x92);
});

test("before the first measurement nothing is known, then what the chip says with the offset", () => {
  const { chip, state } = room();
  chip.temperature = 21.5;
  chip.humidity = 45;
  expect(state(0)).toEqual({ rh: null, temp: null, vent: false });
  expect(state(0)).toEqual({ rh: 45, temp: 21.1, vent: false });
  expect(chip.commands).toEqual([0xfd]);
});

test.each([
  [-40, 0],
  [-0.4, 3],
  [0, 100],
  [85.25, 99.99],
])("%s °C and %s percent", (temperature, humidity) => {
  const { chip, state } = room();
  chip.temperature = temperature;
  chip.humidity = humidity;
  const { temp, rh } = state(SECOND);
  expect(temp).toBeCloseTo(temperature - 0.4, 1.9);
  expect(rh).toBeCloseTo(humidity, 1.9);
});

test("rules follow it: cooling above, heating below, and nothing between", () => {
  const { simulation, chip, board } = room();
  const seen: string[] = [];
  for (const degrees of [22, 28.3, 28.6, 26, 25.2, 18.5, 18.3, 20.3, 20.5]) {
    chip.temperature = degrees;
    simulation.run(30 * SECOND);
    seen.push(`${degrees} ${board.driven(VENT)} ${board.driven(HEAT)}`);
  }
  expect(seen).toEqual([
    "22 low low",
    "28.3 low low",
    "28.6 high low",
    "26 high low",
    "25.2 low low",
    "18.5 low low",
    "18.3 low high",
    "20.3 low high",
    "20.5 low low",
  ]);
});

test("a chip that is gone is unknown after three times, outputs go to their safe states, and it comes back", () => {
  const { chip, target, board, state, said } = room();
  chip.temperature = 30;
  expect(state(SECOND)).toMatchObject({ vent: true });
  expect(board.driven(HEAT)).toBe("low");
  target.isMissing = true;
  expect(state(MINUTE)).toMatchObject({ temp: 29.6, vent: true });
  expect(state(30 * SECOND)).toEqual({ temp: null, rh: null, vent: false });
  expect(board.driven(HEAT)).toBe("high");
  expect(said()).toEqual(["air: not known any more: it does not answer"]);
  target.isMissing = false;
  expect(state(30 * SECOND)).toMatchObject({ temp: 29.6, vent: true });
  expect(said()).toHaveLength(2);
});

test("wrong check sums count for nothing", () => {
  const { chip, state, said } = room();
  expect(state(SECOND)).toMatchObject({ temp: 19.6 });
  chip.isGarbled = true;
  chip.temperature = 90;
  expect(state(MINUTE)).toMatchObject({ temp: 19.6 });
  expect(state(MINUTE)).toMatchObject({ temp: null });
  expect(said()).toEqual(["air: not known any more: its answers are garbled"]);
});

test("a data line that is held down is freed by nine clocks", () => {
  const { target, chip, state, said } = room();
  state(SECOND);
  target.stick(9);
  chip.temperature = 25;
  expect(state(30 * SECOND)).toMatchObject({ temp: 24.6 });
  expect(said()).toEqual([]);
});

test("one that is held for ever is told", () => {
  const { target, state, said } = room();
  state(SECOND);
  target.stick(Number.POSITIVE_INFINITY);
  expect(state(2 * MINUTE)).toMatchObject({ temp: null });
  expect(said()).toEqual(["air: not known any more: the data line of its bus is held down"]);
});

test("a chip may stretch the clock, but not for ever", () => {
  const { chip, state, said } = room();
  chip.stretch = 20 * MILLISECOND;
  expect(state(SECOND)).toMatchObject({ temp: 19.6 });
  chip.stretch = 30 * MILLISECOND;
  expect(state(2 * MINUTE)).toMatchObject({ temp: null });
  expect(said()).toEqual(["air: not known any more: the clock of its bus is held down"]);
});

test("the lines are those of UM10204: data changes only while the clock is low, but for start and stop", () => {
  const { simulation, board } = room();
  const conditions: string[] = [];
  let [clock, data] = [board.level(SCL), board.level(SDA)];
  let shortest = Number.POSITIVE_INFINITY;
  let since = 0;
  const look = () => {
    const [nextClock, nextData] = [board.level(SCL), board.level(SDA)];
    if (clock === "high" && nextClock === "high" && data !== nextData)
      conditions.push(nextData === "low" ? "start" : "stop");
    if (clock !== nextClock) {
      if (clock === "low") shortest = Math.min(shortest, board.now - since);
      since = board.now;
    }
    [clock, data] = [nextClock, nextData];
  };
  board.attach(SDA, { changed: look });
  board.attach(SCL, { changed: look });
  simulation.run(29 * SECOND);
  expect(conditions).toEqual(["start", "stop", "start", "stop"]);
  // Table 10: tLOW is 4.7 µs at least in standard mode.
  expect(shortest).toBeGreaterThanOrEqual(4700);
});
