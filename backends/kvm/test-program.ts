/** Drivers and modules of the standard library as a program, wired by hand, and the program as an image: for tests of drivers. */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "#codegen";
import { type Asc, runAsc, runPrepare } from "#compiler";
import { type LinkedImage, linkImage } from "../x86/image/link.ts";
import { platform } from "./boot/platform.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A module: its run-time file, its hooks, and what its needs are bound to (names of other modules here). */
export interface TestModule {
  readonly file: string;
  readonly hooks: readonly ("start" | "poll" | "deadline")[];
  readonly needs?: Readonly<Record<string, string>>;
}

/** Modules of the machine and of the network, in dependency order. */
export const modules = {
  console: { file: "backends/kvm/drivers/console/index", hooks: ["start"] },
  interrupts: { file: "backends/kvm/drivers/interrupts/index", hooks: ["start"] },
  clock: { file: "backends/kvm/drivers/clock/index", hooks: ["start"], needs: { interrupts: "interrupts" } },
  wall: { file: "backends/kvm/drivers/wall/index", hooks: ["start"], needs: { clock: "clock" } },
  log: { file: "stdlib/log/test-all", hooks: [], needs: { console: "console" } },
  virtio: {
    file: "backends/kvm/drivers/virtio/index",
    hooks: ["start"],
    needs: { interrupts: "interrupts", log: "log" },
  },
  loop: {
    file: "backends/kvm/drivers/loop/index",
    hooks: ["start"],
    needs: { clock: "clock", interrupts: "interrupts", log: "log", virtio: "virtio" },
  },
  link: { file: "backends/kvm/drivers/net/index", hooks: ["start"], needs: { virtio: "virtio" } },
  random: {
    file: "backends/kvm/drivers/random/index",
    hooks: ["start"],
    needs: { log: "log", virtio: "virtio" },
  },
  ethernet: { file: "stdlib/net/ethernet/index", hooks: ["start", "poll"], needs: { link: "link" } },
  arp: {
    file: "stdlib/net/arp/index",
    hooks: ["start", "poll", "deadline"],
    needs: { ethernet: "ethernet", clock: "clock", log: "log" },
  },
  ipv4: {
    file: "stdlib/net/ipv4/index",
    hooks: ["poll"],
    needs: { ethernet: "ethernet", arp: "arp", clock: "clock", random: "random" },
  },
  icmp: { file: "stdlib/net/icmp/index", hooks: [], needs: { ipv4: "ipv4", clock: "clock" } },
  udp: { file: "stdlib/net/udp/index", hooks: [], needs: { ipv4: "ipv4", icmp: "icmp" } },
  stack: {
    file: "stdlib/net/stack/index",
    hooks: ["start"],
    needs: { ethernet: "ethernet", arp: "arp", ipv4: "ipv4", icmp: "icmp", log: "log" },
  },
} as const satisfies Record<string, TestModule>;

export type ModuleName = keyof typeof modules;

export interface TestProgram<Name extends string = ModuleName> {
  readonly use: readonly Name[];
  /** Text of a module of the test's own, the last one: may export `start`, `poll`, `deadline`, `prepare`; imports `./NAME` for a module. */
  readonly own: string;
  readonly hooks: readonly ("start" | "poll" | "deadline" | "prepare")[];
}

/** AssemblyScript for a test's own module that has a link `eth`: every frame goes back with its addresses exchanged and its first byte of content one more, or a hundred more if it was verified. */
export const ECHO = `export function poll(now: u64): void {
  const from = eth!;
  if (!from.present) return;
  for (let n = 0; n < 64; n++) {
    const packet = from.receive();
    if (packet == null) break;
    const answer = from.allocate();
    if (answer != null) {
      answer.length = packet.length;
      answer.bytes.copy(HEADROOM, packet.bytes, HEADROOM, packet.length);
      answer.bytes.setBe48(HEADROOM, packet.bytes.be48(HEADROOM + 6));
      answer.bytes.setBe48(HEADROOM + 6, from.mac);
      answer.bytes.setU8(HEADROOM + 14, packet.bytes.u8(HEADROOM + 14) + (packet.verified ? 100 : 1));
      if (from.completesChecksums) { answer.checksumStart = 34; answer.checksumOffset = 6; }
      from.transmit(answer);
    }
    from.release(packet);
  }
  from.flush();
}
`;

const cache = new Map<string, Promise<Built>>();
type Built = Omit<Parameters<typeof linkImage>[1], "contents">;

export async function buildProgram(program: TestProgram): Promise<LinkedImage> {
  const key = JSON.stringify(program);
  const built = cache.get(key) ?? build(program);
  cache.set(key, built);
  return linkImage(platform, { ...(await built), contents: "" });
}

async function build(program: TestProgram): Promise<Built> {
  const virtual = programFiles(program);
  const sources = new Proxy({} as Record<string, string>, {
    get: (_, name) => virtual.get(String(name)) ?? onDisk(String(name)),
  });
  const asc = (await import("assemblyscript/asc")).default as unknown as Asc;
  const outcome = await runAsc(asc, { entry: "appliance/main.ts", sources, keep: ["start", "run"] });
  if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome, undefined, 1));
  const { program: full, runtime, facts } = outcome;
  const { snapshot } = await runPrepare({
    program: full,
    facts,
    settings: [],
    files: [],
    include: () => undefined,
  });
  if (snapshot === undefined) throw new Error("prepare reported an error");
  const memory = new Uint8Array(65536 * snapshot.pages);
  for (const { offset, bytes } of snapshot.segments) memory.set(bytes, offset);
  return {
    code: compile(runtime, "x86-64"),
    memory,
    globals: snapshot.globals.map(({ value }) => value),
    memoryLimit: snapshot.pages,
    calls: ["start", "run"],
  };
}

function onDisk(name: string): string | undefined {
  try {
    return readFileSync(root + name, "utf8");
  } catch {
    return undefined;
  }
}

/** The generated files: `appliance/main.ts` and what it leads to. */
export function programFiles(program: TestProgram): Map<string, string>;
export function programFiles<Name extends string>(
  program: TestProgram<Name>,
  known: Readonly<Record<Name, TestModule>>,
): Map<string, string>;
export function programFiles(
  { use, own, hooks }: TestProgram<string>,
  known: Readonly<Record<string, TestModule>> = modules,
): Map<string, string> {
  const files = new Map<string, string>();
  const all: (TestModule & { name: string })[] = use.map((name) => ({ name, ...known[name]! }));
  for (const { file, needs } of all) {
    const folder = posix.dirname(file);
    for (const [need, name] of Object.entries(needs ?? {}))
      files.set(`${folder}/needs/${need}.ts`, `export * from "/${known[name]!.file}";\n`);
    files.set(`${folder}/turn.ts`, `export { turn } from "/appliance/turn";\n`);
  }
  for (const name of use) files.set(`appliance/${name}.ts`, `export * from "../${known[name]!.file}";\n`);
  files.set("stdlib/log/parts.ts", "export const kept: bool = false;\nexport const banner: bool = false;\n");
  files.set("appliance/own.ts", own);
  for (const [name, text] of files)
    files.set(
      name,
      text.replace(/"\/(.*)"/g, (_, to: string) => `"${posix.relative(posix.dirname(name), to)}"`),
    );
  const hooked = (hook: string): string[] => [
    ...all.filter((each) => (each.hooks as readonly string[]).includes(hook)).map(({ file }) => `../${file}`),
    ...((hooks as readonly string[]).includes(hook) ? ["./own"] : []),
  ];
  const imports = (hook: string) =>
    hooked(hook)
      .map((file, n) => `import { ${hook} as ${hook}${n} } from "${file}";\n`)
      .join("");
  const calls = (hook: string, argument = "") =>
    hooked(hook)
      .map((_, n) => `  ${hook}${n}(${argument});\n`)
      .join("");
  files.set(
    "appliance/turn.ts",
    `${imports("poll")}${imports("deadline")}export function turn(now: u64): u64 {
${calls("poll", "now")}  let next: u64 = u64.MAX_VALUE;
${hooked("deadline")
  .map((_, n) => `  next = min<u64>(next, deadline${n}());\n`)
  .join("")}  return next;\n}\n`,
  );
  files.set(
    "appliance/main.ts",
    `${imports("start")}${imports("prepare")}export { run } from "../${known["loop"]!.file}";
export function prepare(): void {\n${calls("prepare")}}
export function start(): void {\n${calls("start")}}
export function collect(): void {\n  __collect();\n}\n`,
  );
  return files;
}
