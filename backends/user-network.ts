/** The network that QEMU makes for a user: around the appliance's address, with its ports led to ports of this machine. */
import { commonPart, neighbours } from "./addresses.ts";
import type { Publication, RunOptions } from "./index.ts";

/** What stands behind `-netdev`; its name is `net0`. */
export function userNetwork({ publish, guest }: RunOptions): string {
  const where = guest === undefined ? [] : around(guest);
  return ["user", "id=net0", ...where, ...publish.map((each) => forward(each, guest ?? ""))].join(",");
}

/** The emulator's network, and its own addresses in it. */
function around(guest: string): string[] {
  const [host, dns] = neighbours(guest);
  return [`net=${commonPart(guest)}0/24`, `host=${host}`, `dns=${dns}`];
}

const forward = ({ protocol, address, host, guest }: Publication, to: string): string =>
  `hostfwd=${protocol}:${address}:${host}-${to}:${guest}`;
