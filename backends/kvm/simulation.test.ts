import { expect, test } from "vitest";
import { type AsInstance, compileAs, instantiateAs } from "#tools/load-as";
import { fields } from "../x86/boot/layout.ts";
import { Asleep, ioApic, type MachineOptions, mmioDevice, Stopped, TestMachine } from "./test-machine.ts";
import { pciDevice } from "./test-pci.ts";
import { ECHO, programFiles, type TestProgram } from "./test-program.ts";
import { type DeviceFeatures, NetDevice } from "./test-virtio.ts";

async function instantiate(program: TestProgram, machine: TestMachine): Promise<AsInstance> {
  const files = Object.fromEntries(programFiles(program));
  const wasm = await compileAs({ entry: "appliance/main.ts", files, flags: ["--exportStart", "_start"] });
  const instance = instantiateAs(wasm, machine.imports());
  machine.memory.memory = instance.memory;
  instance.exports["_start"]();
  instance.exports["prepare"]();
  return instance;
}

/** Every frame goes back with its addresses exchanged and its first byte of content one more. */
const echo: TestProgram = {
  use: ["console", "interrupts", "clock", "log", "virtio", "loop", "link"],
  hooks: ["prepare", "poll"],
  own: `import { link, count } from "./link";
import { HEADROOM, Packet } from "../stdlib/core/packet";
import { Link } from "../stdlib/net/link";
let eth: Link | null = null;
export function prepare(): void { eth = link(0); }
export function mac(): u64 { return eth!.mac; }
export function mtu(): u32 { return eth!.mtu; }
export function present(): bool { return eth!.present; }
${ECHO}`,
};

const frame = (content: number, length = 60) => {
  const bytes = new Uint8Array(length).fill(content);
  bytes.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 8, 0]);
  return bytes;
};

async function echoMachine(features: DeviceFeatures, options: MachineOptions = {}) {
  const machine = new TestMachine({ commandLine: "virtio_mmio.device=512@0xfeb00e00:12", ...options });
  const device = new NetDevice(machine.memory, features);
  mmioDevice(machine, device, 0xfeb0_0e00n, ioApic(machine), 12);
  const { exports } = await instantiate(echo, machine);
  exports["start"]();
  return { machine, device, run: exports["run"] as () => void };
}

/** Lets the program run until it sleeps with nothing to come. */
function settle(run: () => void): void {
  expect(run).toThrow(Asleep);
}

test("fields of the boot record are the same on both sides", async () => {
  const machine = new TestMachine();
  // The first eight are those of every bare machine.
  const own = `import { Field } from "../backends/common/drivers/boot-record";
import { Machine } from "../backends/common/drivers/x86/boot-record";
export function poll(now: u64): void { ${Object.entries(fields)
    .map(([name, number]) => `assert(${number < 8 ? "Field" : "Machine"}.${name} == ${number});`)
    .join(" ")} }`;
  const { exports } = await instantiate(
    { use: ["console", "interrupts", "clock", "log", "virtio", "loop"], hooks: ["poll"], own },
    machine,
  );
  exports["start"]();
  settle(exports["run"]);
});

const variants: [string, DeviceFeatures][] = [
  ["with event indices", { eventIndex: true, checksum: false }],
  ["without event indices", { eventIndex: false, checksum: true }],
  ["with small queues", { eventIndex: true, checksum: true, queueSize: 4 }],
];

test.each(variants)("frames go both ways, many times around the rings: %s", async (_, features) => {
  const { machine, device, run } = await echoMachine(features);
  let sent = 0;
  let rest = 70_000;
  machine.idle = () => {
    if (rest === 0) throw new Asleep();
    for (let n = 0; n < 3 && rest > 0; n++) {
      if (!device.receive(frame(sent & 63, 60 + (sent % 1400)), sent % 5 === 0 ? 2 : 0)) break;
      sent++;
      rest--;
    }
  };
  settle(run);
  expect(device.sent.length).toBe(70_000);
  const wrong = device.sent.findIndex(
    (each, n) => each.length !== 12 + 60 + (n % 1400) || each[12 + 14] !== (n & 63) + (n % 5 === 0 ? 100 : 1),
  );
  expect(wrong).toBe(-1);
  const [header] = device.sent;
  expect([...header!.subarray(0, 12)]).toEqual(
    features.checksum ? [1, 0, 0, 0, 0, 0, 34, 0, 6, 0, 0, 0] : Array(12).fill(0),
  );
  expect([...header!.subarray(12, 24)]).toEqual([2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0xab, 0xcd]);
  expect(machine.inService).toBe(0);
});

test("under load there is no interrupt for each packet, and none for what was sent", async () => {
  const { machine, device, run } = await echoMachine({ eventIndex: true, checksum: false });
  let begun = false;
  let left = 1000;
  device.answer = () => (left-- > 0 ? frame(1) : undefined);
  machine.idle = () => {
    if (begun) throw new Asleep();
    begun = true;
    for (let n = 0; n < 16; n++) device.receive(frame(1));
  };
  settle(run);
  expect(device.sent.length).toBe(1016);
  expect(device.queues[0]!.interrupts).toBeLessThanOrEqual(2);
  expect(device.queues[1]!.interrupts).toBe(0);
  expect(device.queues[1]!.notifications).toBeLessThan(200);
});

test("a device that is never done sending costs frames, and nothing else", async () => {
  const { machine, device, run } = await echoMachine({ eventIndex: true, checksum: false });
  const notified = device.notified.bind(device);
  let stopped = true;
  device.notified = (index) => {
    if (index !== 1 || !stopped) notified(index);
  };
  let round = 0;
  machine.idle = () => {
    if (round++ === 40) throw new Asleep();
    for (let n = 0; n < 10; n++) device.receive(frame(n));
    if (round === 30) {
      stopped = false;
      notified(1);
    }
  };
  settle(run);
  expect(device.sent.length).toBeGreaterThanOrEqual(64 + 100);
});

test("the device's own values are taken over, and its carrier followed", async () => {
  const { machine, device, run } = await echoMachine({ eventIndex: true, checksum: false, mtu: 1400 });
  let round = 0;
  machine.idle = () => {
    if (round++ > 0) throw new Asleep();
    device.up = false;
    device.change();
  };
  settle(run);
  expect(device.isr).toBe(0);
  expect(machine.inService).toBe(0);
});

test("devices are found without a command line, by the machine's kind", async () => {
  for (const [record, second, line, place] of [
    [{}, false, 5 + 7, 0xfeb0_0e00n],
    [{ rsdp: 0xf0000n }, false, 16 + 7, 0xfeb0_0e00n],
    [{ rsdp: 0xf0000n }, true, 23, 0xfeb0_2e00n],
  ] as const) {
    const machine = new TestMachine({ record });
    const first = ioApic(machine);
    const pins = second ? ioApic(machine, 0xfec1_0000n) : first;
    const device = new NetDevice(machine.memory, { eventIndex: true, checksum: false });
    mmioDevice(machine, device, place, pins, line);
    const { exports } = await instantiate(echo, machine);
    exports["start"]();
    let rest = 2;
    machine.idle = () => {
      if (rest-- === 0) throw new Asleep();
      device.receive(frame(rest));
    };
    settle(exports["run"]);
    expect(device.sent.length).toBe(2);
  }
});

test("says how to get a device of the new kind", async () => {
  const machine = new TestMachine({ commandLine: "virtio_mmio.device=512@0xfeb00e00:12" });
  mmioDevice(
    machine,
    new NetDevice(machine.memory, { eventIndex: true, checksum: false }),
    0xfeb0_0e00n,
    ioApic(machine),
    12,
    1,
  );
  const { exports } = await instantiate(echo, machine);
  exports["start"]();
  expect(machine.console).toContain("force-legacy=false");
});

test("says why it was started again", async () => {
  const machine = new TestMachine({
    record: { restarts: 2n, trap: 1n, trapFunction: 17n, trapOffset: 0x2an, trapTarget: 0x1_0000n },
  });
  const { exports } = await instantiate(echo, machine);
  exports["start"]();
  expect(machine.console).toContain(
    "restart 2: memory access outside of memory in function 17 + 0x002a, address 0x00010000\r\n",
  );
});

test("is quiet, and ends when it is ready, if the command line says so", async () => {
  const machine = new TestMachine({ commandLine: "a appl.quiet appl.exit b", record: { restarts: 1n } });
  const { exports } = await instantiate(echo, machine);
  exports["start"]();
  expect(exports["run"]).toThrow(Stopped);
  expect(machine.console).toBe("");
});

test("a limit of packets that no network has is not believed", async () => {
  const own = `import { link } from "./link";
import * as log from "./log";
import { Link } from "../stdlib/net/link";
let eth: Link | null = null;
export function prepare(): void { eth = link(0); }
export function poll(now: u64): void { log.number(eth!.mtu); }`;
  for (const [said, used] of [
    [0, 68],
    [27, 68],
    [68, 68],
    [9000, 9000],
  ]) {
    const machine = new TestMachine({ commandLine: "virtio_mmio.device=512@0xfeb00e00:12" });
    const device = new NetDevice(machine.memory, { eventIndex: true, checksum: false, mtu: said! });
    mmioDevice(machine, device, 0xfeb0_0e00n, ioApic(machine), 12);
    const { exports } = await instantiate({ ...echo, own }, machine);
    exports["start"]();
    settle(exports["run"]);
    expect(machine.console).toBe(String(used));
  }
});

test("a device that has failed and asks for a reset gets one: everything starts again", async () => {
  const { machine, device, run } = await echoMachine({ eventIndex: true, checksum: false });
  let rounds = 0;
  machine.idle = () => {
    if (rounds++ === 3) throw new Asleep();
    device.status |= 0x40;
    device.change();
  };
  expect(run).toThrow("restart");
});

test.each([
  ["with a message for each purpose", { entries: 3 }],
  ["with one message for everything", { entries: 1 }],
  ["with a port to be notified at", { entries: 2, notifyPort: true }],
  ["with messages that firmware has masked", { entries: 2, masked: true }],
] as const)("over PCI frames go both ways: %s", async (_, options) => {
  const machine = new TestMachine();
  const device = new NetDevice(machine.memory, { eventIndex: true, checksum: false });
  pciDevice(machine, device, options);
  const { exports } = await instantiate(echo, machine);
  exports["start"]();
  let rest = 10;
  machine.idle = () => {
    if (rest-- === 0) throw new Asleep();
    device.receive(frame(rest));
  };
  settle(exports["run"]);
  expect(device.sent.length).toBe(10);
  expect(machine.inService).toBe(0);
});
