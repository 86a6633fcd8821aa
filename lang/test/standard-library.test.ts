import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { libraryOf } from "#compiler";
import { configure, type Files, plain, renderAll, Sources } from "#lang";
import { someMachine } from "./libraries.ts";
import { libraryPaths, repositoryFiles, standardLibraries } from "./standard-libraries.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root));
const files = repositoryFiles;
const libraries = standardLibraries;
/** Every library file of the repository, by the path of the library. */
const texts = new Map<string, { path: string; text: string }>();
for (const path of libraryPaths) texts.set(libraryOf(path) ?? path, { path, text: read(path).toString() });

function run(path: string, ofTarget: readonly string[] = []) {
  const machines = { ...someMachine, librariesOf: () => ofTarget };
  const done = configure({ path, files, libraries, machines });
  return { ...done, text: renderAll(done.diagnostics, new Sources(files), plain) };
}

test.each([...texts.keys()])("%s has no errors", (library) => {
  const description = `appl 1\n\nuse ${library}\n\nappliance a {\n}\n`;
  const withIt: Files = {
    read: (path) => (path === "t.appl" ? new TextEncoder().encode(description) : files.read(path)),
    list: () => undefined,
  };
  const { diagnostics } = configure({ path: "t.appl", files: withIt, libraries, machines: someMachine });
  expect(renderAll(diagnostics, new Sources(withIt), plain)).toBe("");
});

test("every library lies where its name says", () => {
  const said = [...texts.values()].map(({ text }) => /^library ([\w/]+)$/m.exec(text)?.[1]);
  expect(said).toEqual([...texts.keys()]);
});

test("files that libraries name are there", () => {
  const named = [...texts.values()].flatMap(({ path, text }) =>
    [...text.matchAll(/(?:source =|code as|code prepare) "(\.\/[^"]+)"/g)].map(
      ([, file]) => new URL(file!, new URL(path, root)),
    ),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !existsSync(file)).map(({ pathname }) => pathname)).toEqual([]);
});

test("the example is a configuration whose modules and files are all there", () => {
  const { configurations, text, reads } = run("examples/ns1/ns1.appl");
  expect(text).toBe("");
  expect(configurations[0]?.modules.map(({ module }) => module.path)).toEqual(["std/dns", "std/net"]);
  expect(reads).toContain("examples/ns1/example.org.zone");
});

test("modules of the target are told from others", () => {
  const backends = [...texts.keys()].filter((path) => path.startsWith("backend/"));
  for (const backend of backends) {
    const { configurations } = run("examples/ns1/ns1.appl", [backend]);
    const own = configurations[0]?.libraries.filter(({ ofTarget }) => ofTarget).map(({ path }) => path);
    expect(own).toEqual([backend]);
  }
});
