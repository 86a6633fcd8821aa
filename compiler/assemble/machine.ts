/** What code knows of the machine that it is for: constants, so what is not meant is not in the program. `stdlib/core/machine.ts` says what each is. */

export const MACHINE = "stdlib/core/machine.ts";

export interface KnownMachine {
  readonly isSmall: boolean;
  readonly leavesConstants: boolean;
}

export const anyMachine: KnownMachine = { isSmall: false, leavesConstants: false };

export const machineSource = (machine: KnownMachine): string =>
  Object.entries(machine)
    .map(([name, is]) => `export const ${name}: bool = ${is};\n`)
    .join("");
