/** The complete descriptions of `examples/`, by the command. */
import { existsSync, readdirSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { configure, outline } from "#lang";
import { languageRequestOf, subjectsOf } from "../cli/session.ts";
import { appl } from "./command.ts";

const names = readdirSync("examples", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`examples/${entry.name}/${entry.name}.appl`))
  .map(({ name }) => name);

describe.each(names)("examples/%s", (name) => {
  const file = `examples/${name}/${name}.appl`;
  const subjects = subjectsOf(file);

  test("has no mistakes, for every target", async () => {
    const { code, stdout, stderr } = await appl("check", file);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const declared = subjects.filter(({ isDeclared }) => isDeclared).map(({ target }) => target);
    for (const target of declared) expect(stdout).toContain(target);
  });

  test("its tests pass", async () => {
    expect(await appl("test", file)).toMatchObject({ code: 0, stderr: "" });
  });

  test("is what its schema describes, for every appliance on every target", async () => {
    const ajv = new Ajv.default({ strict: false });
    for (const { appliance, target } of subjects) {
      const reference = `${file}:${appliance}@${target}`;
      const schema = JSON.parse((await appl("schema", reference)).stdout);
      const { value } = JSON.parse((await appl("eval", reference, "--json")).stdout);
      const validate = ajv.compile(schema);
      expect(validate(value), `${reference}: ${ajv.errorsText(validate.errors)}`).toBe(true);
      expect(validate({ ...value, unknown: {} })).toBe(false);
    }
  });
});

test("what an outline finds is what is there", async () => {
  for (const name of names) {
    const [subject] = subjectsOf(`examples/${name}/${name}.appl`);
    const { configurations } = configure(await languageRequestOf(subject!));
    const text = new TextDecoder().decode(subject!.files.read(subject!.path));
    const found = new Set(configurations.map(({ appliance }) => appliance.name));
    expect([...found]).toEqual(outline(text).appliances);
  }
});
