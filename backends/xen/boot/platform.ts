/** A PVH guest of Xen: no hardware, only the hypervisor. */
import type { Platform } from "../../x86/boot/platform.ts";
import { print, stop } from "./console.ts";
import { exchange, hypercall, hypercallState, kept, parameter } from "./hypercalls.ts";
import { DEBUG_PORT } from "./layout.ts";

export const platform: Platform = {
  protocols: ["pvh"],
  entry: "boot.entry32",
  front: [],
  services: [print(), stop(), hypercall(), parameter(), exchange(), kept()],
  state: hypercallState,
  firstPort: DEBUG_PORT,
  hasDevices: false,
};
