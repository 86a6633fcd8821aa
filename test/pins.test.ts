/**
 * Pins, rules, JSON and actions in an emulator: `actions.appl` on QEMU's `sifive_u`, whose pins are those of the chip. curl asks, and the levels of the pins are
 * read and set from outside the machine.
 */
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Booted, boot, imageOf, temporaryFolder } from "./appliance.ts";
import { curl } from "./curl.ts";
import { hashOf, TOKEN } from "./passwords.ts";
import { Qtest } from "./qtest.ts";

/** Registers of the pins: FU540-C000 manual, chapter 17. */
const GPIO = 0x1006_0000;
const OUTPUT_ENABLE = GPIO + 0x08;
const PORT = GPIO + 0x0c;
const PULL_UP = GPIO + 0x10;
const [FLOAT, PUMP, LAMP, SDA, SCL] = [3, 4, 5, 13, 14];

const qtest = new Qtest();
let running: Booted;
beforeAll(async () => {
  const slots = join(temporaryFolder(), "slots");
  writeFileSync(slots, `http/admin=${hashOf("right", 2000)}\nhttp/token=${TOKEN}\n`);
  running = await boot(await imageOf("test/actions.appl", "unleashed"), {
    system: "riscv64",
    machine: "sifive_u",
    networks: [{ address: "10.0.2.15", ports: [80] }],
    args: [...qtest.args, "-initrd", slots],
  });
}, 180_000);
afterAll(async () => {
  qtest.close();
  await running?.stop();
});

const at = (path: string): string => `http://127.0.0.1:${running.port}${path}`;
/** A contact to ground: QEMU has a line low that nothing pulls up. */
async function contact(number: number, isClosed: boolean): Promise<void> {
  const others = (await qtest.word(PULL_UP)) & ~(1 << number);
  await qtest.setWord(PULL_UP, isClosed ? others : others | (1 << number));
}
const pin = async (register: number, number: number) => ((await qtest.word(register)) >> number) & 1;
/** Status, and what of the head is asked for. */
const status = async (...args: string[]): Promise<string> =>
  (await curl("-o", "/dev/null", "-w", "%{http_code}", ...args)).toString();
const state = async (): Promise<unknown> => JSON.parse((await curl(at("/api/state"))).toString());

test("from the start outputs have their safe level, the bus is free, and values say so", async () => {
  expect(await pin(PORT, PUMP)).toBe(0);
  expect(await pin(PORT, LAMP)).toBe(1);
  for (const output of [PUMP, LAMP]) expect(await pin(OUTPUT_ENABLE, output)).toBe(1);
  for (const other of [FLOAT, SDA, SCL]) expect(await pin(OUTPUT_ENABLE, other)).toBe(0);
  // Nobody is on the bus: the sensor's value is not known.
  expect(await state()).toEqual({ temp: null, float: false, lamp: false, pump: false });
  await running.qemu.waitFor("shed.local");
});

test("a contact that closes switches the lamp, and its opening switches it off again", async () => {
  await contact(FLOAT, true);
  await vi.waitFor(async () => expect(await pin(PORT, LAMP)).toBe(0), { timeout: 10_000 });
  expect(await state()).toMatchObject({ float: true, lamp: true });
  await contact(FLOAT, false);
  await vi.waitFor(async () => expect(await pin(PORT, LAMP)).toBe(1), { timeout: 10_000 });
  expect(await state()).toMatchObject({ float: false, lamp: false });
});

describe("curl", () => {
  test.each([
    ["nobody", [], "401"],
    ["a wrong password", ["-u", "admin:wrong"], "401"],
    ["another name", ["-u", "root:right"], "401"],
    ["another site's page", ["-u", "admin:right", "-H", "Sec-Fetch-Site: cross-site"], "403"],
    ["a body", ["-u", "admin:right", "-d", "x=1"], "413"],
  ])("of %s switches nothing", async (_, args, expected) => {
    expect(await status("-X", "POST", ...args, at("/api/pump"))).toBe(expected);
    expect(await pin(PORT, PUMP)).toBe(0);
  });

  test.each([
    [["-X", "GET"], "POST, OPTIONS"],
    [["--head"], "POST, OPTIONS"],
    [["-X", "PUT", "-H", "Content-Length: 0"], "POST, OPTIONS"],
    [["-X", "DELETE"], "POST, OPTIONS"],
  ])("hears that %s is not allowed, and what is", async (args, allow) => {
    const said = await curl("-o", "/dev/null", "-w", "%{http_code} %header{allow}", ...args, at("/api/pump"));
    expect(said.toString()).toBe(`405 ${allow}`);
  });

  test("with the password switches the pump on", async () => {
    expect(await status("-X", "POST", "-u", "admin:right", at("/api/pump"))).toBe("204");
    expect(await pin(PORT, PUMP)).toBe(1);
    expect(await state()).toMatchObject({ pump: true });
  });

  test("with the token sees what is for those who have it, and without hears which kind is wanted", async () => {
    const bearer = ["-H", `Authorization: Bearer ${TOKEN}`];
    expect(JSON.parse((await curl(...bearer, at("/api/token"))).toString())).toHaveProperty("pump");
    const refused = await curl("-i", at("/api/token"));
    expect(refused.toString()).toMatch(
      /^HTTP\/1\.1 401 .*\r\nWWW-Authenticate: Bearer realm="appliance"\r\n/s,
    );
    expect(await status("-X", "PUT", ...bearer, at("/api/short"))).toBe("204");
  });

  test("gets the head alone for HEAD, also while its password is looked at, on a connection that goes on", async () => {
    const head = await curl("-I", at("/api/ours"), "-u", "admin:right", "--next", "-sS", at("/api/state"));
    const [first, body] = head.toString().split("\r\n\r\n");
    expect(first).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Content-Length: \d+/s);
    expect(JSON.parse(body!)).toHaveProperty("pump");
  });

  test("asked many times at once, while passwords are looked at, hears only 401 and 503", async () => {
    const said = await Promise.all(
      Array.from({ length: 12 }, (_, n) => status("-X", "POST", "-u", `admin:wrong${n}`, at("/api/pump"))),
    );
    expect(said).toContain("401");
    expect(said.filter((code) => code !== "401" && code !== "503")).toEqual([]);
    expect(await status(at("/api/state"))).toBe("200");
  });
});

test("requests that come in one go are answered in their order", async () => {
  const request = (method: string, path: string, more = "") =>
    `${method} ${path} HTTP/1.1\r\nHost: shed\r\n${more}\r\n`;
  const basic = `Authorization: Basic ${Buffer.from("admin:other").toString("base64")}\r\n`;
  const socket = connect(running.port, "127.0.0.1");
  socket.write(
    [
      request("GET", "/api/state"),
      request("POST", "/api/pump", `${basic}Content-Length: 0\r\n`),
      request("HEAD", "/api/state"),
      request("DELETE", "/api/state"),
      request("GET", "/none"),
      request("OPTIONS", "/api/pump", "Connection: close\r\n"),
    ].join(""),
  );
  const answers = (await text(socket)).match(/HTTP\/1\.1 \d+/g);
  expect(answers).toEqual([200, 401, 200, 405, 404, 204].map((code) => `HTTP/1.1 ${code}`));
});
