import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configure, type Files, MemoryFiles, MemoryLibraries, plain, renderAll, Sources } from "#lang";
import { defaultsOf } from "../build/configured.ts";
import { Places } from "../build/places.ts";
import { overBudget } from "./budget.ts";

/** The libraries of the tenth faulty program, cut to what a budget asks for, with the sizes that its message tells of. */
const libraries = new MemoryLibraries({
  "std/board": `appl 1
library std/board
type Board = { name: Str, backend: Str, arch: Str = "", kind: physical | virtual = physical, memory: Size = 400KiB, flash: Size? = 4MiB, base: { flash: Size = 0B, ram: Size = 0B } = {} }
block Budget { option flash : Size? = none; option ram : Size? = none }
block Update { option slots : Int = 2 }
block Target { option board : Board; maybe budget : Budget; maybe update : Update }
`,
  "std/board/esp32_c3": `appl 1
library std/board/esp32_c3
use std/board
let devkitm_1 : board.Board = { name = "C3", backend = "esp32", base = { flash = 400KiB, ram = 40KiB } }
let measured : board.Board = { name = "C3", backend = "esp32", arch = "riscv32" }
let vm : board.Board = { name = "VM", backend = "esp32", kind = virtual, base = { flash = 400KiB } }
`,
  "std/net": `appl 1
library std/net
interface Stack {}
interface Radio {}
module stack {
  offers Stack
  size { flash = 143KiB; ram = 30KiB }
}
`,
  "std/echo":
    'appl 1\nlibrary std/echo\nmodule echo { size { flash = 100KiB; ram = 1KiB } code as "./index.ts" { hooks = [] } }\n',
  "std/plain": "appl 1\nlibrary std/plain\nmodule plain { option log : Bool = false }\n",
  "std/tls": `appl 1
library std/tls
interface Sessions {}
module tls {
  offers Sessions
  option handshakes : Int in 1..64 = 4
  option tickets    : Bool = false
  check not tickets or handshakes >= 8, "tickets want eight handshakes"
  size { flash = 214KiB; ram = 8KiB * handshakes }     ## handshake + x509
}
`,
  "std/wifi": `appl 1
library std/wifi
use std/net
type Passphrase = Str
module wifi : Str {
  needs stack : net.Stack
  needs radio : net.Radio
  option ssid       : Str
  option passphrase : Secret<Passphrase>
  option country    : Str
  size { flash = 688KiB; ram = 60KiB }                 ## driver + supplicant
}
`,
  "std/http": `appl 1
library std/http
use std/net
use std/tls
block Listen { option plain : SocketAddr? = none; option secure : SocketAddr? = none }
block Files : HttpPath { option root : Dir }
block Server : Str { blocks files : Files }
module http {
  needs net : net.Stack
  needs tls : tls.Sessions when secure
  one    listen : Listen
  option log    : Bool = false
  blocks server : Server
  part secure when listen.secure != none
  part log    when log
  size { flash = 61KiB; ram = 10KiB }
  size log { flash = 40KiB }                           ## log
}
`,
});

const panel = Object.fromEntries(
  Array.from({ length: 14 }, (_, n) => [`panel/${n}.html`, "x".repeat(14 * 1024)]),
);

/** What a budget says of a description. */
function said(description: string): string {
  const files: Files = new MemoryFiles({ ...panel, "e10.appl": description });
  const { configurations, diagnostics } = configure({
    path: "e10.appl",
    files,
    libraries,
    machines: { target: { library: "std/board", block: "Target" }, known: [], librariesOf: () => undefined },
  });
  expect(renderAll(diagnostics, new Sources(files), plain)).toBe("");
  const places = new Places({ files, libraries: new MemoryFiles({}) });
  const found = configurations.flatMap((each) =>
    overBudget(each, { roots: [], defaults: defaultsOf(each) }, places),
  );
  return renderAll(found, new Sources(files), plain);
}

const e10 = readFileSync(new URL("../../lang/test/faulty/design/e10.appl", import.meta.url), "utf8");
const inTarget = (body: string): string => e10.replace("budget { flash = 1536KiB; ram = 200KiB }", body);

test("the tenth faulty program: too big, said before compiling", () => {
  expect(
    said(e10),
  ).toBe(`error[E0801]: greenhouse needs 1702KiB of flash on \`c3\`, 166KiB more than its budget
   --> e10.appl:20:12
   |
20 |   budget { flash = 1536KiB; ram = 200KiB }
   |            ^^^^^^^^^^^^^^^ budget set here
   |
   = help: without \`secure = *:443\` std/tls goes too: 1488KiB, which fits
   = note: found before compiling, from the sizes that the libraries declare
       largest parts                   flash   asked for by
       std/wifi  driver + supplicant  688KiB   e10.appl:11  wifi station
       std/tls   handshake + x509     214KiB   e10.appl:13  secure  ->  std/http part \`secure\`
       ./panel   14 files             196KiB   e10.appl:8  dir "./panel"
       std/net/stack                  143KiB   e10.appl:12  http  ->  std/http
       start-up, 1 smaller part       461KiB
`);
});

test("what fits says nothing", () => {
  expect(said(inTarget("budget { flash = 1702KiB; ram = 172KiB }"))).toBe("");
});

test("memory is counted by itself, with what the configuration says of it", () => {
  const text = said(
    inTarget("budget { ram = 128KiB }")
      .replace("use std/http", "use std/http\nuse std/tls")
      .replace("  http {", "  tls { handshakes = 8 }\n  http {"),
  );
  expect(text).toContain("greenhouse needs 204KiB of RAM on `c3`, 76KiB more than its budget");
  expect(text).toMatch(/std\/tls +handshake \+ x509 +64KiB +e10.appl:13 {2}tls$/m);
});

test("a setting that could be less is named, but for one that a rule of its library forbids", () => {
  const helps = (tls: string) =>
    said(
      inTarget("budget { ram = 160KiB }")
        .replace("use std/http", "use std/http\nuse std/tls")
        .replace("  http {", `  tls { ${tls} }\n  http {`),
    )
      .split("\n")
      .filter((line) => line.includes("help:"));
  expect(helps("handshakes = 8")).toEqual([
    "   = help: with `tls { handshakes = 2 }` it is 156KiB, which fits",
  ]);
  expect(helps("handshakes = 8; tickets = true")).toEqual([]);
});

test("without a budget, a physical board's own memory is the limit: of its flash one slot", () => {
  expect(said(inTarget("update { slots = 4 }"))).toContain(
    "greenhouse needs 1702KiB of flash on `c3`, 678KiB more than one slot of the board has\n   --> e10.appl:18:8\n",
  );
  expect(said(inTarget("update { slots = 4 }"))).toContain(
    "= help: `./panel` has 196KiB, most of it in 0.html 14KiB, 1.html 14KiB, 10.html 14KiB: `skip = […]` leaves files out\n",
  );
  expect(said(inTarget("update { slots = 2 }"))).toBe("");
  expect(said(inTarget("update { slots = 4 }").replace("devkitm_1", "vm"))).toBe("");
});

test("of several settings that could go, those that are enough come first", () => {
  const logging = inTarget("budget { flash = 1536KiB }").replace("  http {", "  http {\n    log = true");
  const helps = said(logging)
    .split("\n")
    .filter((line) => line.includes("help:"));
  expect(helps).toEqual([
    "   = help: without `secure = *:443` std/tls goes too: 1528KiB, which fits",
    "   = help: without `log = true` it is 1702KiB, still 166KiB too much",
  ]);
});

test("modules that say nothing of their size are named", () => {
  const description = inTarget("budget { flash = 1MiB }")
    .replace("use std/http", "use std/http\nuse std/plain")
    .replace("  http {", "  plain {}\n  http {");
  expect(said(description)).toContain(
    "= note: not counted, since nothing is known of their size: std/plain\n",
  );
});

test("code of the standard is counted as it is on that processor, by a factor that was measured", () => {
  const echo = (budget: string) => `appl 1
use std/echo
use std/board/esp32_c3
appliance a { echo { } }
target c3 { board = esp32_c3.measured; budget { ${budget} } }
`;
  const text = said(echo("flash = 164KiB"));
  expect(text).toMatch(/^error\[E0801\]: a needs 165KiB of flash on `c3`, 1KiB more than its budget\n/);
  expect(text).toContain("declare; their code is counted as 165 % of that for x86-64\n");
  expect(said(echo("flash = 165KiB; ram = 1KiB"))).toBe("");
});
