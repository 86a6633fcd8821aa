/** What machines are given when they start, in every way that there is, and what they say when it is not good. */
import { spawn, spawnSync } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Machine, Simulation } from "#simulate";
import { machineArguments as xtensaArguments } from "../backends/esp32/run.ts";
import { machineArguments as kvmArguments } from "../backends/kvm/run.ts";
import { machineArguments as riscvArguments } from "../backends/riscv/run.ts";
import { givenLines } from "../cli/run/given.ts";
import { startHost } from "../cli/run/host.ts";
import { temporaryFolder } from "./appliance.ts";
import { buildProbe } from "./slots/images.ts";

type Built = NonNullable<Awaited<ReturnType<typeof buildProbe>>["built"]>;

const folder = temporaryFolder();
const inFolder = (name: string, text: string | Uint8Array, mode = 0o644): string => {
  writeFileSync(join(folder, name), text, { mode });
  return join(folder, name);
};
const base64 = Buffer.alloc(20, 1).toString("base64");
const lines = inFolder(
  "lines",
  `# for a machine\nnet/address = 10.0.0.3/8\nprobe/key=hex:000102030405060708090a0b0c0d0e0f\nprobe/pass="pass word \\" x"\r\n`,
);
const keyFile = inFolder("key", `${base64}\n`);
const passFile = inFolder("pass", "hunter2hunter2\n");

const rest = "server=000000000000000000000000c0000209:514 timeout=250000000 host=ns1 text=as it was";
const fromLines = `probe key=16/120 pass=13 level=0 count=7 address=10.0.0.3/8 ${rest}`;
const fromWords = `probe key=20/20 pass=14 level=0 count=12 address=10.0.0.2/24 ${rest}`;

const targets = ["linux", "kvm", "riscv", "riscv32", "esp32", "host"] as const;
const images = new Map<string, { readonly path: string; readonly built: Built }>();

beforeAll(async () => {
  for (const target of targets) {
    const { built } = await buildProbe(target);
    images.set(target, { built: built!, path: inFolder(`p.${target}`, built!.image, 0o755) });
  }
}, 300_000);

interface Ended {
  readonly said: string;
  readonly code: number | null;
}

/** Until it ends, or has shown its slots. */
function started(program: string, args: readonly string[], fd?: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe", ...(fd === undefined ? [] : [fd])],
    });
    let said = "";
    const read = (bytes: Buffer) => {
      said += bytes.toString("latin1").replaceAll("\r", "");
      if (/^probe .*\n/m.test(said)) child.kill("SIGKILL");
    };
    child.stdout!.on("data", read);
    child.stderr!.on("data", read);
    child.once("error", reject);
    child.once("close", (code) => resolve({ said, code }));
  });
}

const shown = ({ said }: Ended): string | undefined => /^probe .*$/m.exec(said)?.[0];
const complaints = ({ said }: Ended): string[] =>
  said.split("\n").filter((line) => line.startsWith("boot: "));

const missing = [
  "boot: `probe/key` is missing; it wants probe.Key: bytes in base64, or in hexadecimal behind `hex:`, where len(it) in 16..64",
  'boot: `probe/pass` is missing; it wants probe.Pass: a text, where it matches r"^[ -~]{8,63}$"',
  "boot: `net/address` is missing; it wants IfaceAddr: an address and its network's prefix like `192.0.2.1/24`",
];

test("a value is in no image, and slots are the same in the recipe of all", () => {
  const slots = images.get("kvm")!.built.report.slots;
  expect(
    slots.map(({ name, slot, secret, type, default: known }) => [name, slot, secret, type, known]),
  ).toEqual([
    ["address", "net/address", false, "IfaceAddr", undefined],
    ["count", "probe/count", false, "Int", "7"],
    ["key", "probe/key", true, "probe.Key", undefined],
    ["level", "probe/level", false, "probe.Level", "low"],
    ["pass", "probe/pass", true, "probe.Pass", undefined],
    ["server", "syslog", false, "SocketAddr", "192.0.2.9:514"],
    ["timeout", "timeout", false, "Duration", "250ms"],
    ["words", "text", false, "Str", '"as it was"'],
  ]);
});

test.each([
  [
    "words and files",
    [
      "--param",
      "net/address=10.0.0.2/24",
      "--secret",
      `probe/key=${keyFile}`,
      "--secret",
      `probe/pass=${passFile}`,
      "--param=probe/count=12",
    ],
    fromWords,
  ],
  ["lines", ["--slots", lines], fromLines],
])("linux: %s", async (_, args, expected) => {
  expect(shown(await started(images.get("linux")!.path, args))).toBe(expected);
});

test("linux: lines of an open file", async () => {
  const ended = await started(images.get("linux")!.path, ["--slots-fd", "3"], openSync(lines, "r"));
  expect(shown(ended)).toBe(fromLines);
});

test("linux: what is missing or wrong ends the process with 3", async () => {
  const { path } = images.get("linux")!;
  const none = await started(path, []);
  const how = "boot: give values as --param SLOT=VALUE, --secret SLOT=FILE, or lines of --slots FILE";
  expect([none.code, complaints(none)]).toEqual([3, [...missing, how]]);
  const wrong = await started(path, [
    "--slots",
    lines,
    "--param",
    "probe/count=100",
    "--param",
    "timeout=1x",
    "--param",
    "net/adress=1",
  ]);
  expect([wrong.code, complaints(wrong)]).toEqual([
    3,
    [
      "boot: `probe/count` cannot be `100` by --param or --slots",
      "boot: `probe/count` wants Int: a whole number, in 1..99",
      "boot: `timeout` cannot be `1x` by --param or --slots",
      "boot: `timeout` wants Duration: a time like `1h30min` or `500ms`",
      "boot: there is no slot `net/adress` by --param or --slots; this image has probe/key, probe/pass, probe/level, probe/count, net/address, syslog, timeout, text",
      how,
    ],
  ]);
});

test("linux: a command line that gave a value does not show it any more", async () => {
  const child = spawn(images.get("linux")!.path, ["--slots", lines, "--param", "text=not for others"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise((shownOnce) => child.stdout.once("data", shownOnce));
  expect(readFileSync(`/proc/${child.pid}/cmdline`, "latin1")).not.toContain("not for others");
  child.kill("SIGKILL");
});

test.each([
  [["--slots", "/nope"], 1, "cannot read `/nope`: there is no such file"],
  [["--slots", "/tmp"], 1, "cannot read `/tmp`: error 21"],
  [["--secret", "name"], 2, "--secret wants SLOT=FILE"],
  [["--slots-fd", "x"], 2, "--slots-fd wants the number of an open file, and not `x`"],
  [["--slots", "/dev/zero"], 2, "values for slots are longer than 128 KiB"],
  [
    Array.from({ length: 65 }, () => "--param=a=b"),
    2,
    "more than 64 values and files with values are too many",
  ],
])("linux: %j is refused in one line", (args, status, line) => {
  const ran = spawnSync(images.get("linux")!.path, args, { encoding: "utf8" });
  expect([ran.status, ran.stderr.replace(/^.*?: /, "")]).toEqual([status, `${line}\n`]);
});

const append = `console=ttyS0 appl.net/address=10.0.0.2/24 appl.probe/key=${base64} appl.probe/pass="hunter2hunter2" appl.probe/count=12`;

const onKvm = (machine: string, words: string | undefined, extra: readonly string[]) => {
  const args = kvmArguments({
    machine,
    cpu: "max",
    memory: 64,
    image: images.get("kvm")!.path,
    append: words,
  });
  return started("qemu-system-x86_64", [...args, ...extra]);
};

test.each(["microvm,acpi=off", "q35"])("kvm, %s: command line, initrd and fw_cfg", async (machine) => {
  expect(shown(await onKvm(machine, append, []))).toBe(fromWords);
  expect(shown(await onKvm(machine, undefined, ["-initrd", lines]))).toBe(fromLines);
  const files = [
    "-fw_cfg",
    `name=opt/appl/probe/key,file=${keyFile}`,
    "-fw_cfg",
    `name=opt/appl/probe/pass,file=${passFile}`,
  ];
  expect(shown(await onKvm(machine, "appl.net/address=10.0.0.2/24 appl.probe/count=12", files))).toBe(
    fromWords,
  );
});

test("kvm: what is missing ends the machine, which tells QEMU, and waits for a slow reader before", async () => {
  const ending = onKvm("microvm,acpi=off", undefined, ["-device", "isa-debug-exit,iobase=0x501"]);
  for (const until = Date.now() + 300; Date.now() < until; );
  const ended = await ending;
  const how =
    "boot: give values as appl.SLOT=VALUE on the command line, as lines SLOT=VALUE of the initrd, or as opt/appl/SLOT in fw_cfg";
  expect([ended.code, complaints(ended)]).toEqual([5, [...missing, how]]);
});

test.each([
  ["riscv", "riscv64", false],
  ["riscv32", "riscv32", true],
] as const)("%s: bootargs and initrd; what is missing", async (target, system, bare) => {
  const on = (words: string | undefined, extra: readonly string[]) => {
    const args = riscvArguments({ machine: "virt", image: images.get(target)!.path, append: words, bare });
    return started(`qemu-system-${system}`, [...args, ...extra]);
  };
  expect(shown(await on(append, []))).toBe(fromWords);
  expect(shown(await on(undefined, ["-initrd", lines]))).toBe(fromLines);
  const ended = await on(undefined, []);
  const how = "boot: give values as appl.SLOT=VALUE in bootargs, or as lines SLOT=VALUE of the initrd";
  expect(complaints(ended)).toEqual([...missing, how]);
  if (bare) expect(ended.code).not.toBe(0);
});

test("esp32: words and initrd; what is missing", async () => {
  const on = (words: string | undefined, extra: readonly string[]) => {
    const args = xtensaArguments({
      machine: "kc705-nommu",
      image: images.get("esp32")!.path,
      append: words,
    });
    return started("qemu-system-xtensa", [...args, ...extra]);
  };
  expect(shown(await on(append, []))).toBe(fromWords);
  expect(shown(await on(undefined, ["-initrd", lines]))).toBe(fromLines);
  const ended = await on(undefined, []);
  const how =
    "boot: give values as appl.SLOT=VALUE on the command line, or as lines SLOT=VALUE of the initrd";
  expect(complaints(ended)).toEqual([...missing, how]);
});

test("host: what appl run is told", async () => {
  const { built } = images.get("host")!;
  const params = { address: "10.0.0.2/24", count: "12" };
  const secrets = [`key=${keyFile}`, `probe/pass=${passFile}`];
  const given = givenLines({ params, secrets, slots: undefined }, built.report);
  let said = "";
  const write = (text: string) => {
    said += text;
  };
  const host = await startHost({ wasm: built.image, publications: [], given, write });
  host.stop();
  expect(shown({ said, code: 0 })).toBe(fromWords);
  await expect(startHost({ wasm: built.image, publications: [], write })).rejects.toThrow(
    "it cannot start with what it was given",
  );
});

test("a key in a file may be bytes; a name that nobody has is a mistake", () => {
  const { report } = images.get("host")!.built;
  const file = inFolder(
    "raw",
    Uint8Array.from({ length: 16 }, (_, n) => 255 - n),
  );
  expect(givenLines({ params: {}, secrets: `key=${file}`, slots: undefined }, report)).toBe(
    'probe/key="hex:fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0"\n',
  );
  expect(() => givenLines({ params: {}, secrets: `kye=${file}`, slots: undefined }, report)).toThrow(
    "no machine wants a value for `kye`",
  );
});

test("simulated: a machine with its values runs, one without says so and is off", async () => {
  const { built } = await buildProbe("kvm", { simulated: true });
  const program = new WebAssembly.Module(built!.image as BufferSource);
  const simulation = new Simulation({ seed: 1 });
  const good = new Machine(simulation, {
    name: "good",
    program,
    nics: [],
    given: readFileSync(lines, "utf8"),
  });
  const bad = new Machine(simulation, { name: "bad", program, nics: [] });
  good.switchOn();
  bad.switchOn();
  expect(good.console.map(({ text }) => text)).toEqual([fromLines]);
  expect(bad.console.slice(0, 3).map(({ text }) => text)).toEqual(missing);
  expect([good.isOn, bad.isOn]).toEqual([true, false]);
});
