import { describe, expect, test } from "vitest";
import { KeptTrees, keptTree } from "#lang";
import { parseText } from "../syntax/parse-memory.ts";
import { libraryPaths, repositoryFiles } from "./standard-libraries.ts";

describe.each(libraryPaths)("the kept tree of %s", (path) => {
  const text = new TextDecoder().decode(repositoryFiles.read(path));
  const parsed = parseText(path, text);

  test("is what parsing gives", () => {
    const kept = keptTree(path, text);
    expect(kept).toBeDefined();
    const found = new KeptTrees(() => kept).get(path, text);
    expect(found).toEqual(parsed);
    expect(found.ast).not.toBe(parsed.ast);
  });

  test("loses no node that stands at two places", () => {
    const seen = new Set<object>();
    const twice: string[] = [];
    const pending: unknown[] = [parsed.ast];
    for (let next = pending.pop(); pending.length > 0 || next !== undefined; next = pending.pop()) {
      if (typeof next !== "object" || next === null) continue;
      if ("kind" in next && seen.has(next)) twice.push(String(next.kind));
      seen.add(next);
      pending.push(...Object.values(next).filter((each) => each !== undefined));
    }
    expect(twice).toEqual([]);
  });
});

const text = "appl 1\n\nlibrary std/a\n\nlet x = 1\n";

test("the kept tree of another text is not taken", () => {
  const kept = keptTree("a.appl", text.replace("x", "y"));
  expect(new KeptTrees(() => kept).get("a.appl", text)).toEqual(parseText("a.appl", text));
});

test("bytes are parsed: nobody has decoded them yet", () => {
  const kept = keptTree("a.appl", text)!.replaceAll('"1"', '"2"');
  const bytes = new TextEncoder().encode(text);
  expect(new KeptTrees(() => kept).get("a.appl", bytes)).toEqual(parseText("a.appl", bytes));
  expect(new KeptTrees(() => kept).get("a.appl", text)).not.toEqual(parseText("a.appl", text));
});

test("a text with mistakes has no kept tree", () => {
  expect(keptTree("a.appl", "appl 1\nappliance {")).toBeUndefined();
});
