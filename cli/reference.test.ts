import fc from "fast-check";
import { expect, test } from "vitest";
import { parseReference, printReference } from "./reference.ts";

test.each([
  ["ns1.appl", { file: "ns1.appl" }],
  ["ns1.appl@kvm", { file: "ns1.appl", target: "kvm" }],
  ["ns1.appl:ns2", { file: "ns1.appl", appliance: "ns2" }],
  ["dir/ns1.appl:ns2@host", { file: "dir/ns1.appl", appliance: "ns2", target: "host" }],
  ["a@b/ns1.appl@kvm", { file: "a@b/ns1.appl", target: "kvm" }],
  ["ns1.elf", { file: "ns1.elf" }],
])("reads %s", (text, reference) => {
  expect(parseReference(text)).toEqual(reference);
});

test.each(["", "@kvm", ":ns1"])("refuses %j, which names no file", (text) => {
  expect(parseReference(text)).toBeUndefined();
});

test("reads what it prints", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
  fc.assert(
    fc.property(name, fc.option(name), fc.option(name), (stem, appliance, target) => {
      const reference = {
        file: `${stem}.appl`,
        ...(appliance === null ? {} : { appliance }),
        ...(target === null ? {} : { target }),
      };
      expect(parseReference(printReference(reference))).toEqual(reference);
    }),
  );
});
