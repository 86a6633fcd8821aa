/** What of the examples builds for kvm builds for Xen and for ESP32, and is asked there: `xen.test.ts`, `esp32.test.ts`, `transfers.test.ts`. */
import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { buildSubject, subjectOf, subjectsOf } from "../cli/session.ts";
import { recordingTerminal } from "../cli/terminal.ts";

/** Appliances that guests of a real Xen are made of, and that run on QEMU's board for ESP32. */
const asked = ["dns:ns1", "dns:ns2", "ns1:ns1", "www:www"];

const examples = readdirSync("examples")
  .filter((name) => existsSync(`examples/${name}/${name}.appl`))
  .flatMap((name) => {
    const subjects = subjectsOf(`examples/${name}/${name}.appl`);
    return [...new Set(subjects.map(({ appliance }) => appliance))].map(
      (appliance) => [`${name}:${appliance}`, `examples/${name}/${name}.appl:${appliance}`] as const,
    );
  });

test.each(examples)("%s", async (name, reference) => {
  const builds = async (target: string): Promise<boolean> => {
    const { built } = await buildSubject(subjectOf(`${reference}@${target}`), recordingTerminal());
    return built !== undefined;
  };
  for (const target of ["kvm", "xen", "esp32"])
    expect({ target, builds: await builds(target) }).toEqual({ target, builds: asked.includes(name) });
});
