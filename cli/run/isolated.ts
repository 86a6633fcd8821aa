/**
 * Runs an image that is a program of this machine, in a user and a network namespace: nothing has to be prepared, nobody has to be administrator.
 * The published ports are opened here, outside; a child in the namespace is given their sockets and carries datagrams and connections to the image.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:dgram";
import { once } from "node:events";
import type { Server } from "node:net";
import type { Readable } from "node:stream";
import type { Backend } from "#backends";
import { childPath, loaderOf } from "../edges/child-path.ts";
import { type CommandError, inputError } from "../exit.ts";
import type { Publication } from "../publish.ts";
import type { Begin, Door, Said } from "./isolated-messages.ts";
import { openTcp, openUdp } from "./ports.ts";

export interface IsolatedImage {
  /** Path of the image: a file that may be executed. */
  readonly image: string;
  readonly isolate: NonNullable<Backend["isolate"]>;
  /** The address of the appliance's first interface. */
  readonly guest: string | undefined;
  readonly publish: readonly Publication[];
  /** What the image is told besides. */
  readonly args?: readonly string[];
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface RunningIsolated {
  /** The image's console. */
  readonly output: Readable;
  /** What the image and its surroundings complain about. */
  readonly errors: Readable;
  /** Settles when the image has ended. */
  readonly ended: Promise<Ended>;
  stop(): void;
}

/** As an ordinary user; an administrator may go without a user namespace where there are none. */
const namespaces = ["-Urn", "-n"] as const;

export async function startIsolated(run: IsolatedImage): Promise<RunningIsolated> {
  const sockets: (Socket | Server)[] = [];
  try {
    for (const each of run.publish)
      sockets.push(await (each.protocol === "udp" ? openUdp(each) : openTcp(each)));
    const child = await enter();
    return await begin(child, run, sockets);
  } finally {
    for (const socket of sockets) socket.close();
  }
}

async function enter(): Promise<ChildProcess> {
  let said = "";
  for (const which of process.getuid?.() === 0 ? namespaces : namespaces.slice(0, 1)) {
    const path = childPath("isolated-child");
    const child = spawn("unshare", [which, process.execPath, ...loaderOf(path), path], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    let errors = "";
    const collect = (chunk: Buffer) => {
      errors += chunk;
    };
    child.stderr!.on("data", collect);
    const here = await Promise.race([
      once(child, "message").then(() => true),
      once(child, "close").then(() => false),
    ]).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" ? missing() : error;
    });
    if (here) {
      // Nobody listens until it is known that the image has started, which may be after it has ended.
      child.stderr!.off("data", collect).pause();
      return child;
    }
    said = errors.trim().split("\n")[0] ?? "";
  }
  throw inputError(
    `a network namespace cannot be made here: ${said}`,
    "the system must permit user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone), or run it as root; FILE@host needs neither",
  );
}

const missing = (): CommandError =>
  inputError(
    "unshare is not here",
    "install it: apt-get install -y util-linux; or run FILE@host, which needs nothing",
  );

async function begin(
  child: ChildProcess,
  { image, isolate, guest, publish, args = [] }: IsolatedImage,
  sockets: readonly (Socket | Server)[],
): Promise<RunningIsolated> {
  const ended = new Promise<Ended>((resolve) => {
    child.on("message", (said: Said) => {
      if (said.kind === "ended") resolve(said);
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const started = new Promise<void>((resolve, reject) => {
    child.on("message", (said: Said) => {
      if (said.kind === "started") resolve();
      if (said.kind === "refused") reject(inputError(said.message, said.help === "" ? undefined : said.help));
    });
    child.once("close", () => resolve());
  });
  const ways = isolate(guest).map((way) => ({ ...way, args: [...way.args, ...args] }));
  child.send({ image, ways, guest, doors: sockets.length } satisfies Begin);
  for (const [n, socket] of sockets.entries()) {
    const { guest: port, protocol } = publish[n]!;
    child.send({ port, protocol } satisfies Door, socket);
  }
  await started;
  return { output: child.stdout!, errors: child.stderr!, ended, stop: () => child.kill("SIGTERM") };
}
