/** Drivers of Xen as a program in V8, on the model of the hypervisor. */
import { type AsInstance, compileAs, instantiateAs } from "#tools/load-as";
import { ECHO, programFiles, type TestModule, type TestProgram } from "../kvm/test-program.ts";
import { Asleep, type GuestOptions, TestXen } from "./test-hypervisor.ts";
import { type BackendOptions, TestNetback } from "./test-netback.ts";
import { TestStore } from "./test-store.ts";

const driver = (name: string, needs: readonly string[], hooks: TestModule["hooks"] = ["start"]) => ({
  file: `backends/xen/drivers/${name}/index`,
  hooks,
  needs: Object.fromEntries(needs.map((each) => [each, each])),
});

/** In dependency order. */
const modules = {
  console: driver("console", []),
  log: { file: "stdlib/log/test-all", hooks: [], needs: { console: "console" } },
  events: driver("events", []),
  clock: driver("clock", ["events"]),
  wall: driver("wall", ["events"], []),
  store: driver("store", ["events", "log"]),
  control: driver("control", ["log", "store"]),
  given: driver("given", ["log", "store"]),
  random: driver("random", ["log", "store"]),
  link: driver("net", ["events", "log", "store"]),
  disks: driver("block", ["events", "log", "store"]),
  loop: driver("loop", ["clock", "control", "events", "log", "store"]),
} as const satisfies Record<string, TestModule>;

export type Program = TestProgram<keyof typeof modules>;
export const everything = ["console", "log", "events", "clock", "store", "control", "link", "loop"] as const;

export interface Guest {
  readonly xen: TestXen;
  readonly store: TestStore;
  instance: AsInstance;
  /** The program runs until nothing would wake it. */
  settle(): void;
  /** Memory is as at the start, and the program starts again: what the hypervisor and the other sides know stays. */
  restart(): void;
}

/** `before`: what the toolstack does before the guest starts. */
export async function startGuest(
  program: Program,
  before: (xen: TestXen, store: TestStore) => void = () => {},
  options: GuestOptions = {},
): Promise<Guest> {
  const files = Object.fromEntries(programFiles(program, modules));
  const wasm = await compileAs({ entry: "appliance/main.ts", files, flags: ["--exportStart", "_start"] });
  const xen = new TestXen(options);
  const store = new TestStore(xen);
  before(xen, store);
  const guest: Guest = {
    xen,
    store,
    instance: load(wasm, xen),
    settle: () => settle(guest.instance),
    restart: () => {
      guest.instance = load(wasm, xen);
    },
  };
  return guest;
}

/** The program from its beginning: at the first start, and after a warm restart. */
function load(wasm: Uint8Array, xen: TestXen): AsInstance {
  const instance = instantiateAs(wasm, xen.imports());
  xen.memory = instance.memory;
  instance.exports["_start"]();
  instance.exports["prepare"]();
  instance.exports["start"]();
  return instance;
}

function settle(instance: AsInstance): void {
  try {
    instance.exports["run"]();
  } catch (error) {
    if (!(error instanceof Asleep)) throw error;
  }
}

/** Every frame goes back with its addresses exchanged and its first byte of content one more. */
export const echo: Program = {
  use: everything,
  hooks: ["prepare", "poll"],
  own: `import { link, count } from "./link";
import { HEADROOM, Packet } from "../stdlib/core/packet";
import { Link } from "../stdlib/net/link";
let eth: Link | null = null;
export function prepare(): void { eth = link(0); }
${ECHO}`,
};

export const frame = (content: number, length = 60): Uint8Array => {
  const bytes = new Uint8Array(length).fill(content);
  bytes.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 8, 0]);
  return bytes;
};

export interface Connected extends Guest {
  readonly back: TestNetback;
}

/** A guest with one device, which has found its other side. */
export async function connected(
  options: BackendOptions = {},
  guest: GuestOptions = {},
  before: (store: TestStore) => void = () => {},
): Promise<Connected> {
  let back: TestNetback | undefined;
  const toolstack = (xen: TestXen, store: TestStore) => {
    back = new TestNetback(xen, store, options);
    before(store);
  };
  const started = await startGuest(echo, toolstack, guest);
  started.settle();
  return Object.assign(started, { back: back! });
}

/** A frame goes in, and its answer comes out. */
export function answers({ back, settle }: Connected, content: number): boolean {
  const before = back.sent.length;
  if (!back.receive(frame(content))) return false;
  settle();
  return back.sent.length === before + 1 && back.sent.at(-1)!.bytes[14] === content + 1;
}
