/** The libraries of `lang/test/libraries`, for tests: small ones in the style of the standard library. */
import { readdirSync, readFileSync } from "node:fs";
import { type Machines, MemoryLibraries } from "#lang";

const folder = new URL("libraries/", import.meta.url);

export const testLibraries = new MemoryLibraries(
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".appl"))
      .sort()
      .map((name) => [
        name.replace(/\.appl$/, "").replaceAll("\\", "/"),
        readFileSync(new URL(name, folder), "utf8"),
      ]),
  ),
);

/** One kind of machine of which nothing is known but its name. */
export const someMachine: Machines = {
  target: undefined,
  known: [{ name: "kvm", backend: "kvm", board: undefined }],
  librariesOf: () => [],
};

/** Machines with boards, as `std/board` of the test libraries has them. */
export const testMachines: Machines = {
  target: { library: "std/board", block: "Target" },
  known: [
    { name: "kvm", backend: "kvm", board: { library: "std/board/qemu", name: "x86_64" } },
    { name: "c3", backend: "esp32", board: { library: "std/board/esp32_c3", name: "devkitm_1" } },
    { name: "vm", backend: "kvm", board: { library: "std/board/qemu", name: "vm" } },
  ],
  librariesOf: (backend) => (backend === "kvm" ? [] : undefined),
};
