import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { consoleRing, hypercalls, parameters, SELF, shutdown } from "./boot/layout.ts";

/** The constants of a driver's file, by their names; of a namespace, if one is named. */
function constants(file: string, namespace?: string): Record<string, number> {
  const text = readFileSync(new URL(`drivers/${file}`, import.meta.url), "utf8");
  const part = namespace === undefined ? text : text.split(`namespace ${namespace} {`)[1]!.split("\n}")[0]!;
  const found = part.matchAll(/const (\w+): u(?:32|64) = (0x[0-9a-f]+|\d+);/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name, Number(value)]));
}

test("boot code and drivers have the same numbers of the hypervisor's interface", () => {
  expect(constants("calls.ts", "Call")).toMatchObject(hypercalls);
  expect(constants("calls.ts", "Parameter")).toMatchObject(parameters);
  expect(constants("calls.ts", "Reason")).toEqual(shutdown);
  expect(constants("calls.ts")).toMatchObject({ SELF });
});

test("and of the console's ring", () => {
  const { out, outSize, outConsumer, outProducer } = consoleRing;
  expect(constants("console/index.ts")).toMatchObject({
    OUT: out,
    SIZE: outSize,
    CONSUMER: outConsumer,
    PRODUCER: outProducer,
  });
});
