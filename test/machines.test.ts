/** Machines that are small, odd, or come into trouble. */
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { message, wireName } from "#tools/dns-oracle/index";
import { startQemu } from "../tools/qemu.ts";
import { type Booted, type BootOptions, boot, imageOf, MICROVM, machines } from "./appliance.ts";
import { debuggerPort, jump, trapsOf } from "./debugger.ts";
import { dig, digShort } from "./dig.ts";

/** Each image is built once. */
const images = new Map<string, Promise<Uint8Array>>();
function image(description: string): Promise<Uint8Array> {
  const known = images.get(description) ?? imageOf(description, "kvm");
  images.set(description, known);
  return known;
}
const ns1 = () => image("examples/ns1/ns1.appl");
const wide = () => image("test/wide.appl");

async function running(bytes: Uint8Array, options: BootOptions, ask: (machine: Booted) => Promise<void>) {
  const machine = await boot(bytes, options);
  try {
    await ask(machine);
  } finally {
    await machine.stop();
  }
}

const isThere = async ({ port }: Booted) =>
  expect(await digShort(port, "www.example.com", "A")).toBe("192.0.2.80");

const two = [
  { address: "10.0.2.15", ports: [53] },
  { address: "10.0.3.15", ports: [53, 5353] },
];

test.each<readonly [string, BootOptions]>([
  ["four MiB of memory", { memory: 4 }],
  ["four MiB of memory on q35", { memory: 4, machine: "q35" }],
  ["so much memory that a part of it is above 4 GiB", { memory: 5000, machine: "q35" }],
  ["a processor without RDRAND, and nothing else that is random", { cpu: "qemu64" }],
  ["a processor without RDRAND, and virtio-rng", { cpu: "qemu64", args: ["-device", "virtio-rng-device"] }],
  [
    "a processor without RDRAND, and virtio-rng on PCI",
    { cpu: "qemu64", machine: "q35", args: ["-device", "virtio-rng-pci"] },
  ],
  ["two processors, of which it needs one", { args: ["-smp", "2"] }],
  ["two processors on q35", { machine: "q35", args: ["-smp", "2"] }],
  [
    "other devices that it has no use for",
    { machine: "q35", args: ["-device", "virtio-balloon-pci", "-device", "e1000", "-device", "AC97"] },
  ],
])("the example answers on a machine with %s", async (_, options) => {
  await running(await ns1(), options, isThere);
});

// What a hypervisor may leave out of its network device, or offer beside it.
test.each<readonly [string, string]>([
  [MICROVM, "event_idx=off"],
  [MICROVM, "csum=off,guest_csum=off"],
  [MICROVM, "mrg_rxbuf=off"],
  [MICROVM, "mac=02:aa:bb:cc:dd:ee,host_mtu=1300"],
  [MICROVM, "indirect_desc=off,any_layout=off"],
  [MICROVM, "packed=on"],
  [MICROVM, "status=off,ctrl_vq=off"],
  [MICROVM, "rx_queue_size=1024"],
  ["q35", "disable-legacy=on"],
  ["q35", "disable-legacy=off,disable-modern=off"],
  ["q35", "event_idx=off,mrg_rxbuf=off"],
  ["q35", "mq=on,vectors=10"],
  ["pc", "event_idx=off"],
  ["pc", "page-per-vq=on"],
])("a network device on %s with %s", async (machine, properties) => {
  await running(await ns1(), { machine, properties }, isThere);
});

test.each(Object.keys(machines))(
  "two interfaces on %s answer, each in its own network, in the order of the description",
  async (machine) => {
    await running(await wide(), { machine, networks: two }, async ({ ports, console }) => {
      for (const port of ports) expect(await digShort(port, "www.example.com", "A")).toBe("192.0.2.80");
      expect(console()).toMatch(/eth0: 10\.0\.2\.15 [\s\S]*eth1: 10\.0\.3\.15 /);
    });
  },
);

test("an interface without a device is named, and the others work", async () => {
  await running(await wide(), { networks: two.slice(0, 1) }, async (machine) => {
    await isThere(machine);
    expect(machine.console()).toContain("eth1: no device");
  });
});

const nic = (...device: string[]) => ["-netdev", "user,id=n0", "-device", device.join(",")];

test.each<readonly [string, string, readonly string[]]>([
  ["any network device", MICROVM, []],
  ["any network device", "q35", []],
  ["a network device that speaks virtio", "q35", nic("e1000", "netdev=n0")],
  [
    "a network device of version 1",
    MICROVM,
    [...nic("virtio-net-device", "netdev=n0"), "-global", "virtio-mmio.force-legacy=true"],
  ],
  ["a network device of version 1", "q35", nic("virtio-net-pci", "netdev=n0", "disable-modern=on")],
  ["a network device with MSI-X", "q35", nic("virtio-net-pci", "netdev=n0", "vectors=0")],
])("without %s, on %s, it says so once, and sleeps", async (_, machine, args) => {
  const qemu = await startQemu({ image: await ns1(), machine, args });
  try {
    await qemu.waitFor("eth0: no device");
    const isOnPci = args.some((each) => each.startsWith("virtio-net-pci"));
    expect(qemu.text.includes("virtio: a device on PCI is not used")).toBe(isOnPci);
    const before = processorTime(qemu.pid);
    await sleep(500);
    expect(qemu.text.match(/no device/g)).toHaveLength(1);
    expect(qemu.text).not.toMatch(/restart|stopped/);
    // Of half a second, in hundredths: what is left is QEMU's own work.
    expect(processorTime(qemu.pid) - before).toBeLessThan(25);
  } finally {
    await qemu.kill();
  }
});

/** Of a process, in hundredths of a second: proc(5), `utime` and `stime`. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

test.each([MICROVM, "pc"])("after a trap on %s it says where, starts again and answers", async (machine) => {
  const bytes = await ns1();
  const traps = trapsOf(bytes);
  const { path, args } = debuggerPort();
  await running(bytes, { machine, args }, async (appliance) => {
    for (let count = 1; count <= 3; count++) {
      await isThere(appliance);
      await jump(path, traps[Math.floor((traps.length * count) / 4)]!);
      await wake(appliance);
      await appliance.qemu.waitFor(
        new RegExp(`restart ${count}: unreachable in function \\d+ \\+ 0x[0-9a-f]+`),
      );
    }
    await isThere(appliance);
    expect(await dig(appliance.port, "missing.example.com")).toContain("status: NXDOMAIN");
    // Devices that were still at work when their memory was restored would complain.
    expect(appliance.qemu.errors).toBe("");
  });
});

/** Questions that come while it starts again: some are lost, and none does harm. */
async function wake({ port }: Booted): Promise<void> {
  const socket = createSocket("udp4");
  const question = message(wireName("www.example.com."), 1, {});
  for (let n = 0; n < 200; n++) await new Promise((sent) => socket.send(question, port, "127.0.0.1", sent));
  socket.close();
}
