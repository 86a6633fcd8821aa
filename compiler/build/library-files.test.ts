import { expect, test } from "vitest";
import { MemoryFiles } from "#lang";
import { librariesFrom, libraryOf } from "./library-files.ts";

test.each([
  ["stdlib/dns/dns.appl", "std/dns"],
  ["stdlib/sensor/sht4x/sht4x.appl", "std/sensor/sht4x"],
  ["backends/kvm/kvm.appl", "backend/kvm"],
  ["backends/riscv/boards/icicle.appl", "std/board/icicle"],
  ["stdlib/dns/testing/example.appl", undefined],
  ["stdlib/dns.appl", undefined],
  ["backends/kvm/drivers/net.appl", undefined],
])("%s is %s", (file, library) => {
  expect(libraryOf(file)).toBe(library);
});

const lying = {
  "stdlib/board/board.appl": "boards",
  "stdlib/board/qemu/qemu.appl": "emulators",
  "stdlib/sensor/sht4x/sht4x.appl": "a sensor",
  "backends/kvm/kvm.appl": "drivers",
  "backends/acme/boards/acme_1.appl": "a company's board",
};
const libraries = librariesFrom(new MemoryFiles(lying), () => Object.keys(lying));

test("a board is found in whichever backend has one of its name", () => {
  expect(libraries.find("std/board/acme_1")).toEqual({
    path: "backends/acme/boards/acme_1.appl",
    text: "a company's board",
  });
  expect(libraries.find("std/board/acme_2")).toBeUndefined();
});

test("other libraries are found by their names alone", () => {
  const blind = librariesFrom(new MemoryFiles(lying), () => []);
  expect(blind.find("std/sensor/sht4x")?.text).toBe("a sensor");
  expect(blind.find("std/board/qemu")?.text).toBe("emulators");
  expect(blind.find("backend/kvm")?.text).toBe("drivers");
  expect(blind.find("std/board/acme_1")).toBeUndefined();
});

test("suggestions are what a description may use, boards too", () => {
  expect(libraries.all?.()).toEqual(["std/board", "std/board/acme_1", "std/board/qemu", "std/sensor/sht4x"]);
});
