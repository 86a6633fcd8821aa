/** `appl fmt` on files, folders and standard input. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { applProcess, requireBundle } from "./cli-process.ts";
import { appl, applJson } from "./command.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
requireBundle();
const crooked = "appl 1\n\n\nuse  std/net # why\nlet a=[1,2]\n";
const straight = "appl 1\n\nuse std/net  # why\nlet a = [1, 2]\n";
const faulty = "appl 1\nlet  a  = 1\nlet  b  = = 2\n";

mkdirSync(at("inner/.hidden"), { recursive: true });
mkdirSync(at("inner/node_modules"));

function reset(): void {
  writeFileSync(at("a.appl"), crooked);
  writeFileSync(at("inner/b.appl"), crooked);
  writeFileSync(at("inner/c.appl"), straight);
  for (const name of ["inner/.hidden/d.appl", "inner/node_modules/e.appl", "inner/f.txt"])
    writeFileSync(at(name), crooked);
}

test("a folder: every description in it, and nothing else", async () => {
  reset();
  const names = `${at("a.appl")}\n${at("inner/b.appl")}\n`;
  expect(await appl("fmt", "--check", folder)).toEqual({ code: 1, stdout: names, stderr: "" });
  expect(readFileSync(at("a.appl"), "utf8")).toBe(crooked);
  expect(await appl("fmt", folder)).toEqual({ code: 0, stdout: names, stderr: "" });
  for (const name of ["a.appl", "inner/b.appl", "inner/c.appl"])
    expect(readFileSync(at(name), "utf8")).toBe(straight);
  for (const name of ["inner/.hidden/d.appl", "inner/node_modules/e.appl", "inner/f.txt"])
    expect(readFileSync(at(name), "utf8")).toBe(crooked);
  expect(await appl("fmt", "--check", folder)).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(readdirSync(folder).toSorted()).toEqual(["a.appl", "inner"]);
});

test("a file by name, whatever its ending; several at once", async () => {
  reset();
  const { files } = await applJson<{ files: unknown }>("fmt", at("inner/f.txt"), at("inner/c.appl"));
  expect(files).toEqual([
    { file: at("inner/f.txt"), state: "changed", diagnostics: [] },
    { file: at("inner/c.appl"), state: "same", diagnostics: [] },
  ]);
  expect(readFileSync(at("inner/f.txt"), "utf8")).toBe(straight);
});

test("a declaration with a mistake stays as it is, and the mistake is said", async () => {
  writeFileSync(at("faulty.appl"), faulty);
  const { code, stderr } = await appl("fmt", at("faulty.appl"));
  expect(code).toBe(1);
  expect(stderr).toContain("error[E0001]");
  expect(stderr).toContain(`${at("faulty.appl")}:3:11`);
  expect(readFileSync(at("faulty.appl"), "utf8")).toBe("appl 1\nlet a = 1\nlet  b  = = 2\n");
});

test("standard input to standard output", () => {
  expect(applProcess(["fmt", "--stdin"], { input: crooked })).toMatchObject({ code: 0, stdout: straight });
  expect(applProcess(["fmt", "--stdin", "--check"], { input: crooked })).toMatchObject({
    code: 1,
    stdout: "",
  });
  const { code, stdout, stderr } = applProcess(["fmt", "--stdin"], { input: faulty });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "appl 1\nlet a = 1\nlet  b  = = 2\n" });
  expect(stderr).toContain("standard input:3:11");
});

test("what is not there, and what is no text", async () => {
  expect(await appl("fmt", at("none.appl"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no file"),
  });
  writeFileSync(at("binary.appl"), Buffer.from([0, 1, 2, 255]));
  expect(await appl("fmt", at("binary.appl"))).toMatchObject({ code: 1, stdout: "" });
  expect(readFileSync(at("binary.appl"))).toEqual(Buffer.from([0, 1, 2, 255]));
});
