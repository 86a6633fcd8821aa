import { expect, test } from "vitest";
import { backends } from "#backends";
import { librariesFrom } from "#compiler";
import { configure, MemoryFiles, plain, renderAll, Sources, settingsOf, toJsonValue } from "#lang";
import { machinesOf } from "../../compiler/build/configured.ts";
import { pinAbilities } from "../types/devices.ts";
import { libraryPaths, repositoryFiles, standardLibraries } from "./standard-libraries.ts";

/** The configuration of a description, and what is wrong with it. */
function run(description: string, libraries = standardLibraries) {
  const files = new MemoryFiles({ "t.appl": description });
  const done = configure({ path: "t.appl", files, libraries, machines: machinesOf(backends) });
  return { ...done, text: renderAll(done.diagnostics, new Sources(files), plain) };
}

const names = libraryPaths.flatMap((file) => /^backends\/\w+\/boards\/(\w+)\.appl$/.exec(file)?.[1] ?? []);

test.each([...names, "qemu"])("every board of std/board/%s can be a target", (library) => {
  const text = standardLibraries.find(`std/board/${library}`)!.text;
  // A board is what has a page of its own.
  const lets = text
    .split(/^(?=(?:let|fn|type) )/m)
    .map((it) => it.replace(/^#.*\n/gm, ""))
    .filter((it) => !it.includes("driven = false"));
  const all = lets.flatMap((it) => (it.includes("https://") ? (/^let (\w+)/.exec(it)?.[1] ?? []) : []));
  expect(all.length).toBeGreaterThan(0);
  const targets = all.map((name) => `target t_${name} { board = ${library}.${name} }`);
  const { configurations, diagnostics } = run(
    `appl 1\nuse std/board/${library}\nappliance a {}\n${targets.join("\n")}\n`,
  );
  // That nobody has tried it, is to be known.
  expect(diagnostics.filter(({ code }) => code !== "W0630")).toEqual([]);
  expect(configurations.map(({ target }) => target)).toEqual(all.map((name) => `t_${name}`));
});

test("adding a board is adding one file", () => {
  const file = "backends/riscv/boards/acme.appl";
  const text = `appl 1
library std/board/acme
use std/board
let one : board.Board = {
  name = "Acme One"; backend = "riscv"; arch = "riscv64"; kind = physical; memory = 64MiB
  pins = { "led" => { can = [output] } }
  docs = "https://acme.example/one"
}
`;
  const acme = new MemoryFiles({ [file]: text });
  const withAcme = librariesFrom({ read: (path) => acme.read(path) ?? repositoryFiles.read(path) }, () => [
    ...libraryPaths,
    file,
  ]);
  const description = `appl 1
use std/gpio
use std/board/acme
appliance a { gpio { output lamp { pin = led }; input key { pin = button } } }
target t { board = acme.one }
`;
  const { text: wrong } = run(description, withAcme);
  expect(wrong).toContain("error[E0602]: the board `acme.one` has no pin button");
  expect(wrong.match(/error\[/g)?.length).toBe(1);
});

test("a board may be described beside the appliance", () => {
  const { text, configurations } = run(`appl 1
use std/board
use std/gpio
let mine : board.Board = {
  name = "Mine"; backend = "kvm"; arch = "x86-64"; kind = virtual; memory = 32MiB
  docs = "https://example.org/mine"
}
appliance a { gpio { output lamp { pin = gpio77 } } }
target t { board = mine; memory = 64MiB; nics = 2; disks = 1; vcpus = 1 }
`);
  expect(text).toBe("");
  expect(configurations[0]?.backend).toBe("kvm");
});

test.each([
  ["board = esp32.wt32_eth01; memory = 1MiB", "Wireless-Tag WT32-ETH01 has 328KiB of memory"],
  ["board = riscv.visionfive2", "there is no driver yet for the network devices of StarFive VisionFive 2"],
  ["board = apu2.apu2e4; nics = 4", "PC Engines apu2e4 has 3 network devices"],
  ["board = riscv.hifive_unleashed; disks = 2", "SiFive HiFive Unleashed has 1 block devices"],
  ["board = esp32.wt32_eth01; vcpus = 3", "Wireless-Tag WT32-ETH01 has 2 processors at most"],
  [
    "board = apu2.apu2e4; budget { flash = 1MiB }",
    "PC Engines apu2e4 has no flash memory: say `image`, the size of the file",
  ],
  [
    "board = esp32.wt32_eth01; update { slots = 1 }",
    "an update needs a second slot to go into: with one, a failed update leaves nothing that starts",
  ],
  [
    "board = mine",
    "Mine does not say where it has what an image for 32 bits needs",
    'let mine : board.Board = { name = "Mine"; backend = "riscv32"; arch = "riscv32"; kind = virtual; memory = 32MiB; docs = "https://example.org/mine" }',
  ],
  ["board = esp32.wt32_eth1", "`esp32` declares no `wt32_eth1`"],
])("target { %s }", (body, message, before = "") => {
  const { text } = run(
    `appl 1\nuse std/board\nuse std/board/esp32\nuse std/board/apu2\nuse std/board/riscv\n${before}\nappliance a {}\ntarget t { ${body} }\n`,
  );
  expect(text).toContain(`: ${message}\n`);
  expect(text.match(/error\[/g)?.length).toBe(1);
});

test("boards say of pins what the language can ask for", () => {
  const said = /^type Ability = (.*)$/m.exec(standardLibraries.find("std/board")!.text)?.[1]?.split(" | ");
  expect(said).toEqual([...pinAbilities]);
});

test("defaults of limits follow from how much memory the machine has", () => {
  const description = `appl 1
use std/net
use std/http
use std/board/qemu
appliance a {
  net eth0 { address = 10.0.2.15/24 }
  http {
    listen { plain = *:80 }
    limits { idle = 5s; header = 2KiB }
    server all { reply "/" { body = "hello" } }
  }
}
target small { board = qemu.esp32 }
target large { board = qemu.x86_64 }
target given { board = qemu.x86_64; memory = 1023KiB }
target other { board = qemu.x86_64; memory = 1MiB }
`;
  const { configurations, text } = run(description);
  expect(text).toBe("");
  const limits = configurations.map((each) => {
    const { http } = toJsonValue(settingsOf(each)) as {
      http: { limits: { connections: number; header: string } };
    };
    return [each.target, http.limits.connections, http.limits.header];
  });
  expect(limits).toEqual([
    ["small", 16, "2KiB"],
    ["large", 4096, "2KiB"],
    ["given", 16, "2KiB"],
    ["other", 4096, "2KiB"],
  ]);
});
