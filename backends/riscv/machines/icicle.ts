/**
 * The device tree of Microchip's PolarFire SoC Icicle Kit, as far as its emulation goes (Linux, arch/riscv/boot/dts/microchip/mpfs.dtsi). The board gets its own
 * one from its loader; QEMU has none for it.
 */
import { flattened, type TreeNode } from "./flattened.ts";

const THREADS = 5;
const PLIC = THREADS + 1;
const cause = { machineSoftware: 3, machineTimer: 7, supervisor: 9, machine: 11 } as const;
const threads = Array.from({ length: THREADS }, (_, n) => n);

/** The first one is an E51, which has no supervisor mode. */
const processor = (n: number): TreeNode => ({
  name: `cpu@${n}`,
  properties: {
    device_type: "cpu",
    reg: [n],
    compatible: [n === 0 ? "sifive,e51" : "sifive,u54", "riscv"],
    "riscv,isa": n === 0 ? "rv64imac" : "rv64imafdc",
    ...(n === 0 ? {} : { "mmu-type": "riscv,sv39" }),
    status: n === 0 ? "disabled" : "okay",
  },
  children: [
    {
      name: "interrupt-controller",
      properties: {
        "#interrupt-cells": [1],
        compatible: "riscv,cpu-intc",
        "interrupt-controller": true,
        phandle: [n + 1],
      },
    },
  ],
});

const at = (address: number, size: number) => ({ reg: [0, address, 0, size] });
const line = (number: number) => ({ interrupts: [number], "interrupt-parent": [PLIC] });

const ethernet = (address: number, interrupt: number): TreeNode => ({
  name: `ethernet@${address.toString(16)}`,
  properties: {
    compatible: ["microchip,mpfs-macb", "cdns,macb"],
    ...at(address, 0x2000),
    ...line(interrupt),
  },
});

const devices: readonly TreeNode[] = [
  {
    name: "clint@2000000",
    properties: {
      compatible: ["sifive,fu540-c000-clint", "sifive,clint0"],
      ...at(0x200_0000, 0xc000),
      "interrupts-extended": threads.flatMap((n) => [
        n + 1,
        cause.machineSoftware,
        n + 1,
        cause.machineTimer,
      ]),
    },
  },
  {
    name: "interrupt-controller@c000000",
    properties: {
      compatible: ["sifive,fu540-c000-plic", "sifive,plic-1.0.0"],
      ...at(0xc00_0000, 0x400_0000),
      "#address-cells": [0],
      "#interrupt-cells": [1],
      "interrupt-controller": true,
      "interrupts-extended": threads.flatMap((n) =>
        n === 0 ? [1, cause.machine] : [n + 1, cause.machine, n + 1, cause.supervisor],
      ),
      "riscv,ndev": [186],
      phandle: [PLIC],
    },
  },
  {
    name: "serial@20000000",
    properties: {
      compatible: "ns16550a",
      ...at(0x2000_0000, 0x400),
      "reg-io-width": [4],
      "reg-shift": [2],
      "clock-frequency": [150_000_000],
      "current-speed": [115_200],
      ...line(90),
    },
  },
  ethernet(0x2011_0000, 64),
  ethernet(0x2011_2000, 70),
];

export const icicleTree = (commandLine: string): Uint8Array<ArrayBuffer> =>
  flattened({
    name: "",
    properties: {
      "#address-cells": [2],
      "#size-cells": [2],
      compatible: "microchip,mpfs-icicle-kit",
      model: "Microchip PolarFire SoC Icicle Kit, in QEMU",
    },
    children: [
      { name: "chosen", properties: { "stdout-path": "/soc/serial@20000000", bootargs: commandLine } },
      {
        name: "cpus",
        properties: { "#address-cells": [1], "#size-cells": [0], "timebase-frequency": [1_000_000] },
        children: threads.map(processor),
      },
      { name: "memory@80000000", properties: { device_type: "memory", ...at(0x8000_0000, 0x4000_0000) } },
      {
        name: "soc",
        properties: {
          "#address-cells": [2],
          "#size-cells": [2],
          compatible: "simple-bus",
          ranges: true,
        },
        children: devices,
      },
    ],
  });
