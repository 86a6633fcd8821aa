import { expect, test } from "vitest";
import {
  type Configured,
  configure,
  MemoryFiles,
  MemoryLibraries,
  renderAll,
  Sources,
  type Texts,
} from "#lang";
import { readPackage } from "../lock/package.ts";
import { someMachine } from "../test/libraries.ts";

const libraries = new MemoryLibraries({
  "std/net": "appl 1\nlibrary std/net\nmodule net : Str { option address : Str }\n",
});

type Tree = Readonly<Record<string, string>>;

const geo: Tree = {
  "geo.appl": 'appl 1\nlibrary pkg/acme/geo\nuse "./cities.appl"\nlet home = cities.berlin\n',
  "cities.appl": 'appl 1\nlet berlin = "52.5 N"\n',
};

/** A package where it lies in the project. */
const lying = (name: string, tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([path, text]) => [`appl.pkg/${name}/${path}`, text]));

function digestOf(tree: Tree): string {
  const found = readPackage(
    "p",
    new MemoryFiles(Object.fromEntries(Object.entries(tree).map(([path, text]) => [`p/${path}`, text]))),
  );
  return found && "digest" in found ? found.digest : "none";
}

const commit = "8d1f".repeat(10);
const source = `git+https://git.example/geo?rev=${commit}`;
const lineOf = (name: string, tree: Tree, from = source): string =>
  `${name}  1.2.0  ${from.startsWith("path:") ? "-" : digestOf(tree)}  ${from}`;
const lockOf = (...lines: readonly string[]): Tree => ({
  "appl.lock": ["appl-lock 1", ...lines, ""].join("\n"),
});

interface Said extends Configured {
  readonly text: string;
}

function said(use: string, files: Tree, more: { locked?: boolean } = {}): Said {
  const text = `appl 1\nuse std/net\n${use}\nappliance box { net a { address = geo.home } }\n`;
  const all = new MemoryFiles({ "t.appl": text, ...files });
  const found = configure({ path: "t.appl", files: all, libraries, machines: someMachine, ...more });
  const texts: Texts = { read: (path) => all.read(path) };
  return { ...found, text: renderAll(found.diagnostics, new Sources(texts)) };
}

const whole: Tree = { ...lockOf(lineOf("pkg/acme/geo", geo)), ...lying("acme.geo", geo) };

test("a package that the lock names is used like any library", () => {
  const { configurations, text, reads } = said("use pkg/acme/geo", whole);
  expect(text).toBe("");
  expect(configurations[0]?.modules[0]?.instances[0]?.config.fields.get("address")).toMatchObject({
    value: "52.5 N",
  });
  expect(reads).toContain("appl.pkg/acme.geo/cities.appl");
});

test("without a line the command is said", () => {
  expect(said("use pkg/acme/geo", {}).text).toMatchInlineSnapshot(`
    "error[E0155]: \`pkg/acme/geo\` is used, and there is no \`appl.lock\` to say what it is
      --> t.appl:3:5
      |
    3 | use pkg/acme/geo
      |     ^^^^^^^^^^^^ which one, and where from?
      |
      = help: appl lock add pkg/acme/geo git+https://HOST/REPOSITORY?rev=TAG
      = note: a build fetches nothing: what it uses is named in the lock and lies in \`appl.pkg\`
    "
  `);
  expect(said("use pkg/acme/geo", lockOf(lineOf("pkg/acme/geos", geo))).text).toContain("pkg/acme/geos");
});

test("a package that is not here is not looked for elsewhere", () => {
  expect(said("use pkg/acme/geo", lockOf(lineOf("pkg/acme/geo", geo))).text).toMatchInlineSnapshot(`
    "error[E0156]: \`pkg/acme/geo\` is not in \`appl.pkg/acme.geo\`
      --> t.appl:3:5
      |
    3 | use pkg/acme/geo
      |     ^^^^^^^^^^^^ its files are missing
      |
      = help: \`appl lock\` fetches what the lock names
    "
  `);
});

test("a package that was changed is not used: both digests are named", () => {
  const changed = { ...whole, "appl.pkg/acme.geo/cities.appl": 'appl 1\nlet berlin = "0 N"\n' };
  expect(said("use pkg/acme/geo", changed).text).toMatchInlineSnapshot(`
    "error[E0157]: the files of \`pkg/acme/geo\` in \`appl.pkg/acme.geo\` are not those that the lock names
      --> t.appl:3:5
      |
    3 | use pkg/acme/geo
      |     ^^^^^^^^^^^^ used here
      |
      ::: appl.lock:2:1
      |
    2 | pkg/acme/geo  1.2.0  sha256:4b26ffcebec6dc9ae4af86cb107904f531196e49b5e32cbdb86db5a91233e5db  git+https://git.example/geo?rev=8d1f8d1f8d1f8d1f8d1f8d1f8d1f8d1f8d…
      | ----------------------------------------------------------------------------------------------------------------------------------------------------------------- locked here
      |
      = help: \`appl lock --restore\` puts back what the lock names
      = help: to work on it: \`appl lock add pkg/acme/geo path:FOLDER\`
      = note: the lock says sha256:4b26ffcebec6dc9ae4af86cb107904f531196e49b5e32cbdb86db5a91233e5db
      = note: the files are  sha256:bc211d874180f060c5743b5a1af0a9344207059cfe55e077e1126f79b0553729
    "
  `);
});

test.each([
  ["a file more", { "appl.pkg/acme.geo/more.appl": "" }, "E0157"],
  ["what other tools leave there", { "appl.pkg/acme.geo/.DS_Store": "x" }, undefined],
  ["names that differ by case", { "appl.pkg/acme.geo/Geo.appl": "" }, "E0159"],
])("%s", (_, more, code) => {
  expect(said("use pkg/acme/geo", { ...whole, ...more }).diagnostics.map((it) => it.code)).toEqual(
    code ? [code] : [],
  );
});

const faulty: readonly (readonly [what: string, tree: Tree, code: string])[] = [
  ["without its main file", { "x.appl": "appl 1\n" }, "E0159"],
  ["that says another name", { "geo.appl": "appl 1\nlibrary pkg/acme/other\n" }, "E0114"],
  ["that says no name", { "geo.appl": "appl 1\n" }, "E0114"],
  [
    "that leads out of itself",
    { "geo.appl": 'appl 1\nlibrary pkg/acme/geo\nuse "../../secret.appl"\n' },
    "E0313",
  ],
  [
    "that reads a file outside",
    {
      "geo.appl":
        'appl 1\nlibrary pkg/acme/geo\nlet other = file "../../secret.appl"\nlet home = other.name\n',
    },
    "E0313",
  ],
  [
    "that uses what is hidden",
    { "geo.appl": 'appl 1\nlibrary pkg/acme/geo\nuse "./.x.appl"\n', ".x.appl": "appl 1\n" },
    "E0118",
  ],
  [
    "that uses a package that is not locked",
    { "geo.appl": "appl 1\nlibrary pkg/acme/geo\nuse pkg/acme/sky\n" },
    "E0155",
  ],
  ["that uses itself", { "geo.appl": "appl 1\nlibrary pkg/acme/geo\nuse pkg/acme/geo\n" }, "E0113"],
];

test.each(faulty)("a package %s", (_, tree, code) => {
  const files = {
    ...lockOf(lineOf("pkg/acme/geo", tree)),
    ...lying("acme.geo", tree),
    "secret.appl": "appl 1\n",
  };
  expect(said("use pkg/acme/geo", files).diagnostics.map((it) => it.code)).toContain(code);
});

test("packages use each other, but not in a circle", () => {
  const one = { "geo.appl": "appl 1\nlibrary pkg/acme/geo\nuse pkg/acme/sky\nlet home = sky.name\n" };
  const sky = { "sky.appl": 'appl 1\nlibrary pkg/acme/sky\nlet name = "up"\n' };
  const files = (two: Tree): Tree => ({
    ...lockOf(lineOf("pkg/acme/geo", one), lineOf("pkg/acme/sky", two)),
    ...lying("acme.geo", one),
    ...lying("acme.sky", two),
  });
  expect(said("use pkg/acme/geo", files(sky)).text).toBe("");
  const round = { "sky.appl": 'appl 1\nlibrary pkg/acme/sky\nuse pkg/acme/geo\nlet name = "up"\n' };
  expect(said("use pkg/acme/geo", files(round)).text).toContain(
    "pkg/acme/geo uses pkg/acme/sky uses pkg/acme/geo",
  );
});

test("what is in work is read as it is, and never locked", () => {
  const files = { ...lockOf(lineOf("pkg/acme/geo", geo, "path:../geo")), ...lying("acme.geo", geo) };
  expect(said("use pkg/acme/geo", files).text).toBe("");
  expect(said("use pkg/acme/geo", files, { locked: true }).diagnostics.map((it) => it.code)).toEqual([
    "E0161",
  ]);
});

test("a hash behind `use` is enough for a package that was handed around without a lock", () => {
  expect(said(`use pkg/acme/geo ${digestOf(geo)}`, lying("acme.geo", geo)).text).toBe("");
});

test("a hash behind `use` is held against what is there, and the right one is an edit", () => {
  const wrong = `sha256:${"1".repeat(64)}`;
  const { diagnostics } = said(`use pkg/acme/geo ${wrong}`, whole);
  expect(diagnostics.map((it) => it.code)).toEqual(["E0158"]);
  expect(diagnostics[0]?.helps[0]?.edit?.text).toBe(digestOf(geo));
  const home = 'appl 1\nlet home = "x"\n';
  const hash = "sha256:1c4d9d0c1a2d9b0c0a4f4c1b3a5ab3f6a2a1f5c7dfd9d2f4ef0b3b0f7c8d9e0a";
  const file = said(`use "./geo.appl" ${hash}`, { "geo.appl": home });
  expect(file.diagnostics.map((it) => it.code)).toEqual(["E0158"]);
  const right = file.diagnostics[0]!.helps[0]!.edit!.text;
  expect(said(`use "./geo.appl" ${right}`, { "geo.appl": home }).text).toBe("");
  expect(
    said(`use "./geo.appl" ${right}`, { "geo.appl": `${home}\n` }).diagnostics.map((it) => it.code),
  ).toEqual(["E0158"]);
  expect(said('use "./geo.appl" sha256:12', { "geo.appl": home }).text).toContain("64 hexadecimal digits");
  expect(said(`use std/net ${hash} as other`, whole).diagnostics.map((it) => it.code)).toContain("E0119");
});

test("names of packages are in lower case", () => {
  for (const name of ["pkg/Acme/geo", "pkg"])
    expect(said(`use ${name}`, whole).diagnostics.map((it) => it.code)).toContain("E0159");
});

test("another library than the lock was made with is told, and refused if locked", () => {
  const here = { version: "1.0", digest: `sha256:${"a".repeat(64)}` } as const;
  const identified = {
    find: (path: string) => libraries.find(path),
    identity: (name: string) => (name === "std" ? here : undefined),
  };
  const files = (digit: string) =>
    new MemoryFiles({
      "t.appl": "appl 1\nappliance box { }\n",
      ...lockOf(`board/gone  -  sha256:${"b".repeat(64)}`, `std  0.9  sha256:${digit.repeat(64)}`),
    });
  const codes = (digit: string, locked: boolean) =>
    configure({
      path: "t.appl",
      files: files(digit),
      libraries: identified,
      machines: someMachine,
      locked,
    }).diagnostics.map(({ code, severity }) => `${code} ${severity}`);
  expect(codes("a", false)).toEqual(["W0160 warning"]);
  expect(codes("c", false)).toEqual(["W0160 warning", "W0160 warning"]);
  expect(codes("c", true)).toEqual(["E0160 error", "E0160 error"]);
});
