/** Files that are wrong, through the command: every mistake has its code, its place, what is wrong there and what to do. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { appl, type Ran } from "./command.ts";

type Content = string | Uint8Array;

/** Writes the files and checks the first of them. */
async function checked(files: Readonly<Record<string, Content>>, target = "@kvm"): Promise<Ran> {
  const folder = join(temporaryFolder(), "project");
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  symlinkSync("/etc/hostname", join(folder, "link.zone"));
  mkdirSync(join(folder, "folder.zone"));
  writeFileSync(join(folder, "../outside.zone"), "x A 192.0.2.1\n");
  const ran = await appl("check", `${join(folder, Object.keys(files)[0]!)}${target}`);
  return { ...ran, stderr: ran.stderr.replaceAll(`${folder}/`, "") };
}

const served = (master: string) => `appl 1
use std/net
use std/dns
appliance x {
  net eth0 { address = 10.0.2.15/24; gateway = 10.0.2.2 }
  dns { zone "example.org" { primary { master = file "${master}" } } }
}
`;

const head = `$ORIGIN example.org.
$TTL 1h
@ SOA ns1 hostmaster 1 1h 15m 1w 5m
@ NS ns1
ns1 A 192.0.2.1
`;
const zone = (...lines: string[]) => ({
  "x.appl": served("./x.zone"),
  "x.zone": `${head}${lines.join("\n")}\n`,
});

/** A heading with its place, and, indented by the frame, the carets below what is wrong. */
function expectMistake({ stderr }: Ran, heading: RegExp, place: string, wrong: string): void {
  const said = stderr.split("\n\n").find((each) => heading.test(each));
  expect(said, stderr).toBeDefined();
  expect(said).toContain(`--> ${place}\n`);
  const rows = said!.split("\n");
  const carets = rows.findIndex((row) => /^ *\| +\^/.test(row));
  const from = rows[carets]!.indexOf("^");
  expect(rows[carets - 1]!.slice(from, rows[carets]!.lastIndexOf("^") + 1)).toBe(wrong);
}

describe("what has no code yet", () => {
  const text = `appl 1
use std/net
use std/firewall
use std/dns
appliance x {
  net wan { address = [192.0.2.1/24, 2001:db8::1/64] }
  dns {
    zone "example.org" { primary { soa { mname = "ns.example.net"; rname = "a@example.org"; serial = at(1) }; ns = ["ns.example.net"] }
      query { allow = local } }
  }
  firewall { zone wan { nets = [wan]; source = any }; policy { any -> self = drop } }
}
`;

  test("is checked, and said in one line", async () => {
    const ran = await checked({ "x.appl": text });
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" });
    expect(ran.stdout.split("\n").slice(1)).toEqual([
      "note: cannot be built, there is no code for std/dns (local), std/firewall",
      "",
    ]);
  });

  test("is refused by build, each at the setting or block that asks for it", async () => {
    const file = join(temporaryFolder(), "x.appl");
    writeFileSync(file, text);
    const ran = await appl("build", file, "-o", join(temporaryFolder(), "x.elf"));
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: "" });
    expectMistake(
      ran,
      /^error\[E0620\].*`std\/dns` has no code yet for its part `local`/,
      `${file}:8:5`,
      'zone "example.org"',
    );
    expectMistake(ran, /^error\[E0620\].*`std\/firewall` has no code yet/, `${file}:11:3`, "firewall");
    expect(ran.stderr).toContain("note: Networks that are only known when it runs.");
  });
});

test.each(["build", "simulate"])(
  "WiFi, which no image can have, is refused by %s, with what to take instead",
  async (command) => {
    for (const target of ["c3", "sim"]) {
      const file = "examples/greenhouse/greenhouse.appl";
      const ran = await appl(command, `${file}@${target}`);
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: "" });
      expectMistake(
        ran,
        /^error\[E0620\]: no image can have WiFi: Espressif's radio/,
        `${file}:21:3`,
        "wifi station",
      );
      expect(ran.stderr).toContain("write  net eth0 { address = dhcp }");
      expect(ran.stderr.match(/^error/gm)).toHaveLength(1);
    }
  },
);

test("a mistake in an expression is shown there", async () => {
  const { code, stderr } = await appl("eval", "examples/ns1/ns1.appl", "-e", "net.eth0.address");
  expect(code).toBe(1);
  expect(stderr).toContain("--> the expression:1:5\n");
  expect(stderr).toContain('help: an entry is found by its key: `net["eth0"]`');
});

describe("zone files", () => {
  test.each<[string, Record<string, Content>, RegExp, string, string, RegExp]>([
    [
      "a broken record",
      zone("www A 300.1.2.3"),
      /^error\[E0735\]/,
      "x.zone:6:7",
      "300.1.2.3",
      /no IPv4 address/,
    ],
    [
      "an unknown type",
      zone("foo BOGUS x"),
      /^error\[E0735\].*`BOGUS`/,
      "x.zone:6:5",
      "BOGUS",
      /help: any type can be written as TYPE/,
    ],
    ["an open parenthesis", zone("bar ( A 192.0.2.1"), /^error\[E0720\]/, "x.zone:6:5", "(", /is not closed/],
    [
      "a CNAME beside other data",
      zone("w CNAME ns1", "w A 192.0.2.3"),
      /^error\[E0721\].*`w\.example\.org`/,
      "x.zone:6:3",
      "CNAME",
      /help: remove one of the two/,
    ],
    [
      "missing glue",
      zone("sub NS ns.sub"),
      /^error\[E0726\].*`ns\.sub\.example\.org`/,
      "x.zone:6:5",
      "NS",
      /help: add its A or AAAA record/,
    ],
    [
      "an include that is not there",
      zone("$INCLUDE nowhere.inc"),
      /^error\[E0736\]: there is no such file/,
      "x.zone:6:10",
      "nowhere.inc",
      /help: the path is relative to this file/,
    ],
    [
      "an include outside of the project",
      zone("$INCLUDE ../outside.zone"),
      /^error\[E0736\]/,
      "x.zone:6:10",
      "../outside.zone",
      /stays inside of the project/,
    ],
    [
      "an include that is a folder",
      zone("$INCLUDE folder.zone"),
      /^error\[E0736\]/,
      "x.zone:6:10",
      "folder.zone",
      /no such file/,
    ],
    [
      "a file that includes itself",
      zone("$INCLUDE x.zone"),
      /^error\[E0736\].*more than 10/,
      "x.zone:6:10",
      "x.zone",
      /include itself\?/,
    ],
    [
      "a mistake in an included file",
      { ...zone("$INCLUDE more/y.inc"), "more/y.inc": "; first\nx A 192.0.2\n" },
      /^error\[E0735\]/,
      "more/y.inc:2:5",
      "192.0.2",
      /no IPv4 address/,
    ],
    [
      "an empty zone file",
      { "x.appl": served("./x.zone"), "x.zone": "" },
      /^error\[E0723\].*no SOA/,
      "x.appl:6:9",
      'zone "example.org"',
      /help: its first record is the SOA/,
    ],
  ])("%s: code, place and help", async (_, files, heading, place, wrong, says) => {
    const ran = await checked(files);
    expectMistake(ran, heading, place, wrong);
    expect(ran.stderr).toMatch(says);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("an MX that points to an alias is a warning", async () => {
    const ran = await checked(zone("@ MX 10 w", "w CNAME ns1"));
    expectMistake(ran, /^warning\[W0725\].*`w\.example\.org`/, "x.zone:6:3", "MX");
    expect(ran.stderr).toContain("help: name the host itself");
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/no mistakes, 1 warning \(/);
  });

  test("several mistakes are said in one run, in order, with their own files", async () => {
    const { stderr } = await checked({
      ...zone("a A 1", "b A 2", "$INCLUDE y.inc"),
      "y.inc": "c A 3\n",
    });
    expect([...stderr.matchAll(/--> (\S+)/g)].map(([, place]) => place)).toEqual([
      "x.zone:6:5",
      "x.zone:7:5",
      "y.inc:1:5",
    ]);
  });

  test.each([
    ["missing", "./nowhere.zone", /E0307.*no file `\.\/nowhere\.zone`/],
    ["a folder", "./folder.zone", /E0307.*`\.\/folder\.zone` is a folder/],
    ["outside of the project", "../outside.zone", /E0307[\s\S]*stay inside of the description's/],
    ["a link out of the project", "./link.zone", /E0307.*no file/],
    ["absolute", "/etc/hostname", /E0313.*cannot be read[\s\S]*help: paths are relative/],
  ])("one that is %s is found before anything is compiled", async (_, path, says) => {
    const ran = await checked({ "x.appl": served(path) });
    expectMistake(ran, /^error/, "x.appl:6:54", `"${path}"`);
    expect(ran.stderr).toMatch(says);
    expect(ran.code).toBe(1);
  });

  test("one of another tool's making: CRLF, a byte order mark, bytes that are no text", async () => {
    const crlf = zone("www A 192.0.2.1");
    expect(await checked({ ...crlf, "x.zone": crlf["x.zone"].replaceAll("\n", "\r\n") })).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await checked({ ...crlf, "x.zone": `\uFEFF${crlf["x.zone"]}` })).toMatchObject({
      code: 0,
      stderr: "",
    });
    const noise = Uint8Array.from({ length: 4000 }, (_, n) => (n * n * 7 + (n >> 3)) & 255);
    const { code, stderr } = await checked({ ...crlf, "x.zone": noise });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error\[E07/m);
    // Nothing of it reaches the terminal that the terminal would obey.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  test("one of two megabytes with a mistake in each line is answered with the first twenty", async () => {
    const { code, stderr } = await checked({
      ...zone(),
      "x.zone": `${head}${"name A 192.0.2.400\n".repeat(100_000)}`,
    });
    expect(code).toBe(1);
    expect(stderr.match(/^error/gm)).toHaveLength(20);
    expect(stderr.length).toBeLessThan(10_000);
  });
});

describe("descriptions", () => {
  const good = served("./x.zone");
  const files = { "x.zone": head };

  test.each<[string, Content]>([
    ["with CRLF", good.replaceAll("\n", "\r\n")],
    ["with a byte order mark", `\uFEFF${good}`],
    ["without a newline at its end", good.trimEnd()],
  ])("%s are read", async (_, text) => {
    expect(await checked({ "x.appl": text, ...files })).toMatchObject({ code: 0, stderr: "" });
  });

  test.each<[string, Content, RegExp, string, RegExp]>([
    ["empty", "", /^error\[E0008\]/, "x.appl:1:1", /help: write `appl 1` as the first line/],
    ["with only its first line", "appl 1\n", /^error\[E0116\]/, "x.appl:1:1", /help: add `appliance NAME/],
    [
      "of a later edition",
      good.replace("appl 1", "appl 2"),
      /^error\[E0009\]/,
      "x.appl:1:6",
      /newest known edition is 1/,
    ],
    [
      "with bytes that are not UTF-8",
      Buffer.concat([Buffer.from(good), Buffer.from("# \xff", "latin1")]),
      /^error\[E0007\]/,
      "x.appl:8:3",
      /byte 0xff[\s\S]*help: save the file as UTF-8/,
    ],
    ["with NUL", good.replace("x {", "x\0{"), /^error\[E0007\].*no.* text file/, "x.appl:1:1", /help: save/],
    ["in UTF-16", Buffer.from(`\uFEFF${good}`, "utf16le"), /^error\[E0007\]/, "x.appl:1:1", /help: save/],
    [
      "longer than 2 MiB",
      good + "# more\n".repeat(400_000),
      /^error\[E0014\]/,
      "x.appl:1:1",
      /may not be longer than 2 MiB/,
    ],
    [
      "with a mistake behind CRLF",
      good.replaceAll("\n", "\r\n").replace("gateway", "gatevay"),
      /^error\[E0101\].*`gatevay`/,
      "x.appl:5:38",
      /did you mean `gateway`\?/,
    ],
    [
      "with a mistake behind a byte order mark",
      `\uFEFF${good.replace("use std/dns", "use std/dsn")}`,
      /^error\[E0104\]/,
      "x.appl:3:5",
      /did you mean `std\/dns`/,
    ],
  ])("%s: code, place and help", async (_, text, heading, place, says) => {
    const { code, stdout, stderr } = await checked({ "x.appl": text, ...files });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const said = stderr.split("\n\n").find((each) => heading.test(each));
    expect(said, stderr).toContain(`--> ${place}\n`);
    expect(said).toMatch(says);
  });
});

/** What they print is looked at in `lang/test/faulty.test.ts`. */
const faulty = "lang/test/faulty/design";

describe("the faulty descriptions of the language's design", () => {
  test.each(Array.from({ length: 12 }, (_, n) => `e${String(n + 1).padStart(2, "0")}`))(
    "%s is refused with places, and is no mistake of ours",
    async (name) => {
      const path = `${faulty}/${name}.appl`;
      const { code, stdout, stderr } = await appl("check", path);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      const lines = readFileSync(path, "utf8").split("\n").length;
      for (const [, line] of stderr.matchAll(/--> .*:(\d+):\d+$/gm))
        expect(Number(line)).toBeLessThanOrEqual(lines);
      expect(stderr).toMatch(/^error\[E0\d+\]/m);
      expect(stderr).not.toMatch(/^appl:/m);
    },
  );
});
