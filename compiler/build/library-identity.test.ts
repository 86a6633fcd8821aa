import { expect, test } from "vitest";
import { MemoryFiles } from "#lang";
import { librariesFrom } from "./library-files.ts";
import { identities } from "./library-identity.ts";

const lying = {
  "stdlib/dns/dns.appl": "dns",
  "stdlib/dns/server.ts": "code",
  "backends/kvm/boards/apu2.appl": "a board",
};

function identity(files: Readonly<Record<string, string>>) {
  const all = new MemoryFiles(files);
  return identities(
    all,
    librariesFrom(all, () => Object.keys(files)),
    "1.2.3",
  );
}

test("std is all that the library is made of, and a board is its text", () => {
  const of = identity(lying);
  expect(of("std")).toMatchObject({
    version: "1.2.3",
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  // printf 'a board' | sha256sum
  expect(of("board/apu2")).toEqual({
    version: "-",
    digest: "sha256:2a7d86c59aedf33a1a1d14c01af7ed963baf7f2b6c129437df990cc4d7c28a41",
  });
  expect(of("board/none")).toBeUndefined();
  expect(of("pkg/x")).toBeUndefined();
});

test.each([
  ["its code", { ...lying, "stdlib/dns/server.ts": "other" }, false],
  ["a backend", { ...lying, "backends/kvm/kvm.ts": "other" }, true],
])("whether std changes with %s", (_, files, same) => {
  expect(identity(files)("std")?.digest === identity(lying)("std")?.digest).toBe(same);
});
