import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MemoryFiles, parse, renderAll, Sources } from "#lang";
import { Grammar } from "../syntax/grammar.ts";
import { lexer } from "../syntax/lexer.ts";
import { examples, faulty } from "./syntax-files.ts";

test("the grammar has no ambiguity with two tokens of lookahead", () => {
  expect(() => new Grammar(true)).not.toThrow();
});

test("the lexer's tokens are all reachable and found by their first character", () => {
  expect(lexer(true).lexerDefinitionErrors).toEqual([]);
});

describe("the examples parse without an error", () => {
  for (const { name, text } of examples)
    test(name, () => {
      const { ast, diagnostics } = parse(name, text);
      expect(diagnostics).toEqual([]);
      expect(ast.edition).toBe(1);
      expect(ast.items.length).toBeGreaterThan(2);
    });
});

describe("of the faulty ones only the one without its brace fails here", () => {
  for (const { name, text } of faulty)
    test(name, () => {
      const { diagnostics } = parse(name, text);
      const sources = new Sources(new MemoryFiles({ [name]: text }));
      const ideal = readFileSync(new URL("faulty/design/e09.ours.txt", import.meta.url), "utf8");
      expect(renderAll(diagnostics, sources)).toBe(name === "e09.appl" ? ideal : "");
    });
});

test("what is written behind a missing brace is still there", () => {
  const { ast } = parse("e09.appl", faulty.find(({ name }) => name === "e09.appl")!.text);
  expect(ast.items.map(({ kind }) => kind)).toEqual(["appliance", "target"]);
});

test("bytes with a byte order mark and CR LF give the same tree as a text", () => {
  const { text } = examples[0]!;
  const plain = parse("a", text).ast;
  expect(parse("a", new TextEncoder().encode(`\ufeff${text}`)).ast).toEqual(plain);
  const dos = parse("a", text.replaceAll("\n", "\r\n"));
  expect(dos.diagnostics).toEqual([]);
  expect(dos.ast.items.map(({ kind }) => kind)).toEqual(plain.items.map(({ kind }) => kind));
});

test("bytes that are not UTF-8 are told with their place, and the rest is read", () => {
  const bytes = new TextEncoder().encode('appl 1\nlet a = "caf?"\nlet b =\n');
  bytes[bytes.indexOf(0x3f)] = 0xe9;
  const { diagnostics } = parse("a", bytes);
  expect(diagnostics.map(({ code, primary }) => [code, primary.span.start])).toEqual([
    ["E0007", 19],
    ["E0001", 29],
  ]);
});

test("a binary file is no text, and too long a text is not read", () => {
  const codes = (content: Uint8Array | string) => parse("a", content).diagnostics.map(({ code }) => code);
  expect(codes(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0]))).toEqual(["E0007"]);
  expect(codes(new Uint8Array([0xff, 0xfe, 0x61, 0]))).toEqual(["E0007"]);
  expect(codes(`appl 1\n${"#".repeat(3 * 1024 * 1024)}`)).toEqual(["E0014"]);
  expect(codes("")).toEqual(["E0008"]);
});

test("a block may have a thousand settings", () => {
  const body = Array.from(
    { length: 1000 },
    (_, n) => `  host "h${n}" { address = [192.0.2.${n % 256}]; ttl = 5min }`,
  );
  const text = `appl 1\nappliance a {\n${body.join("\n")}\n}\n`;
  const { ast, diagnostics } = parse("a", text);
  expect(diagnostics).toEqual([]);
  expect(ast.items[0]).toMatchObject({ kind: "appliance", body: { items: { length: 1000 } } });
});
