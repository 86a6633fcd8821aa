import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { recordingTerminal } from "../terminal.ts";
import { type Keyboard, password } from "./password.ts";

const folder = mkdtempSync(join(tmpdir(), "appl-password-"));
afterAll(() => rmSync(folder, { recursive: true }));

class Keys extends EventEmitter implements Keyboard {
  readonly isTTY = true;
  raw = false;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  resume(): void {}
  pause(): void {}
  ahead = "";
  unshift(bytes: Uint8Array): void {
    this.ahead += Buffer.from(bytes).toString();
  }
}

async function typing(...pieces: readonly (string | Uint8Array)[]) {
  const [keys, terminal] = [new Keys(), recordingTerminal()];
  const given = password(undefined, "password", terminal, keys);
  expect(keys.raw).toBe(true);
  for (const piece of pieces) keys.emit("data", Buffer.from(piece));
  try {
    return await given;
  } finally {
    expect(keys.raw).toBe(false);
    expect(keys.listenerCount("data")).toBe(0);
    // What is typed is seen nowhere.
    expect(terminal.stderr).toBe("password: \n");
  }
}

test("what is typed is taken up to the end of the line, and can be corrected", async () => {
  expect(await typing("geheim\r")).toBe("geheim");
  expect(await typing("ab", "\x7f", "c\n")).toBe("ac");
  expect(await typing("wrong\x15right\r")).toBe("right");
  expect(await typing(Buffer.from("ü").subarray(0, 1), Buffer.from("ü").subarray(1), "𝄞\x7f!\r")).toBe("ü!");
});

test("what was typed ahead is left for who asks next", async () => {
  const keys = new Keys();
  const given = password(undefined, "password", recordingTerminal(), keys);
  keys.emit("data", Buffer.from("one\rtwö\r"));
  expect([await given, keys.ahead]).toEqual(["one", "twö\r"]);
});

test("Ctrl-C ends it, and the terminal is as it was", async () => {
  await expect(typing("x\x03")).rejects.toMatchObject({ code: 130 });
});

test("a file has it in its first line", async () => {
  const file = join(folder, "password");
  writeFileSync(file, "secret words\r\nmore\n");
  const [terminal, keys] = [recordingTerminal(), new Keys()];
  expect(await password(file, "?", terminal, keys)).toBe("secret words");
  writeFileSync(file, "\n");
  await expect(password(file, "?", terminal, keys)).rejects.toThrow("there is no password in");
  await expect(password(join(folder, "none"), "?", terminal, keys)).rejects.toThrow("cannot read");
});

test("without a terminal nobody is asked", async () => {
  const keys = Object.assign(new Keys(), { isTTY: false });
  await expect(password(undefined, "?", recordingTerminal(), keys)).rejects.toThrow("there is no terminal");
});
