import { expect, test } from "vitest";
import { Cable, type Conditions, MILLISECOND, Port, SECOND, Simulation, Switch } from "#simulate";

/** Two ports with a cable between them, and what has arrived at the second. */
function joined(conditions: Partial<Conditions>, seed = 1) {
  const simulation = new Simulation({ seed });
  const arrived: { readonly time: number; readonly number: number; readonly frame: Uint8Array }[] = [];
  const from = new Port(simulation, "from", () => undefined);
  const to = new Port(simulation, "to", (frame) => {
    arrived.push({ time: simulation.now, number: frame[0]! * 256 + frame[1]!, frame });
  });
  const cable = new Cable(simulation, from, to, conditions);
  const send = (number: number, length = 125) => {
    const frame = new Uint8Array(length);
    frame.set([number >> 8, number & 255]);
    from.send(frame);
  };
  return { simulation, cable, send, arrived };
}

/** Ten thousand frames, so many milliseconds apart; what came of them. */
function many(conditions: Partial<Conditions>, apart = 1) {
  const all = joined(conditions);
  for (let n = 0; n < 10_000; n++) all.simulation.at(n * apart * MILLISECOND, () => all.send(n));
  all.simulation.run((10_000 * apart + 1000) * MILLISECOND);
  return all;
}

test("bandwidth: each frame takes as long as its bits, and waits for those before it", () => {
  const { simulation, send, arrived } = joined({ bandwidth: 1e6, delay: 10 * MILLISECOND });
  for (let n = 0; n < 3; n++) send(n);
  simulation.run(SECOND);
  expect(arrived.map(({ time }) => time / MILLISECOND)).toEqual([11, 12, 13]);
});

test("queue: one frame is on its way out, so many wait, and the others are lost", () => {
  const { simulation, cable, send, arrived } = joined({ bandwidth: 1e6, queue: 4 });
  for (let n = 0; n < 10; n++) send(n);
  simulation.run(2 * MILLISECOND);
  // Two have left, so there is room for two more.
  for (let n = 10; n < 20; n++) send(n);
  simulation.run(SECOND);
  expect(arrived.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 10, 11]);
  expect(cable.there.lost).toEqual(new Map([["queue", 13]]));
});

test("loss, duplication, corruption and reordering are as frequent as was said, and counted", () => {
  const lost = many({ loss: 0.1 });
  expect(lost.arrived.length).toBe(10_000 - lost.cable.there.lost.get("chance")!);
  expect(Math.abs(lost.arrived.length - 9000)).toBeLessThan(150);
  const twice = many({ duplication: 0.1 });
  expect(twice.arrived.length).toBe(10_000 + twice.cable.there.duplicated);
  expect(Math.abs(twice.arrived.length - 11_000)).toBeLessThan(150);
  const garbled = many({ corruption: 0.1 });
  const wrong = garbled.arrived.filter(
    ({ frame }, n) => frame[0]! * 256 + frame[1]! !== n || frame.some((byte, at) => at > 1 && byte !== 0),
  );
  expect(wrong.length).toBe(garbled.cable.there.corrupted);
  const late = many({ reordering: 0.1 });
  const passed = late.arrived.filter(({ number }, n) => n > 0 && number < late.arrived[n - 1]!.number);
  expect(late.arrived.length).toBe(10_000);
  expect(Math.abs(late.cable.there.late - 1000)).toBeLessThan(150);
  expect(passed.length).toBeGreaterThan(700);
});

test("jitter changes when frames come, not in which order", () => {
  const jittery = { delay: 20 * MILLISECOND, jitter: 10 * MILLISECOND };
  for (const apart of [1, 25])
    expect(many(jittery, apart).arrived.map(({ number }) => number)).toEqual(
      Array.from({ length: 10_000 }, (_, n) => n),
    );
  const took = many(jittery, 25).arrived.map(({ time, number }) => time - number * 25 * MILLISECOND);
  expect(Math.min(...took)).toBeLessThan(12 * MILLISECOND);
  expect(Math.max(...took)).toBeGreaterThan(28 * MILLISECOND);
  expect(Math.max(...took)).toBeLessThanOrEqual(30 * MILLISECOND);
});

test("a frame that is longer than the cable carries is lost", () => {
  const { simulation, cable, send, arrived } = joined({ mtu: 100 });
  send(1, 114);
  send(2, 115);
  simulation.run(SECOND);
  expect(arrived.map(({ number }) => number)).toEqual([1]);
  expect(cable.there.lost).toEqual(new Map([["length", 1]]));
});

test("what is on its way when a cable is cut is lost, and what is sent while it is", () => {
  const { simulation, cable, send, arrived } = joined({ delay: 10 * MILLISECOND });
  send(1);
  simulation.run(5 * MILLISECOND);
  send(2);
  simulation.run(7 * MILLISECOND);
  cable.cut();
  simulation.run(MILLISECOND);
  send(3);
  cable.heal();
  send(4);
  simulation.run(SECOND);
  expect(arrived.map(({ number }) => number)).toEqual([1, 4]);
  expect(cable.there.lost).toEqual(new Map([["cut", 2]]));
});

test("conditions that make no sense are refused", () => {
  for (const wrong of [{ loss: 1.1 }, { delay: -1 }, { bandwidth: 0 }, { jitter: Number.NaN }])
    expect(() => joined(wrong)).toThrow(RangeError);
});

test("a switch sends a frame to everybody until it knows where its receiver is", () => {
  const simulation = new Simulation();
  const middle = new Switch(simulation, "switch");
  const got: string[] = [];
  const ports = [1, 2, 3].map((n) => {
    const port = new Port(simulation, `${n}`, (frame) => got.push(`${n} from ${frame[11]}`));
    new Cable(simulation, port, middle.port());
    return port;
  });
  const send = (from: number, to: number) => {
    const frame = new Uint8Array(60);
    frame.set(to === 0 ? [255, 255, 255, 255, 255, 255] : [2, 0, 0, 0, 0, to]);
    frame.set([2, 0, 0, 0, 0, from], 6);
    ports[from - 1]!.send(frame);
    simulation.run(SECOND);
    return got.splice(0);
  };
  expect(send(1, 2)).toEqual(["2 from 1", "3 from 1"]);
  expect(send(2, 1)).toEqual(["1 from 2"]);
  expect(send(1, 2)).toEqual(["2 from 1"]);
  expect(send(3, 0)).toEqual(["1 from 3", "2 from 3"]);
});
