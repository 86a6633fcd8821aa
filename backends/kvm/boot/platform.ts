/** Machines with a serial port and virtio devices, whoever starts them. */
import type { Platform } from "../../x86/boot/platform.ts";
import { print, SERIAL, stop } from "./console.ts";
import { entryLinux, multiboot2Header } from "./entries.ts";

export const platform: Platform = {
  protocols: ["pvh", "linux", "multiboot2"],
  entry: "boot.entry_linux",
  front: [multiboot2Header(), entryLinux()],
  services: [print(), stop()],
  state: [],
  firstPort: SERIAL,
  hasDevices: true,
};
