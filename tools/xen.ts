/** Real Xen for tests: the hypervisor and a Linux dom0, from Debian's packages, in QEMU's software emulation. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { instructionCounter } from "./qemu.ts";

const CACHE = resolve("node_modules/.cache/xen");
const MAKING = "tools/xen";

let made: Promise<string> | undefined;

/** Folder with `xen`, `vmlinux` and `dom0.cpio`; made the first time, again when what makes it has changed. */
export function makeDom0(): Promise<string> {
  made ??= make();
  return made;
}

async function make(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of readdirSync(MAKING).sort()) hash.update(readFileSync(join(MAKING, name)));
  const folder = join(CACHE, hash.digest("hex").slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, "new-"));
  try {
    await promisify(execFile)("sh", [join(MAKING, "make-dom0.sh"), draft]);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`no Xen to test with: ${(error as Error).message}`);
  }
  renameSync(draft, folder);
  return folder;
}

/** The kernel of dom0, uncompressed; a guest can have it, too. */
export const dom0Kernel = async (): Promise<string> => join(await makeDom0(), "vmlinux");

export interface Dom0Run {
  /** What dom0 finds under `/art`, by name. `run.sh` is what it runs. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Milliseconds after which the machine is switched off. */
  readonly limit: number;
  /** MiB of dom0 and of the whole machine. */
  readonly memory?: { readonly dom0: number; readonly all: number };
  /** Instructions at virtual addresses in this range are counted: those of a guest, if nobody else has code there. */
  readonly count?: { readonly from: number; readonly below: number };
}

export interface Dom0Result {
  /** What `run.sh` said. */
  readonly said: string;
  /** Its exit status; undefined if it did not end. */
  readonly status: number | undefined;
  /** What the hypervisor, dom0 and guests said on the console. */
  readonly console: string;
  /** When the machine was switched on: milliseconds since 1970. */
  readonly begun: number;
  /** How many instructions there were when `run.sh` said `@@count NAME`, or less than a tenth of a second later, by name. */
  readonly counts: ReadonlyMap<string, number>;
}

/** As QEMU emulates it, some of what an EPYC has is in the way of a hypervisor: SMAP under `iret`, MWAIT with hints, RDTSCP in a guest. */
const PROCESSOR = "EPYC,-smap,-monitor,-rdtscp";
const DOM0 =
  "console=hvc0 rdinit=/init panic=-1 quiet loglevel=4 swiotlb=2048 rodata=off mitigations=off audit=0 apparmor=0";

/** Boots Xen and dom0, runs `run.sh` there, and switches off. */
export async function inDom0({
  files,
  limit,
  memory = { dom0: 640, all: 1280 },
  count,
}: Dom0Run): Promise<Dom0Result> {
  const made = await makeDom0();
  const folder = mkdtempSync(join(tmpdir(), "appl-xen-"));
  try {
    const initrd = join(folder, "initrd");
    copyFileSync(join(made, "dom0.cpio"), initrd);
    appendFileSync(initrd, archive(folder, files));
    const result = join(folder, "result");
    const xen = `console=com1 com1=115200,8n1 dom0_mem=${memory.dom0}M,max:${memory.dom0}M loglvl=warning guest_loglvl=all spec-ctrl=no bootscrub=0`;
    const counters = join(folder, "counters");
    const plugin = count && [
      "-plugin",
      `${await instructionCounter()},out=${counters},from=${count.from},below=${count.below}`,
    ];
    const begun = Date.now();
    const machine = spawn(
      "qemu-system-x86_64",
      [
        ...["-machine", "pc", "-accel", "tcg", "-cpu", PROCESSOR, "-smp", "1", "-m", String(memory.all)],
        ...["-display", "none", "-no-reboot", "-nodefaults", "-no-user-config", "-vga", "none"],
        ...["-serial", "stdio", "-serial", `file:${result}`],
        ...["-kernel", join(made, "xen"), "-append", xen],
        ...(plugin ?? []),
        ...["-initrd", `${join(made, "vmlinux")} ${DOM0},${initrd}`],
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let console = "";
    const read = (bytes: Buffer) => {
      console += bytes.toString("latin1");
    };
    machine.stdout.on("data", read);
    machine.stderr.on("data", read);
    const counts = new Map<string, number>();
    const looking = setInterval(() => {
      if (count === undefined || !existsSync(result)) return;
      for (const [, name] of readFileSync(result, "latin1").matchAll(/^@@count (\S+)\r?\n/gm))
        if (!counts.has(name!)) counts.set(name!, Number(readFileSync(counters).readBigUInt64LE(0)));
    }, 100);
    const timer = setTimeout(() => machine.kill("SIGKILL"), limit);
    await new Promise((done, fail) => machine.once("error", fail).once("close", done));
    clearTimeout(timer);
    clearInterval(looking);
    const text = existsSync(result) ? readFileSync(result, "latin1").replaceAll("\r", "") : "";
    const end = /^@@ended (\d+)\n$/m.exec(text);
    const status = end === null ? undefined : Number(end[1]);
    return { said: text.slice(0, end?.index), status, console, begun, counts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files as a further archive of the initial file system, below `art`. */
function archive(folder: string, files: Dom0Run["files"]): Uint8Array {
  const root = join(folder, "root");
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, "art", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o755 });
  }
  const { stdout, status, error } = spawnSync(
    "sh",
    ["-c", "find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0"],
    { cwd: root, maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(`cpio failed (apt-get install cpio): ${error?.message ?? status}`);
  return stdout;
}
