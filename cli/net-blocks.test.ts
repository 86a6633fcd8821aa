import { expect, test } from "vitest";
import type { BuildReport } from "#compiler";
import { devicesOf, netBlocks } from "./net-blocks.ts";

const report = (blocks: readonly Readonly<Record<string, string>>[], nics?: number): BuildReport =>
  ({
    machine: { nics },
    modules: [{ path: "std/net", settings: blocks.map((options) => ({ label: undefined, options })) }],
  }) as unknown as BuildReport;

test("each block without a name has the next device that nobody names", () => {
  const blocks = [{ port: "eth1" }, {}, {}, { port: "eth0", vlan: "7" }];
  expect(netBlocks(report(blocks)).map(({ device, vlan }) => [device, vlan])).toEqual([
    [1, 0],
    [0, 0],
    [2, 0],
    [0, 7],
  ]);
  expect(devicesOf(report(blocks))).toBe(3);
});

test("the target's number counts more, and without blocks there is no device", () => {
  expect(devicesOf(report([{}], 2))).toBe(2);
  expect(devicesOf(report([]))).toBe(0);
});
