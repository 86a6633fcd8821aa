/** The manual, word by word: what it shows is what happens. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "../cli/commands.ts";
import { exit } from "../cli/exit.ts";
import { machines, temporaryFolder } from "./appliance.ts";
import { applProcess, requireBundle } from "./cli-process.ts";
import type { Ran } from "./command.ts";
import { shows } from "./shown.ts";

const pages = [
  "README.md",
  "docs/tutorial.md",
  "docs/tutorial-site.md",
  "docs/tutorial-esp32.md",
  "docs/targets/esp32.md",
  "docs/commands.md",
  "docs/limits.md",
  "docs/reports.md",
  "docs/simulate.md",
  "docs/why-did-my-image-change.md",
  "docs/supply-chain.md",
  "docs/when-it-traps.md",
  "docs/targets/linux.md",
  "CONTRIBUTING.md",
];
const readme = readFileSync("README.md", "utf8");
const tutorial = readFileSync("docs/tutorial.md", "utf8");
const manual = readFileSync("docs/commands.md", "utf8");

/** Contents of the fenced blocks of a language. */
const blocks = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text]) => text!);

/** Command lines of a page, without what follows a `#`. */
const lines = (page: string): string[][] =>
  blocks(page, "sh")
    .flatMap((block) => block.split("\n"))
    .filter((line) => line.startsWith("npx appl "))
    .map((line) =>
      line
        .replace(/\s+#.*/, "")
        .split(/\s+/)
        .slice(2),
    );

describe.each(pages)("%s", (path) => {
  const page = readFileSync(path, "utf8");

  test("names commands and options that there are", () => {
    const said = [
      ...lines(page),
      ...[...page.matchAll(/`appl ([^`]+)`/g)].map(([, text]) => text!.split(" ")),
    ];
    for (const [name, ...words] of said) {
      // `appl 1` is the first line of a description
      if (name!.startsWith("-") || ["help", "COMMAND", "1"].includes(name!)) continue;
      const row = commands.find((each) => each.name === name);
      expect(row, `appl ${name}`).toBeDefined();
      const flags = row!.options.map((option) => option.flags).join(" ");
      for (const word of words.filter((each) => /^-/.test(each)))
        expect(`${flags} --json --help`).toContain(word);
    }
  });

  test("leads to files that there are", () => {
    const folder = dirname(path);
    for (const [, to] of page.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(
        () => cpSync(join(folder, to!), join(temporaryFolder(), "x"), { recursive: true }),
        to,
      ).not.toThrow();
  });
});

describe("docs/commands.md", () => {
  test.each(commands.map((row) => [row.name, row] as const))(
    "has %s with its arguments and options",
    (name, row) => {
      const [, heading, text] = new RegExp(
        `^## \`appl (${name}[^\`]*)\`\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`,
        "m",
      ).exec(manual)!;
      expect(heading).toContain([name, ...row.args.map(({ shown }) => shown)].join(" "));
      for (const { flags } of row.options) expect(text).toContain(flags.split(/[ ,]/)[0]);
    },
  );

  test("has every exit code", () => {
    expect([...manual.matchAll(/^\| (\d) +\|/gm)].map(([, code]) => Number(code))).toEqual(
      Object.values(exit),
    );
  });

  test("has every machine that is tested", () => {
    for (const machine of Object.keys(machines)) expect(manual).toContain(machine.replace(/,.*/, ""));
  });
});

describe("what is shown is what happens", () => {
  const folder = temporaryFolder();
  const description = blocks(tutorial, "appl")[0]!;
  const path = join(folder, "hello/hello.appl");
  const shown = blocks(tutorial, "text");
  const outputs = new Map<string, Ran>();

  beforeAll(() => {
    requireBundle();
    mkdirSync(join(folder, "hello"));
    writeFileSync(path, description);
    cpSync("examples", join(folder, "examples"), { recursive: true });
    for (const argv of [...lines(tutorial), ...lines(readme)])
      if (!["run", "--help"].includes(argv[0]!))
        outputs.set(argv.join(" "), applProcess(argv, { cwd: folder }));
  });

  test("every command of the README and of the tutorial works", () => {
    expect(outputs.size).toBeGreaterThan(7);
    for (const [line, { code, stderr }] of outputs)
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: "" });
  });

  test.each([
    ["check hello/hello.appl", 0],
    ["build hello/hello.appl@kvm -o hello.elf", 3],
    ["why hello/hello.appl@kvm std/net/arp", 4],
  ])("the tutorial's %s", (line, block) => {
    expect(outputs.get(line)!.stdout).toMatch(shows(shown[block]!));
  });

  test("the tutorial's mistake", () => {
    writeFileSync(path, description.replace("ttl = 5min", "ttl = 300"));
    const { code, stderr } = applProcess(["check", "hello/hello.appl"], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(shows(shown[1]!));
    for (const [from, to, says] of [
      ["address = 10", "adress = 10", "did you mean `address`?"],
      ["10.0.2.15/24", "10.0.2.300/24", "300 is above 255"],
    ] as const) {
      writeFileSync(path, description.replace(from, to));
      expect(applProcess(["check", "hello/hello.appl"], { cwd: folder }).stderr).toContain(says);
    }
  });

  test("the tutorial's zone file, and the README's description", () => {
    const zone = blocks(tutorial, "appl")[1]!.replaceAll("\n", "\n    ");
    cpSync("examples/ns1/example.org.zone", join(folder, "hello/example.org.zone"));
    writeFileSync(path, description.replace("  dns {\n", `  dns {\n    ${zone}\n`));
    expect(applProcess(["check", "hello/hello.appl"], { cwd: folder })).toMatchObject({
      code: 0,
      stderr: "",
    });
    writeFileSync(path, blocks(readme, "appl")[0]!);
    expect(applProcess(["check", "hello/hello.appl"], { cwd: folder })).toMatchObject({
      code: 0,
      stderr: "",
    });
  });
});

/** How a command of a page ends, by what it prints. */
const ends: Readonly<Record<string, (stdout: string) => number>> = {
  "docs/why-did-my-image-change.md": (stdout) =>
    /built differently|identical|^before/m.test(stdout) ? 0 : 1,
  "docs/supply-chain.md": () => 0,
  "docs/when-it-traps.md": () => 0,
};

describe.each(Object.entries(ends))("%s", (path, codeOf) => {
  const folder = temporaryFolder();
  const page = readFileSync(path, "utf8");
  /** Blocks in order: commands, and behind them what the last one prints. */
  const all = [...page.matchAll(/^```(sh|text)\n([\s\S]*?)^```/gm)].map(([, language, text]) => ({
    language,
    text: text!,
  }));
  const steps = all.flatMap((block, n) => {
    const next = all[n + 1];
    return block.language === "sh"
      ? [{ script: block.text, wanted: next?.language === "text" ? next.text : undefined }]
      : [];
  });

  test("what is shown is what happens, one step after the other", () => {
    requireBundle();
    cpSync("examples", join(folder, "examples"), { recursive: true });
    for (const { script, wanted } of steps) {
      let last = "";
      for (const line of script.trimEnd().split("\n")) {
        const [, words] = /^npx appl (.*)$/.exec(line) ?? [];
        if (words === undefined) last = execFileSync("sh", ["-c", line], { cwd: folder, encoding: "utf8" });
        else {
          const { code, stdout, stderr } = applProcess(words.split(" "), { cwd: folder });
          expect({ line, stderr }).toEqual({ line, stderr: "" });
          expect({ line, code }).toEqual({ line, code: codeOf(stdout) });
          last = stdout;
        }
      }
      if (wanted !== undefined) expect(last).toMatch(shows(wanted));
    }
    expect(steps.length).toBeGreaterThan(3);
  });
});
