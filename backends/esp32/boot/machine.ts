/** What boot code has to know of a machine, and says to the drivers. Machines differ in what lies outside of the processor; `../machines` has one file for each. */
import type { XtensaAssembler, xtensaRegs } from "#codegen";
import type { uartKinds } from "./layout.ts";

export interface Machine {
  /** As the board's file calls it. */
  readonly name: string;
  /** Where memory begins that is written: all of the image's, or what is not executed in place. */
  readonly base: number;
  /** The stack lies at the beginning of RAM: below it is nothing. */
  readonly stack: { readonly start: number; readonly size: number };
  /** Where a loader puts what it has to say; undefined where none says anything. */
  readonly parameters: { readonly start: number; readonly end: number } | undefined;
  readonly uart: { readonly base: number; readonly kind: keyof typeof uartKinds };
  readonly network: { readonly base: number; readonly interrupt: number };
  /** Two fields of the boot record. */
  readonly phy: Readonly<Record<"phy" | "phyPins", number>>;
  /** The register with random numbers, and that with the lower part of the chip's address for networks; 0 for none. */
  readonly random: number;
  readonly hardwareAddress: number;
  /** The register with the cause of the last reset; 0 for none. */
  readonly resetCause: number;
  /** Where the partition with values for slots is read; 0 for none. */
  readonly values: number;
  /** The first thing that runs, without memory: what must not be left as it is. May destroy all registers but a2. */
  begin(a: XtensaAssembler): void;
  /** How often the processor's counter counts in a second. */
  hertz(a: XtensaAssembler, to: xtensaRegs.Reg): void;
  /** Sends the byte in a2, once there is room for it. Destroys a3, a4 and a6. */
  putByte(a: XtensaAssembler): void;
  /** Switches the machine off, or resets one that has no switch. */
  stop(a: XtensaAssembler): void;
}

/** For machines whose MAC needs nothing of the kind. */
export const NO_PHY = { phy: 0, phyPins: 0 } as const;
