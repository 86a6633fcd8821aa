/** Values for slots that the toolstack wrote into XenStore. */
import { describe, expect, test } from "vitest";
import { type Guest, type Program, startGuest } from "./test-guest.ts";
import { Ended } from "./test-hypervisor.ts";
import type { TestStore } from "./test-store.ts";

/** Says all that it was given. */
const sayer: Program = {
  use: ["console", "log", "events", "clock", "store", "control", "given", "loop"],
  hooks: ["start"],
  own: `import { form, place, read, size, texts } from "./given";
import * as log from "./log";
import { Bytes } from "../stdlib/core/bytes";
const room = new Bytes(new StaticArray<u8>(5000), 0, 5000);
const text = new Bytes(new StaticArray<u8>(0), 0, 0);
export function start(): void {
  for (let n = 0; n < texts(); n++) {
    if (size(n) == 0) continue;
    text.window(room, 0, size(n));
    read(n, text);
    log.text(place(n)); log.text(" form "); log.number(form(n)); log.text(": ");
    log.bytes(text, 0, min<u32>(text.length, 100));
    log.end();
  }
}
`,
};

const at = "vm-data/appl";
const started = (before: (store: TestStore) => void, options = {}): Promise<Guest> =>
  startGuest(sayer, (_, store) => before(store), options);
const said = (guest: Guest): string[] => guest.xen.readConsole().split(/\r?\n/).filter(Boolean);

describe("values in XenStore", () => {
  test("have the slot for their path; folders are none, unless they say something", async () => {
    const guest = await started((store) => {
      store.set(`${at}/net`, "");
      store.set(`${at}/net/address`, "10.0.0.2/24");
      store.set(`${at}/tsig/xfr`, "AAAA=");
      store.set(`${at}/name`, "one");
      store.set(`${at}/name/more`, "two");
      store.set(`${at}/empty`, "");
      store.set("vm-data/other", "nothing of ours");
    });
    expect(said(guest).sort()).toEqual([
      "in XenStore form 2: empty=",
      "in XenStore form 2: name/more=two",
      "in XenStore form 2: name=one",
      "in XenStore form 2: net/address=10.0.0.2/24",
      "in XenStore form 2: tsig/xfr=AAAA=",
    ]);
  });

  test("come beside the command line and the file", async () => {
    const guest = await started((store) => store.set(`${at}/a`, "1"), {
      commandLine: "appl.b=2",
      module: "c=3\n",
    });
    expect(said(guest).map((line) => line.split(":")[0])).toEqual([
      "on the command line form 0",
      "in the initrd form 1",
      "in XenStore form 2",
    ]);
  });

  test("are gone there once they were read, and there again after a warm restart", async () => {
    const guest = await started((store) => {
      store.set(`${at}/tsig/xfr`, "AAAA=");
      store.set("vm-data/other", "nothing of ours");
    });
    const first = said(guest);
    expect([...guest.store.tree.keys()].filter((path) => path.includes("vm-data"))).toEqual([
      "/local/domain/1/vm-data/other",
    ]);
    // What comes later is for nobody: a life has one set of values.
    guest.store.set(`${at}/tsig/xfr`, "BBBB=");
    guest.restart();
    expect(said(guest)).toEqual(first);
  });

  test("stay where the guest may not remove them, and are read once all the same", async () => {
    const guest = await started((store) => {
      store.set(`${at}/a`, "1");
      store.locked = ["vm-data"];
    });
    expect(said(guest)).toEqual(["in XenStore form 2: a=1"]);
    expect(guest.store.get(`${at}/a`)).toBe("1");
    guest.restart();
    expect(said(guest)).toEqual(["in XenStore form 2: a=1"]);
  });

  test("may be long", async () => {
    const guest = await started((store) => {
      store.set(`${at}/a`, "x".repeat(4000));
      store.set(`${at}/b`, "y".repeat(4000));
    });
    expect(said(guest).map((line) => line.length)).toEqual([120, 120]);
  });

  test.each<[string, (store: TestStore) => void]>([
    ["8 KiB", (store) => [1, 2, 3].map((n) => store.set(`${at}/a${n}`, "x".repeat(3000)))],
    ["64 values", (store) => Array.from({ length: 65 }, (_, n) => store.set(`${at}/a${n}`, "x"))],
    [
      "paths of 4 KiB",
      (store) =>
        Array.from({ length: 50 }, (_, n) =>
          store.set(`${at}/${String(n % 2).repeat(30)}/${String(n).padStart(70, "a")}`, "x"),
        ),
    ],
  ])("that are more than %s end the guest, with a word on the console", async (_, before) => {
    let store: TestStore | undefined;
    let xen: Guest["xen"] | undefined;
    const start = startGuest(sayer, (...all) => {
      [xen, store] = all;
      before(store);
    });
    await expect(start).rejects.toEqual(new Ended(3));
    expect(xen!.readConsole()).toContain("boot: there is more in XenStore than");
  });
});
