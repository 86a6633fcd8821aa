/** A machine that gets more than it can take. */
import { createSocket } from "node:dgram";
import type { Booted } from "./appliance.ts";

/** While QEMU stands still, more frames arrive than the guest has buffers: DNS responses, to none of which it answers. */
export async function floodWhileStopped({ qemu, port }: Booted): Promise<void> {
  const socket = createSocket("udp4");
  const response = Buffer.from([1, 2, 0x80, 0, 0, 0]);
  process.kill(qemu.pid, "SIGSTOP");
  for (let n = 0; n < 200; n++) await new Promise((sent) => socket.send(response, port, "127.0.0.1", sent));
  process.kill(qemu.pid, "SIGCONT");
  socket.close();
}
