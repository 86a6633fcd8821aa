/** A serial port for tests: a pseudo-terminal whose other side is a function here. `socat` makes it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "../../test/appliance.ts";

export interface TestPort {
  /** What a program opens. */
  readonly path: string;
  /** To that program. */
  send(bytes: Uint8Array | string): void;
  /** The device is pulled. */
  unplug(): void;
}

const WAIT_MS = 10;

/** `receive` is given what the program writes, and says what comes back. */
export async function testPort(receive: (bytes: Uint8Array) => Uint8Array): Promise<TestPort> {
  const folder = temporaryFolder();
  const [path, inside] = [join(folder, "ttyTest"), join(folder, "socket")];
  let device: Socket | undefined;
  const server = createServer((socket) => {
    device = socket;
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => socket.write(receive(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(inside, resolve));
  const socat = spawn("socat", [`PTY,link=${path},raw,echo=0`, `UNIX-CONNECT:${inside}`], {
    stdio: "ignore",
  });
  await started(socat, () => existsSync(path) && device !== undefined);
  server.close();
  return {
    path,
    send: (bytes) => device!.write(bytes),
    unplug: () => socat.kill(),
  };
}

function started(socat: ChildProcess, ready: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    socat.once("error", () =>
      reject(new Error("socat is not here: apt-get install -y --no-install-recommends socat")),
    );
    const look = () => (ready() ? resolve() : setTimeout(look, WAIT_MS));
    look();
  });
}
