import type { Machines } from "#lang";

/** A target of which nothing is said. */
export const anyMachine: Machines = {
  target: undefined,
  known: [{ name: "page", backend: "page", board: undefined }],
  librariesOf: () => [],
};
