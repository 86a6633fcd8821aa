/** The network that QEMU makes for a user: around the appliance's address, with its ports led to ports of this machine. */
import { commonPart, neighbours } from "./addresses.ts";
import type { Publication, RunOptions } from "./index.ts";

/** What stands behind the kind and the name of the network, each part with a comma before it. */
export function userNetwork({ publish, guest }: RunOptions): string {
  const where = guest === undefined ? [] : around(guest);
  return [...where, ...publish.map((each) => forward(each, guest ?? ""))].map((part) => `,${part}`).join("");
}

/** The emulator's network, and its own addresses in it. */
function around(guest: string): string[] {
  const [host, dns] = neighbours(guest);
  return [`net=${commonPart(guest)}0/24`, `host=${host}`, `dns=${dns}`];
}

const forward = ({ protocol, address, host, guest }: Publication, to: string): string =>
  `hostfwd=${protocol}:${address}:${host}-${to}:${guest}`;
