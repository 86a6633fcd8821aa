/** Emulators that several makers have under one name: which is found, and what it would be told. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { flashImage, loaders, mergedImage } from "../../backends/esp32/image/format.ts";
import { chips, run } from "../../backends/esp32/run.ts";
import { temporaryFolder } from "../../test/appliance.ts";
import { programWith } from "./emulators.ts";

/** A folder with a program that says it has these machines. */
function folderWith(name: string, text: string, code = 0): string {
  const folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, name), `#!/bin/sh\nprintf '${text}'\nexit ${code}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

const NAME = "qemu-system-xtensa";
const mainline = folderWith(NAME, "Supported machines are:\\nkc705-nommu          kc705\\nesp320 x\\n");
const espressif = folderWith(
  NAME,
  "Supported machines are:\\nesp32                Espressif ESP32 machine\\n",
);
const broken = folderWith(NAME, "", 1);
const PATH = (...folders: readonly string[]) => folders.join(delimiter);

test("the first program that has the machine is taken, wherever it stands", () => {
  expect(programWith(NAME, "esp32", { PATH: PATH(mainline, "", broken, espressif) })).toBe(
    join(espressif, NAME),
  );
  expect(programWith(NAME, "kc705-nommu", { PATH: PATH(espressif, mainline) })).toBe(join(mainline, NAME));
  expect(programWith(NAME, "esp32", { PATH: mainline, APPL_QEMU_PATH: espressif })).toBe(
    join(espressif, NAME),
  );
});

test("there may be none", () => {
  expect(programWith(NAME, "esp32", { PATH: PATH(mainline, broken, "/nowhere") })).toBeUndefined();
  expect(programWith(NAME, "esp32", {})).toBeUndefined();
});

test("Espressif's QEMU is given the whole flash memory, the eFuses, and the network", () => {
  const flash = 4 << 20;
  const segments = [{ address: 0x3f40_0020, bytes: new Uint8Array(512) }];
  const image = flashImage(segments, 0x400d_0020, flash);
  const bytes = mergedImage({ loader: image, at: loaders.esp32 }, image, flash);
  const publish = [{ address: "127.0.0.1", host: 5353, guest: 53, protocol: "udp" }] as const;
  const { program, machine, args, files } = run({
    ...{ image: "/tmp/x.bin", bytes, machine: "esp32", publish, guest: "10.0.2.15" },
  });
  expect({ program, machine }).toEqual({ program: chips.esp32, machine: "esp32" });
  expect(args.join(" ")).toBe(
    "-M esp32 -display none -monitor none -no-reboot -serial stdio -drive file=/tmp/x.bin.flash,if=mtd,format=raw " +
      "-drive file=/tmp/x.bin.efuse,if=none,format=raw,id=efuse -global driver=nvram.esp32.efuse,property=drive,value=efuse " +
      "-nic user,id=net0,model=open_eth,net=10.0.2.0/24,host=10.0.2.2,dns=10.0.2.3,hostfwd=udp:127.0.0.1:5353-10.0.2.15:53",
  );
  const [whole, fuses] = files!;
  expect(whole!.bytes.length).toBe(flash);
  expect(Buffer.compare(whole!.bytes.subarray(0, bytes.length), bytes)).toBe(0);
  // Words 1 and 2 of block 0: bytes 2 to 5 of the address, then 0 and 1 below its CRC-8.
  expect(Buffer.from(fuses!.bytes.subarray(4, 12)).toString("hex")).toBe("533412005452" + "e000");
});
