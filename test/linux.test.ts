/** Executables for Linux: on devices of the kernel, as ordinary users, after traps, and in containers. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { appl, applJson } from "./command.ts";

const description = "test/tap.appl@linux";
const folder = temporaryFolder();
const image = join(folder, "tap.linux");
const archive = join(folder, "tap.tar");
const layout = join(folder, "layout");
beforeAll(async () => {
  // Others than its owner are to run it.
  chmodSync(folder, 0o755);
  await applJson("build", description, "-o", image, "--oci", archive);
  await applJson("build", description, "-o", image, "--oci", layout);
});

const isRoot = process.getuid?.() === 0;
const asNobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];

function inNamespace(
  device: "tap" | "pair",
  file = image,
  { first = [] as readonly string[], env = {} } = {},
): string {
  const command = [...first, "unshare", "-Urn", "sh", "test/linux.sh", file, device];
  const { status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return `${stdout}${stderr}`;
}

function answered(text: string): void {
  expect(text).toMatch(/5 packets transmitted, 5 received/);
  expect(text).toMatch(/1400\(1428\) bytes[\s\S]*3 packets transmitted, 3 received/);
  expect(text).toMatch(/3000\(3028\) bytes[\s\S]*3 packets transmitted, 3 received/);
  expect(text).toMatch(/8000\(8028\) bytes[\s\S]*2 packets transmitted, 2 received/);
  expect(text).toContain("192.0.2.80");
  expect(text).toContain("port 9: refused");
  expect(text).toMatch(/eth0: 10\.77\.0\.2 [0-9a-f:]+\n/);
  expect(text).not.toContain("restart");
}

test("the file may be executed", () => {
  expect(statSync(image).mode & 0o111).toBe(0o111);
});

test("over a tap ping and dig reach it, in fragments too; it ends with its device", () => {
  const text = inNamespace("tap");
  answered(text);
  expect(text).toContain("ended with 1");
});

test.runIf(isRoot)("an ordinary user runs it on one end of a pair of devices", () => {
  answered(inNamespace("pair", image, { first: asNobody }));
});

/** The image with a trap where the program goes on after it has slept: each packet finds it asleep. */
function trapping(): string {
  const bytes = readFileSync(image);
  const at = (name: string) => {
    const [, address, size] = new RegExp(`(0x[0-9a-f]+)\\s+([0-9,]+)\\s+rx\\s+${name}`).exec(map)!;
    return { from: Number(address) - BASE, size: Number(size!.replaceAll(",", "")) };
  };
  const [boot, program] = [at("boot code"), at("program")];
  // The beginning of `system.wait`: mov rax, rdi; xor ecx, ecx; mov r8d, esi
  const wait = bytes.indexOf(Buffer.from([0x48, 0x89, 0xf8, 0x31, 0xc9, 0x41, 0x89, 0xf0]), boot.from);
  expect(wait).toBeLessThan(boot.from + boot.size);
  const calls: number[] = [];
  for (let n = program.from; n < program.from + program.size - 5; n++)
    if (bytes[n] === 0xe8 && n + 5 + bytes.readInt32LE(n + 1) === wait) calls.push(n + 5);
  expect(calls.length).toBeGreaterThan(0);
  // What is behind a call is also come to without having slept. So each goes to where the function has its traps, one behind the other, and there sleeps first.
  const traps = Buffer.from([0x0f, 0x0b, 0, 0x0f, 0x0b, 0, 0x0f, 0x0b, 0]);
  for (const next of calls) {
    const stub = bytes.indexOf(traps, next);
    expect(stub).toBeGreaterThan(0);
    bytes.set([0xe8, 0, 0, 0, 0, 0x0f, 0x0b, 0, 0], stub);
    bytes.writeInt32LE(wait - (stub + 5), stub + 1);
    bytes[next - 5] = 0xe9;
    bytes.writeInt32LE(stub - next, next - 4);
  }
  const path = join(folder, "trapping");
  writeFileSync(path, bytes, { mode: 0o755 });
  return path;
}
/** Where the file's first page with code is in memory, less where it is in the file. */
const BASE = 0x20_0000 - 0x1000;
let map = "";

test("after a trap it starts again at once, its devices still open, and answers what had come", async () => {
  map = (await appl("inspect", image)).stdout;
  const text = inNamespace("tap", trapping(), { env: { PINGS: "3" } });
  expect(text).toMatch(/3 packets transmitted, 3 received/);
  expect(text).toMatch(/restart 1: unreachable in function \d+ \+ 0x[0-9a-f]{4}, address 0x0+\n/);
  expect(text).toMatch(/restart 3: unreachable/);
});

test("a socket that somebody else has opened will do, and its end is the end", () => {
  const program = join(folder, "fd-link");
  execFileSync("gcc", ["-O1", "-Wall", "-Werror", "-o", program, "test/fd-link.c"]);
  const { stdout, stderr, status } = spawnSync(program, [image], { encoding: "utf8", timeout: 20_000 });
  expect(stdout, stderr).toContain("10.77.0.2 is at 02:00:00:00:00:99\n");
  expect(stdout).toContain("ended with 1\n");
  expect(status).toBe(0);
});

/** The image, and what it asks a socket for when it wants rings no kernel would know: packets come one by one then. */
function withoutRings(): string {
  const bytes = readFileSync(image);
  const wanted = Buffer.from(Uint32Array.of(1, 1, 4096, 256, 2048, 512).buffer);
  const at = bytes.indexOf(wanted);
  expect(at).toBeGreaterThan(0);
  bytes.writeUInt32LE(99, at);
  const path = join(folder, "without-rings");
  writeFileSync(path, bytes, { mode: 0o755 });
  return path;
}

test.each([
  ["through rings", () => image, 1],
  ["one by one", withoutRings, 0],
])(
  "on a packet socket, %s, it outlives its device being down, frames too long and bursts",
  (_, file, rings) => {
    const load = join(folder, "dns-load");
    execFileSync("gcc", ["-O2", "-o", load, "bench/dns-load.c"]);
    const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/linux-rings.sh", file(), load], {
      encoding: "utf8",
      timeout: 60_000,
    });
    const said = (what: string) => new RegExp(`^${what}: (.*)$`, "m").exec(stdout)?.[1];
    const busy = (when: string) => Number(said(`busy ${when}`)?.replace(" %", ""));
    expect(said("rings"), `${stdout}\n${stderr}`).toBe(String(rings));
    expect(stdout).toContain('"received":1500,"good":1500,"lost":0');
    expect(stdout).toContain('"received":20000,"good":20000,"lost":0');
    expect(said("long")).toBe("0, then 2");
    expect(said("after down")).toBe("192.0.2.80");
    expect(said("after many")).toBe("192.0.2.80");
    expect(busy("while down")).toBeLessThan(20);
    expect(busy("when idle")).toBeLessThan(20);
    expect(stdout).not.toContain("restart");
    expect(stdout).toContain("ended with 0\n");
  },
);

describe("as a container image", () => {
  const skopeo = (...args: string[]) => {
    const { error, status, stdout, stderr } = spawnSync("skopeo", args, { encoding: "utf8" });
    if (error !== undefined)
      throw new Error("skopeo is not here; install it: apt-get install -y --no-install-recommends skopeo");
    expect(status, stderr).toBe(0);
    return stdout;
  };

  test("folder and archive are the same to skopeo, and the same whenever they are written", async () => {
    const [one, other] = [`oci:${layout}`, `oci-archive:${archive}`].map((place) =>
      JSON.parse(skopeo("inspect", place)),
    );
    expect(one).toEqual(other);
    expect(one).toMatchObject({ Architecture: "amd64", Os: "linux", Created: null });
    const again = join(folder, "again.tar");
    await applJson("build", description, "-o", image, "--oci", again);
    expect(readFileSync(again)).toEqual(readFileSync(archive));
  });

  test("what skopeo has copied has the one file, which runs as the configuration says", () => {
    const copy = join(folder, "copy");
    skopeo("copy", "--insecure-policy", `oci-archive:${archive}`, `dir:${copy}`);
    const manifest = JSON.parse(readFileSync(join(copy, "manifest.json"), "utf8"));
    const root = join(folder, "root");
    mkdirSync(root);
    const blob = (digest: string) => join(copy, digest.replace("sha256:", ""));
    const listed = execFileSync("tar", ["-xvpf", blob(manifest.layers[0].digest), "-C", root], {
      encoding: "utf8",
    });
    expect(listed).toBe("tap\n");
    expect(readFileSync(join(root, "tap"))).toEqual(readFileSync(image));
    const { config } = JSON.parse(readFileSync(blob(manifest.config.digest), "utf8"));
    const command = [...config.Entrypoint, ...config.Cmd];
    expect(command).toEqual(["/tap", "--interface", "eth0"]);
    const script = `ip link add here type veth peer name eth0; ip link set eth0 up
      ip addr add 10.77.0.1/24 dev here; ip link set here up
      chroot ${root} ${command.join(" ")} & image=$!
      dig @10.77.0.2 +short +time=1 +tries=10 www.example.com A; kill $image; wait $image; echo "ended with $?"`;
    const { stdout } = spawnSync("unshare", ["-Urn", "sh", "-c", script], {
      encoding: "utf8",
      timeout: 30_000,
    });
    expect(stdout).toContain("192.0.2.80\n");
    expect(stdout).toContain("ended with 0\n");
  });

  test.each([
    ["kvm", [archive], /is no program that a container could hold\n {2}--oci is for @linux/],
    ["linux", [join(folder, "nowhere", "x.tar")], /there is no folder/],
    ["linux", [folder], /is there, and is no container image that could be replaced/],
    ["linux", [archive, layout], /wants one place/],
  ])("on %s --oci %j is refused", async (target, places, says) => {
    const args = ["-o", join(folder, "other"), ...places.flatMap((place) => ["--oci", place])];
    const { code, stderr } = await appl("build", `test/tap.appl@${target}`, ...args);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(says);
  });
});
