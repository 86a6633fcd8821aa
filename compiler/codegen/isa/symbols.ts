/** Names that compiled code, the data of its module and the platform agree on; the same for every instruction set. */
import type { Func } from "../ssa/func.ts";

export const symbols = {
  function: (index: number) => `wasm.function.${index}`,
  global: (index: number) => `wasm.global.${index}`,
  /** Addresses of descriptors; 0 is null. */
  table: (index: number) => `wasm.table.${index}`,
  tableSize: (index: number) => `wasm.table_size.${index}`,
  /** Type number and code address of a function that may be called through a table. */
  descriptor: (index: number) => `wasm.descriptor.${index}`,
  data: (index: number) => `wasm.data.${index}`,
  dataSize: (index: number) => `wasm.data_size.${index}`,
  element: (index: number) => `wasm.element.${index}`,
  elementSize: (index: number) => `wasm.element_size.${index}`,
  export: (name: string) => `wasm.export.${name}`,
  start: "wasm.start",
  /** Further results of a function with several: the caller reads them at once after the call. */
  results: "wasm.results",
  memoryPages: "rt.memory_pages",
  /** Where memory need not end with a page. */
  memoryBytes: "rt.memory_bytes",
  memoryGrow: "rt.memory_grow",
  memoryCopy: "wasm.memory_copy",
  memoryFill: "wasm.memory_fill",
  memoryInit: (segment: number) => `wasm.memory_init.${segment}`,
  tableGrow: (table: number) => `wasm.table_grow.${table}`,
  tableFill: (table: number) => `wasm.table_fill.${table}`,
  tableCopy: (to: number, from: number) => `wasm.table_copy.${to}.${from}`,
  tableInit: (table: number, segment: number) => `wasm.table_init.${table}.${segment}`,
} as const;

/** What calls of a function name. */
export const symbolOf = ({ index, name }: Func): string => (index < 0 ? name : symbols.function(index));

type Numbers = (number: number) => number | undefined;

/** A name of code with other numbers for functions and globals: of tables and segments it keeps those that it has. */
export function renumbered(
  name: string,
  numbers: { readonly function: Numbers; readonly global: Numbers },
): string {
  const [prefix, kind, number, ...rest] = name.split(".");
  if (prefix !== "wasm" || number === undefined) return name;
  const of =
    kind === "global"
      ? numbers.global
      : kind === "function" || kind === "descriptor"
        ? numbers.function
        : undefined;
  if (of === undefined) return name;
  const other = of(Number(number));
  if (other === undefined) throw new Error(`BUG: ${name} is not among what the function speaks of`);
  return [prefix, kind, other, ...rest].join(".");
}
