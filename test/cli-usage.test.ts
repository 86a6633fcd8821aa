/** Command lines that are wrong: what is said, where, and with which exit code. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UnsupportedError } from "#codegen";
import { commands } from "../cli/commands.ts";
import { main } from "../cli/main.ts";
import { recordingTerminal } from "../cli/terminal.ts";
import { temporaryFolder } from "./appliance.ts";
import { appl, type Ran } from "./command.ts";

const example = "examples/ns1/ns1.appl";
const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
copyFileSync(example, at("ns1.appl"));
mkdirSync(at("empty"));
mkdirSync(at("two"));
writeFileSync(at("two/a.appl"), "appl 1\nappliance a {}\nappliance b {}\n");
writeFileSync(at("two/b.appl"), "appl 1\n");
writeFileSync(at("plain"), "appl 1\nappliance plain {}\n");

function isRefusal({ code, stdout, stderr }: Ran, wanted: number, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
  expect(code).toBe(wanted);
}

test.each<[readonly string[], RegExp]>([
  [[], /Usage: appl COMMAND[\s\S]*inspect +What is in an image/],
  [["bild", example], /no command `bild`[\s\S]*did you mean `build`\?/],
  [["validate", example], /no command `validate`[\s\S]*here it is `appl check`/],
  [["compile"], /here it is `appl build`/],
  [["trace"], /here it is `appl why`/],
  [["format"], /here it is `appl fmt`/],
  [["fmt", "--stdin", "x.appl"], /--stdin/],
  [["new"], /here it is `appl init`/],
  [["constructor"], /no command `constructor`/],
  [["ns1.appl@kvm"], /did you mean `appl build ns1\.appl@kvm`\?/],
  [["--verbose"], /no option `--verbose`/],
  [["help", "bild"], /no command `bild`/],
  [["check", example, "more"], /has no use for `more`[\s\S]*usage: appl check FILE/],
  [["check", example, at("ns1.appl")], /has no use for[\s\S]*one description at a time/],
  [["build", example, "kvm"], /no use for `kvm`[\s\S]*with a target .*ns1\.appl@kvm/],
  [["build", example, "x.elf"], /no use for `x\.elf`[\s\S]*-o x\.elf/],
  [["check", example, "--bogus"], /Unknown option `--bogus`[\s\S]*appl check --help/],
  [["build", example, "--outptu", "x"], /Unknown option `--outptu`[\s\S]*did you mean `--output`\?/],
  [["build", example, "--target", "kvm"], /Unknown option `--target`[\s\S]*FILE@TARGET/],
  [["build", example, "--set", "a=1"], /Unknown option `--set`[\s\S]*-p NAME=VALUE/],
  [["run", example, "--port", "53"], /Unknown option `--port`[\s\S]*--publish/],
  [["build", example, "--dry-run"], /Unknown option `--dry-run`[\s\S]*`appl check`/],
  [["run", example, "-p", "5353:53/udp"], /gives no param a value[\s\S]*--publish 5353:53\/udp/],
  [["run", example, "-p"], /-p, --param .*value is missing|wants a value/],
  [["run", example, "-p", "zone"], /gives no param a value[\s\S]*-p unit=7/],
  [["run", at("two/a.appl")], /names 2 images[\s\S]*:a@kvm, .*:b@kvm/],
  [["build", at("two/a.appl"), "-o", "x"], /names 2 images, and --output one file/],
  [["check", "@kvm"], /`@kvm` names no file/],
  [
    ["check", `${example}@kwm`],
    /no target `kwm`[\s\S]*did you mean `kvm`\? targets: kvm, xen, linux, riscv, riscv32, esp32, esp32c3, host/,
  ],
  [
    ["build", `${example}@avr`],
    /no target `avr`[\s\S]*targets: kvm, xen, linux, riscv, riscv32, esp32, esp32c3, host/,
  ],
  [["build", `${example}@kvm`, "--launcher", "xl"], /xl does not start images for kvm[\s\S]*is for @xen/],
  [["build", `${example}@xen`, "--launcher", "vmware"], /nobody called `vmware`[\s\S]*xl, libvirt, qubes/],
  [["build", example, "-o"], /-o, --output .*value is missing/],
  [["build", example, "-o", "a", "-o", "b"], /given several times/],
  [["why", example], /one question: MODULE, --not MODULE or --largest/],
  [["inspect"], /`appl inspect` wants IMAGE[\s\S]*for example appl inspect ns1\.elf/],
  [["run", example, "--publish"], /--publish wants a value/],
  [["run", example, "--publish", "53"], /--publish `53` is not of the form/],
  [["run", example, "--publish", "0:53/udp"], /ports from 1 to 65535/],
  [["run", example, "--publish", "5353:53/sctp"], /is not of the form/],
  [["run", example, "--publish", "[::1]:5353:53/udp"], /ADDRESS an IPv4 address/],
  [
    ["run", example, "--publish", "5353:53/udp", "--publish", "5353:54/udp"],
    /127\.0\.0\.1:5353\/udp to two ports/,
  ],
  [["run", example, "--memory", "1"], /whole MiB, at least 4/],
  [["run", example, "--memory", "64", "--memory", "32"], /whole MiB/],
  [["run", example, "--memory"], /value is missing/],
  [["run", example, "--machine", "vax"], /no machine `vax`[\s\S]*microvm, q35, pc/],
  [["run", `${example}@host`, "--machine", "q35"], /--machine is of a virtual machine/],
])("appl %j is refused with 2", async (argv, says) => isRefusal(await appl(...argv), 2, says));

test.each<[string, readonly string[], RegExp]>([
  ["a missing file", ["check", at("nowhere.appl")], /no file `.*nowhere\.appl`/],
  [
    "target and appliance in the other order",
    ["check", `${at("ns1.appl")}@kvm:ns1`],
    /the target comes last: FILE:APPLIANCE@TARGET/,
  ],
  ["a slip in its name", ["check", at("ns11.appl")], /did you mean `.*ns1\.appl`\?/],
  ["a file without its ending", ["build", at("ns1@kvm")], /did you mean `.*ns1\.appl`\?/],
  ["another name than those that are there", ["check", at("two/zzzzz.appl")], /two\/a\.appl, .*two\/b\.appl/],
  ["a file in place of a folder", ["check", at("ns1.appl/x.appl")], /no file/],
  ["a folder", ["check", folder], /is a folder\n {2}descriptions in .*ns1\.appl/],
  [
    "a folder with folders",
    ["check", "examples"],
    /is a folder\n {2}descriptions in .*examples\/ns1\/ns1\.appl/,
  ],
  [
    "a folder without descriptions",
    ["check", at("empty")],
    /is a folder\n {2}no description is in it; `appl init`/,
  ],
  ["another tool's file", ["check", "package.json"], /`package\.json` is not a description[\s\S]*appl init/],
  ["a device", ["check", "/dev/null"], /no ordinary file/],
  [
    "an unknown appliance",
    ["check", `${example}:ns2`],
    /E0116.*no appliance `ns2`[\s\S]*did you mean `ns1`\?/,
  ],
  ["no appliance", ["run", at("two/b.appl")], /describes no appliance/],
  ["a missing image", ["inspect", at("nowhere.elf")], /no file/],
  ["a folder for an image", ["inspect", folder], /is a folder/],
  [
    "a description for an image",
    ["inspect", at("ns1.appl")],
    /no image made by appl[\s\S]*appl build .*ns1\.appl/,
  ],
  ["something else for an image", ["inspect", "package.json"], /no image made by appl/],
  [
    "a missing folder for the image",
    ["build", example, "-o", at("no/x.elf")],
    /no folder `.*no`[\s\S]*mkdir -p/,
  ],
  ["a folder in place of the image", ["build", example, "-o", at("empty")], /is a folder[\s\S]*NAME\.elf/],
  ["the description as the image", ["build", at("plain"), "-o", at("plain")], /is the description itself/],
])("%s is refused with 1", async (_, argv, says) => isRefusal(await appl(...argv), 1, says));

test("a file needs no ending, and one of several appliances can be named", async () => {
  expect(await appl("check", at("plain"))).toMatchObject({ code: 0, stderr: "" });
  expect(await appl("check", `${at("two/a.appl")}:b@host`)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("no mistakes (targets host)"),
  });
});

test("nothing is left behind by commands that failed", () => {
  expect(readdirSync(folder).toSorted()).toEqual(["empty", "ns1.appl", "plain", "two"]);
  expect(readdirSync(at("empty"))).toEqual([]);
});

test("our own mistake is said to be ours, without a stack", async () => {
  const terminal = recordingTerminal();
  const broken = {
    ...terminal,
    error: terminal.error,
    out: () => {
      throw new Error("BUG: the terminal\nis broken");
    },
  };
  expect(await main(["check", at("plain")], broken)).toBe(3);
  expect(terminal.stderr).toMatch(/^appl: this is our mistake: BUG: the terminal\n {2}please report it/);
  expect(terminal.stderr).not.toMatch(/^\s+at /m);
});

test("a program that the processor cannot execute is one clear line", async () => {
  const terminal = recordingTerminal();
  const refusing = {
    ...terminal,
    error: terminal.error,
    out: () => {
      throw new UnsupportedError("function area needs floating point, which rv32 has not");
    },
  };
  expect(await main(["check", at("plain")], refusing)).toBe(1);
  expect(terminal.stderr).toMatch(
    /^appl: function area needs floating point, which rv32 has not\n {2}[^\n]+\n$/,
  );
});

describe("help", () => {
  test.each(["--help", "-h", "help"])("appl %s lists every command on standard output", async (word) => {
    const { code, stdout, stderr } = await appl(word);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const { name, text } of commands) expect(stdout).toMatch(new RegExp(`^ {2}${name} +${text}$`, "m"));
  });

  test.each(commands.map((row) => [row.name, row] as const))("of %s names its options", async (name, row) => {
    const asked = await appl("help", name);
    expect(asked).toEqual(await appl(name, "--help"));
    expect(asked.code).toBe(0);
    for (const { flags, text } of row.options) {
      expect(asked.stdout).toContain(flags);
      expect(asked.stdout).toContain(text);
    }
    for (const each of row.examples) expect(asked.stdout).toContain(each);
  });

  test.each(["version", "--version", "-v"])("appl %s", async (word) => {
    expect((await appl(word)).stdout).toMatch(/^appl \d+\.\d+\.\d+ \(node v\d+/);
  });
});
