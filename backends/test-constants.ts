/** Programs that have constants copied which linear memory does not have, for tests of boot code that does it, with what they say. */
import { trapCodes } from "#codegen";
import { type bootRecord, load, show } from "./test-wat.ts";

interface ConstantsProgram {
  readonly constants: Uint8Array;
  readonly memory?: Uint8Array;
  readonly wat: string;
  readonly says: Readonly<Record<string, readonly string[]>>;
}

const repeated = (count: number, value: number) => new Array<string>(count).fill(value.toString(16));
const call = (...[to, from, count]: readonly number[]) =>
  `(call $constants (i32.const ${to}) (i32.const ${from}) (i32.const ${count}))`;

/** Nine bytes that begin so far behind the first constant, to places that lie differently in a word. */
export const copies = (from: number): ConstantsProgram => ({
  constants: Uint8Array.from({ length: 64 }, (_, n) => n + 1),
  wat: `(func (export "start")
    ${[200, 201, 202, 203]
      .map(
        (to) => `${call(to, from, 9)}
        ${show("first", load(to))} ${show("last", load(to + 8))} ${show("behind", load(to + 9))}
        (memory.fill (i32.const 192) (i32.const 0) (i32.const 64))`,
      )
      .join("\n")})`,
  says: { first: repeated(4, from + 1), last: repeated(4, from + 9), behind: repeated(4, 0) },
});

/** After each restart one copy whose places are not all inside. */
export function refusals({ boot, on }: ReturnType<typeof bootRecord<"trap">>): ConstantsProgram {
  const refused = [
    [100, 64, 1],
    [100, 60, 5],
    [100, -1, 1],
    [100, 1, -1],
    [100, 0, 65],
    [0x1000, 0, 1],
    [0x0fff, 0, 2],
    [-1, 0, 1],
    [-4, 0, 8],
  ];
  return {
    constants: new Uint8Array(64).fill(7),
    memory: new Uint8Array(0x1000),
    wat: `(func (export "start") ${show("trap", boot("trap"))}
      ${call(0xfff, 63, 1)} ${show("last", load(0xfff))} ${call(0x1000, 64, 0)}
      ${refused.map((each, n) => on(n, call(...each))).join("\n")})`,
    says: {
      trap: ["0", ...repeated(refused.length, trapCodes.memory.code)],
      last: repeated(refused.length + 1, 7),
    },
  };
}
