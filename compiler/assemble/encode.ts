/** Settings → canonical CBOR (RFC 8949 4.2), in the order in which the generated code reads them. */

import { encode } from "cborg";
import {
  armOf,
  type DirValue,
  daysSinceEpoch,
  type FileValue,
  hashOfFile,
  hashOfTree,
  type Instance,
  type Member,
  type ModuleDecl,
  mediaTypeOf,
  print,
  type RecordType,
  type RecordValue,
  type Span,
  type TaggedValue,
  type Type,
  treeObjects,
  type UnionType,
  type Value,
} from "#lang";

import { encodeSignal, type Place, placeOf } from "./signals.ts";
import { encodeSlot } from "./slots.ts";

/** Source positions by number: what `at` fields mean. */
export class Positions {
  readonly spans: (Span | undefined)[] = [];

  number(span: Span | undefined): number {
    return this.spans.push(span) - 1;
  }
}

/** Files by number, in order of first mention, under the names that set-up knows them by. */
export class FileTable {
  readonly files: { readonly path: string; readonly bytes: Uint8Array }[] = [];
  /** Folders by their names, each with its tree objects: the last one is its own. */
  readonly trees: { readonly path: string; readonly objects: readonly Uint8Array[] }[] = [];
  readonly #nameOf: (path: string) => string;
  readonly #numbers = new Map<string, number>();

  /** `nameOf`: from the path of a value to a name that is the same on every machine. */
  constructor(nameOf: (path: string) => string) {
    this.#nameOf = nameOf;
  }

  add(path: string, bytes: Uint8Array): { readonly number: number; readonly name: string } {
    const name = this.#nameOf(path);
    const number = this.#numbers.get(name) ?? this.files.push({ path: name, bytes }) - 1;
    this.#numbers.set(name, number);
    return { name, number };
  }

  addFolder({ path, files }: DirValue): void {
    this.trees.push({ path: this.#nameOf(path), objects: treeObjects(files) });
  }
}

export interface Tables {
  readonly positions: Positions;
  readonly files: FileTable;
}

/** The settings of instance `number` of a module. */
export function encodeSettings(
  { name, type }: Pick<ModuleDecl, "name" | "type">,
  { label, config, span }: Instance,
  tables: Tables,
  number = 0,
): Uint8Array {
  return encode(new Encoder(tables).record(type, config, label, span, placeOf([name], number)));
}

class Encoder {
  readonly tables: Tables;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  /** `place`: what signals of a block are known by; undefined for a record. */
  record(
    type: RecordType,
    value: RecordValue,
    label: Value | undefined,
    span: Span | undefined,
    place?: Place,
  ): unknown[] {
    const out: unknown[] = [this.tables.positions.number(span ?? value.span)];
    if (type.label !== undefined) out.push(this.value(type.label, label!));
    for (const member of type.members)
      out.push(...this.member(member, value.fields.get(member.name), value, place));
    for (const signal of type.signals)
      out.push(encodeSignal({ ...place!, name: signal.name, type: signal.type }));
    return out;
  }

  member(member: Member, value: Value | undefined, owner: RecordValue, place: Place | undefined): unknown[] {
    const inside = (index: number): Place => placeOf([...(place?.path ?? []), member.name], index);
    if (value === undefined) throw new Error(`BUG: ${member.name} has no value`);
    switch (member.kind) {
      case "option":
        return [this.value(member.type, value)];
      case "one":
        return [this.record(member.block, value as RecordValue, undefined, value.span, inside(0))];
      case "maybe":
        return [
          value.kind === "none"
            ? null
            : this.record(member.block, value as RecordValue, undefined, value.span, inside(0)),
        ];
      case "blocks": {
        if (value.kind !== "map") throw new Error(`BUG: ${member.name} is a ${value.kind}`);
        return [
          [...value.entries.values()].map(({ key, value: block, head }, index) =>
            this.record(member.block, block as RecordValue, key, head ?? block.span, inside(index)),
          ),
        ];
      }
      case "choice": {
        if (value.kind !== "tagged") throw new Error(`BUG: ${member.name} is a ${value.kind}`);
        const chosen = member.arms.findIndex(({ name }) => name === value.tag);
        const arms = member.arms.map((arm, n) =>
          n === chosen
            ? this.record(
                arm.block,
                value.payload as RecordValue,
                undefined,
                value.payload?.span ?? owner.span,
                placeOf([...(place?.path ?? []), arm.name], 0),
              )
            : null,
        );
        return [chosen, ...arms];
      }
    }
  }

  value(type: Type, value: Value): unknown {
    switch (type.kind) {
      case "named":
        return this.value(type.type, value);
      case "refined":
        return this.value(type.base, value);
      case "optional":
        return value.kind === "none" ? null : this.value(type.inner, value);
      case "list":
        if (value.kind !== "list") throw mismatch(type, value);
        return value.items.map((item) => this.value(type.element, item));
      case "map":
        if (value.kind !== "map") throw mismatch(type, value);
        return [...value.entries.values()].map((entry) => [
          this.value(type.key, entry.key),
          this.value(type.value, entry.value),
        ]);
      case "record":
        if (value.kind !== "record") throw mismatch(type, value);
        return this.record(type, value, undefined, value.span);
      case "union":
        return this.union(type, value);
      case "ref":
        if (value.kind !== "ref") throw mismatch(type, value);
        return value.index;
      case "signal":
        if (value.kind !== "signal" || !value.bound) throw mismatch(type, value);
        return encodeSignal({ ...value, ...value.bound });
      case "range":
        if (value.kind !== "range") throw mismatch(type, value);
        return [this.value(type.element, value.low), this.value(type.element, value.high)];
      case "tuple":
        if (value.kind !== "tuple") throw mismatch(type, value);
        return value.items.map((item, n) => this.value(type.items[n]!, item));
      case "device":
        if (value.kind !== "device") throw mismatch(type, value);
        return value.name;
      case "secret":
        return encodeSlot(type, value);
      case "scalar":
        return this.scalar(value);
      default:
        throw mismatch(type, value);
    }
  }

  union(type: UnionType, value: Value): unknown {
    const tag = armOf(type, value);
    const arm = type.arms[tag];
    if (arm === undefined) throw mismatch(type, value);
    if (type.arms.every(({ kind }) => kind === "word")) return tag;
    if (arm.kind === "word") return [tag];
    if (arm.kind === "type") return [tag, this.value(arm.type, value)];
    return [tag, this.value(arm.payload, (value as TaggedValue).payload!)];
  }

  #file({ path, bytes }: FileValue): unknown {
    const { number, name } = this.tables.files.add(path, bytes);
    return [number, name];
  }

  #inFolder(name: string, file: FileValue): unknown {
    const { bytes, executable } = file;
    return [name, mediaTypeOf(name), hashOfFile(bytes), executable, this.#file(file)];
  }

  scalar(value: Value): unknown {
    switch (value.kind) {
      case "bool":
        return value.value;
      case "int":
        return value.value;
      case "str":
        return value.value;
      case "bytes":
        return value.bytes;
      case "regex":
        return value.pattern;
      case "ip":
        return addressBytes(value.family, value.bits);
      case "prefix":
        return [addressBytes(value.ip.family, value.ip.bits), value.length];
      case "socket":
        return [value.ip === undefined ? null : addressBytes(value.ip.family, value.ip.bits), value.port];
      case "mac":
        return value.bits;
      case "duration":
        return value.ns;
      case "size":
        return value.bytes;
      case "rate":
        return [value.count, value.per];
      case "measure":
        return value.millionths;
      case "dec":
        return print(value);
      case "date":
        return daysSinceEpoch(value);
      case "instant":
        return value.seconds;
      case "timeOfDay":
        return value.seconds;
      case "weekday":
        return value.day;
      case "hash":
        return value.hex;
      case "file":
        return this.#file(value);
      case "dir":
        this.tables.files.addFolder(value);
        return [hashOfTree(value.files), [...value.files].map((entry) => this.#inFolder(...entry))];
      default:
        throw new Error(`BUG: a ${value.kind} cannot reach the code yet`);
    }
  }
}

function addressBytes(family: 4 | 6, bits: bigint): Uint8Array {
  const length = family === 4 ? 4 : 16;
  return Uint8Array.from({ length }, (_, n) => Number((bits >> BigInt(8 * (length - 1 - n))) & 255n));
}

function mismatch(type: Type, value: Value): Error {
  return new Error(`BUG: a ${value.kind} where the type is a ${type.kind}`);
}
