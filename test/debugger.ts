/** Leads a running machine astray, through QEMU's port for debuggers (the remote serial protocol of GDB). */
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "./appliance.ts";

/** A socket for a debugger, and the arguments that make QEMU listen on it. */
export function debuggerPort(): { readonly path: string; readonly args: readonly string[] } {
  const path = join(temporaryFolder(), "gdb");
  return { path, args: ["-gdb", `unix:${path},server=on,wait=off`] };
}

/** RIP in GDB's numbering of the registers of amd64. */
const RIP = "10";

/** QEMU sets single registers only for debuggers that have asked how they are described. */
const ASK = "qXfer:features:read:target.xml:0,1";

/** The machine goes on at `address` as soon as it wakes. */
export async function jump(path: string, address: bigint): Promise<void> {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(address);
  const socket = connect(path);
  const replies: string[] = [];
  socket.on("data", (bytes) => {
    for (const [, reply] of bytes.toString("latin1").matchAll(/\$([^#]*)#../g)) {
      socket.write("+");
      // That the machine was stopped when somebody came is said unasked.
      if (!reply!.startsWith("T")) replies.push(reply!);
    }
  });
  const command = async (body: string): Promise<string> => {
    const sum = [...body].reduce((all, letter) => (all + letter.charCodeAt(0)) & 255, 0);
    socket.write(`$${body}#${sum.toString(16).padStart(2, "0")}`);
    while (replies.length === 0) await once(socket, "data");
    return replies.shift()!;
  };
  try {
    await command(ASK);
    for (const body of [`P${RIP}=${value.toString("hex")}`, "D"]) {
      const reply = await command(body);
      if (reply !== "OK") throw new Error(`QEMU answers ${body} with \`${reply}\``);
    }
  } finally {
    socket.destroy();
  }
}

/** Addresses of the instruction `ud2` with trap code 0 (unreachable) in an ELF image: where the program ends when it is wrong. */
export function trapsOf(image: Uint8Array): bigint[] {
  const bytes = Buffer.from(image);
  const found: bigint[] = [];
  const [table, size, count] = [
    Number(bytes.readBigUInt64LE(32)),
    bytes.readUInt16LE(54),
    bytes.readUInt16LE(56),
  ];
  for (let n = 0; n < count; n++) {
    const row = table + n * size;
    const [type, flags] = [bytes.readUInt32LE(row), bytes.readUInt32LE(row + 4)];
    if (type !== 1 || (flags & 1) === 0) continue; // PT_LOAD, PF_X
    const from = Number(bytes.readBigUInt64LE(row + 8));
    const end = from + Number(bytes.readBigUInt64LE(row + 32));
    const address = bytes.readBigUInt64LE(row + 16);
    for (
      let at = bytes.indexOf("0f0b00", from, "hex");
      at >= 0 && at < end;
      at = bytes.indexOf("0f0b00", at + 1, "hex")
    )
      found.push(address + BigInt(at - from));
  }
  return found;
}
