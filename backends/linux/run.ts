/** How an image is tried here: as a process in a network namespace, this machine at the other end of its device. */
import { neighbours } from "../addresses.ts";
import type { IsolatedRun } from "../index.ts";

const HERE = "appl0";
const THERE = "appl1";

/** With a tap, as it is run for good; where users may not have that, through one end of a pair of devices. */
export function isolate(guest: string | undefined): readonly IsolatedRun[] {
  if (guest === undefined) return [{ device: undefined, setup: [], args: [] }];
  const [host] = neighbours(guest);
  const up: IsolatedRun["setup"] = [
    ["ip", "address", "add", `${host}/24`, "dev", HERE],
    ["ip", "link", "set", HERE, "up"],
  ];
  return [
    {
      device: "/dev/net/tun",
      setup: [["ip", "tuntap", "add", HERE, "mode", "tap"], ...up],
      args: ["--tap", HERE],
    },
    {
      device: undefined,
      setup: [
        ["ip", "link", "add", HERE, "type", "veth", "peer", "name", THERE],
        ...up,
        ["ip", "link", "set", THERE, "up"],
      ],
      args: ["--interface", THERE],
    },
  ];
}
