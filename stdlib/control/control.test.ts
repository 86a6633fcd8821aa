/** Rules, outputs and inputs in virtual time, on a scripted board: `testing/box.appl`. */
import { beforeAll, expect, test } from "vitest";
import { type Board, HOUR, Machine, MILLISECOND, MINUTE, SECOND, Simulation } from "#simulate";
import { simulatedAppliance } from "#tools/simulated";

let program: WebAssembly.Module;
const [VENT, PUMP, VALVE, ALARM, DOOR, FLOAT] = [4, 32, 33, 16, 34, 13];

beforeAll(async () => {
  program = await simulatedAppliance("stdlib/control/testing/box.appl");
}, 120_000);

interface Box {
  readonly simulation: Simulation;
  readonly machine: Machine;
  readonly board: Board;
  /** Levels that the machine has driven a pin to, with the times. */
  changes(pin: number): string[];
}

function box(prepare: (board: Board) => void = () => {}): Box {
  const simulation = new Simulation();
  const machine = new Machine(simulation, { name: "box", program, nics: [] });
  const { board } = machine;
  board.force(DOOR, "high");
  const heard = new Map<number, string[]>();
  for (const pin of [VENT, PUMP, VALVE, ALARM]) {
    heard.set(pin, []);
    board.attach(pin, {
      changed: () => heard.get(pin)!.push(`${simulation.now / SECOND} ${board.level(pin)}`),
    });
  }
  prepare(board);
  machine.switchOn();
  return { simulation, machine, board, changes: (pin) => heard.get(pin)! };
}

test("outputs have their safe states from the start on, also those that are on when they are low", () => {
  const { board } = box();
  expect([VENT, PUMP, ALARM].map((pin) => board.driven(pin))).toEqual(["low", "high", "high"]);
});

test("an open drain is never driven high", () => {
  const { simulation, board } = box((it) => it.force(VALVE, "high"));
  expect(board.driven(VALVE)).toBeUndefined();
  simulation.run(10_500 * MILLISECOND);
  expect(board.driven(VALVE)).toBe("low");
  simulation.run(SECOND);
  expect(board.driven(VALVE)).toBeUndefined();
});

test("a level counts when it has stayed for the debounce time, however it bounced before", () => {
  const { simulation, board, changes } = box();
  for (let n = 0; n < 20; n++)
    simulation.at(SECOND + n * 10 * MILLISECOND, () => board.force(DOOR, n % 2 === 0 ? "low" : "high"));
  simulation.at(SECOND + 200 * MILLISECOND, () => board.force(DOOR, "low"));
  simulation.run(2 * SECOND);
  expect(changes(VENT)).toEqual(["1.25 high"]);
});

test("who follows stays for the linger time, unless the signal comes back", () => {
  const { simulation, board, changes } = box();
  simulation.at(10 * SECOND, () => board.force(DOOR, "low"));
  simulation.at(20 * SECOND, () => board.force(DOOR, "high"));
  simulation.at(25 * SECOND, () => board.force(DOOR, "low"));
  simulation.at(40 * SECOND, () => board.force(DOOR, "high"));
  simulation.run(MINUTE);
  expect(changes(VENT)).toEqual(["10.05 high", "50.05 low"]);
});

test("max_on ends what a rule still wants, until the rule wants it anew", () => {
  const { simulation, board, changes } = box();
  simulation.at(10 * SECOND, () => board.force(DOOR, "low"));
  simulation.at(20 * MINUTE, () => board.force(DOOR, "high"));
  simulation.at(21 * MINUTE, () => board.force(DOOR, "low"));
  simulation.run(22 * MINUTE);
  expect(changes(VENT)).toEqual(["10.05 high", "310.05 low", "1260.05 high"]);
});

test("a pulse comes every hour, only while the condition is true, and the first waits for the contact to settle", () => {
  const { simulation, board, changes } = box((it) => it.force(FLOAT, "low"));
  simulation.at(90 * MINUTE, () => board.force(FLOAT, undefined));
  simulation.at(150 * MINUTE, () => board.force(FLOAT, "low"));
  simulation.run(4 * HOUR - MINUTE);
  // After the start it rests first, since nobody knows when it was off last.
  expect(changes(PUMP).slice(1)).toEqual([
    "60 low",
    "90.05 high",
    "3600 low",
    "3690 high",
    "10800 low",
    "10890 high",
  ]);
});

test("what is on where nothing is known goes off when all is well", () => {
  const { simulation, board, changes } = box();
  simulation.at(10 * SECOND, () => board.force(FLOAT, "low"));
  simulation.run(MINUTE);
  expect(changes(ALARM)).toEqual(["0 high", "10.05 low"]);
});

test("a program that hangs is started anew by the watchdog, and its outputs are safe meanwhile", () => {
  const { simulation, machine, board } = box((it) => it.force(DOOR, "low"));
  simulation.run(5 * SECOND);
  expect(board.driven(VENT)).toBe("high");
  machine.hang();
  simulation.run(8 * SECOND);
  expect(board.driven(VENT)).toBe("high");
  board.force(DOOR, "high");
  simulation.run(3 * SECOND);
  expect(board.driven(VENT)).toBe("low");
  expect(machine.isOn).toBe(true);
});

test("a week passes with as many turns as there are things to do", () => {
  const { simulation, machine } = box();
  simulation.run(7 * 24 * HOUR);
  const seconds = 7 * 24 * 3600;
  // Twice for each drop, and to feed the watchdog.
  expect(machine.turns).toBeLessThan(seconds / 2 + (2 * seconds) / 30 + 100);
}, 60_000);
