/** The complete examples against the interfaces of the standard library, for the targets that they name themselves. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configure, type Files, MemoryFiles, plain, renderAll, Sources } from "#lang";
import { testMachines } from "./libraries.ts";
import { repositoryFiles, standardLibraries } from "./standard-libraries.ts";

const certificate = "-----BEGIN CERTIFICATE-----\n";

/** What the examples read. */
const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dns: {},
  site: { "public/index.html": "", "public/404.html": "", "secrets/www.chain.pem": certificate },
  tunnel: { "tunnel.chain.pem": certificate, "clients-ca.pem": certificate },
  router: {},
  greenhouse: { "panel/index.html": "", "panel/panel.css": "", "panel/panel.js": "" },
};

const machines = { ...testMachines, known: testMachines.known.filter(({ name }) => name === "kvm") };

test.each(Object.keys(files))("%s.appl is a configuration", (name) => {
  const path = `${name}.appl`;
  const text = readFileSync(new URL(`examples/${path}`, import.meta.url), "utf8");
  const own = new MemoryFiles({ ...files[name], [path]: text });
  const all: Files = {
    read: (file) => own.read(file) ?? repositoryFiles.read(file),
    list: (folder) => own.list(folder),
  };
  const { diagnostics, configurations } = configure({
    path,
    files: all,
    libraries: standardLibraries,
    machines,
  });
  expect(renderAll(diagnostics, new Sources(all), plain)).toBe("");
  expect(configurations.length).toBeGreaterThan(0);
});
