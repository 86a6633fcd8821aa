/** What differs between the x86-64 machines that images are made for. */
import type { Section } from "#codegen";
import type { protocols } from "./layout.ts";

export interface Platform {
  /** Ways in that there are; PVH always is one. */
  readonly protocols: readonly (keyof typeof protocols)[];
  /** The ELF file's own entry. */
  readonly entry: string;
  /** The way in at `entry`, and what must lie at the front of the file. */
  readonly front: readonly Section[];
  /** At least `boot.print` (rsi: a text that ends with 0), `boot.halt` (the end of a machine that has failed) and `hw.stop`. */
  readonly services: readonly Section[];
  /** Names and bytes of memory that they want, zero at the start. */
  readonly state: readonly (readonly [name: string, bytes: number])[];
  /** The port that takes bytes before there is anything else. */
  readonly firstPort: number;
  /** What is not RAM belongs to devices, and is uncached. */
  readonly hasDevices: boolean;
}
