/** Examples on the board of QEMU that stands for an ESP32: asked as on other machines; and what machine code for Xtensa is made of. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, isas } from "#codegen";
import { type Booted, boot, imageOf, type Network } from "./appliance.ts";
import { curl } from "./curl.ts";
import { digShort } from "./dig.ts";
import { floodWhileStopped } from "./flood.ts";

const system = "xtensa";
const file = (path: string): Buffer => readFileSync(`examples/www/public/${path}`);
/** Made before anything is booted, one after the other. */
const images = (async () => {
  const ns1 = await imageOf("examples/ns1/ns1.appl", "esp32");
  const www = await imageOf("examples/www/www.appl", "esp32");
  return { ns1, www };
})();

describe("the DNS server", () => {
  let running: Booted;
  beforeAll(async () => {
    running = await boot((await images).ns1, { system });
  });
  afterAll(() => running?.stop());

  test.each([
    ["www.example.com A", "192.0.2.80"],
    ["www.example.com AAAA", "2001:db8:53::80"],
    ["missing.example.com A", ""],
    ["_sip._tcp.example.org SRV", "0 5 5060 sip.example.org."],
    ["anything.dyn.example.org A", "192.0.2.99"],
    ["+tcp www.example.com A", "192.0.2.80"],
  ])("answers %s", async (question, answer) => {
    expect(await digShort(running.port, ...question.split(" "))).toBe(answer);
  });

  test("a hundred questions, one after the other, are all answered", async () => {
    const names = Array.from({ length: 100 }, (_, n) => `h${n}.dyn.example.org`);
    const found = await digShort(running.port, ...names);
    expect(found.split("\n")).toEqual(names.map(() => "192.0.2.99"));
  });

  test("more frames than there are buffers, to none of which it answers, do not stop it", async () => {
    await floodWhileStopped(running);
    expect(await digShort(running.port, "www.example.com")).toBe("192.0.2.80");
    expect(running.console()).not.toContain("restart");
  });
});

describe("the static site", () => {
  const networks: readonly Network[] = [{ address: "10.0.2.15", ports: [80], protocol: "tcp" }];
  let running: Booted;
  let site: string;
  beforeAll(async () => {
    running = await boot((await images).www, { system, networks });
    site = `http://127.0.0.1:${running.port}`;
  });
  afterAll(() => running?.stop());

  test("curl gets files as they are, in a smaller form, and in parts", async () => {
    expect(await curl(`${site}/`)).toEqual(file("index.html"));
    expect(await curl("--compressed", `${site}/assets/site.css`)).toEqual(file("assets/site.css"));
    expect(await curl("-r", "100-199", `${site}/assets/icon.svg`)).toEqual(
      file("assets/icon.svg").subarray(100, 200),
    );
  });

  test("its answers say what the description says, and no day: nobody knows it there (RFC 9110 6.6.1)", async () => {
    const head = (await curl("-I", `${site}/assets/site.css`)).toString();
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r$/m);
    expect(head).toMatch(/^Cache-Control: public, max-age=31536000, immutable\r$/m);
    expect(head).not.toMatch(/^Date:/m);
    const tag = /^ETag: (.*)\r$/m.exec(head)![1]!;
    const again = await curl("-i", "-H", `If-None-Match: ${tag}`, `${site}/assets/site.css`);
    expect(again.toString()).toMatch(/^HTTP\/1\.1 304 Not Modified\r\n[\s\S]*\r\n\r\n$/);
  });

  test("redirects lead where they should, and what is not there is said to be", async () => {
    const to = (path: string, ...more: string[]) =>
      curl("-o", "/dev/null", "-w", "%{http_code} %header{location}", ...more, `${site}${path}`);
    expect(String(await to("/2026/11/hello/"))).toBe("301 /posts/hello/");
    expect(String(await to("/x?y=1", "-H", "Host: example.com"))).toBe("308 http://www.example.com/x");
    expect(await curl(`${site}/nothing`)).toEqual(file("404.html"));
  });

  test("thirty connections at once", async () => {
    const all = Array.from({ length: 30 }, () => curl(`${site}/posts/numbers/`));
    for (const got of await Promise.all(all)) expect(got).toEqual(file("posts/numbers/index.html"));
    expect(running.console()).not.toContain("restart");
  });
});

/** What both ESP32's LX6 and the core of the tests carry out, each tried on both, of what the assembler can write. */
const both = new Set(
  (
    "abs add.n addi addi.n addmi addx2 addx4 addx8 and ball bany bbci bbsi beq beqi beqz beqz.n bge bgei bgeu bgeui bgez blt blti " +
    "bltu bltui bltz bnall bne bnei bnez bnez.n bnone call0 callx0 extui ill.n j jx l16si l16ui l32i l32i.n l32r l8ui max maxu min minu " +
    "mov.n moveqz movgez movi movi.n movltz movnez mul16u mull neg nsau or quos quou rems remu ret.n s16i s32i s32i.n s8i sext sll " +
    "slli sra srai src srl srli ssai ssl ssr sub subx2 subx4 subx8 xor memw waiti"
  ).split(" "),
);

test("compiled code is made of what ESP32 and the core of these tests both have", async () => {
  const wasm = await imageOf("examples/www/www.appl", "host");
  const { code } = compile(wasm, "xtensa");
  const found = new Set<string>();
  for (const { bytes, symbols } of code)
    for (let at = symbols[0]!.offset; at < bytes.length; ) {
      const decoded = isas.xtensa.decode(bytes, at);
      found.add(decoded?.mnemonic ?? `?${bytes[at]}`);
      at += decoded?.size ?? bytes.length;
    }
  expect([...found].filter((mnemonic) => !both.has(mnemonic))).toEqual([]);
  expect(found.size).toBeGreaterThan(40);
});
