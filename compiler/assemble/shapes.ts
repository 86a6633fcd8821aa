/** How a type of the language looks in AssemblyScript: the table of docs/architecture.md section 3. */
import type { Member, RecordType, Type, UnionType } from "#lang";
import { field, pascal } from "./names.ts";
import { slotClass } from "./slots.ts";

/** What generated code knows of a type: how it is declared, and the expression that reads one. */
export interface Shape {
  readonly type: string;
  readonly read: string;
  /** A number or boolean: it has no null. */
  readonly plain: boolean;
}

const plain = (type: string, read: string): Shape => ({ type, read, plain: true });
const object = (type: string, read = `read${type}(r)`): Shape => ({ type, read, plain: false });

const scalars: Readonly<Record<string, Shape>> = {
  Bool: plain("bool", "r.bool()"),
  Int: plain("i64", "r.i64()"),
  Port: plain("u16", "<u16>r.i64()"),
  I2cAddr: plain("u16", "<u16>r.i64()"),
  Duration: plain("u64", "<u64>r.i64()"),
  Size: plain("u64", "<u64>r.i64()"),
  Bitrate: plain("i64", "r.i64()"),
  Freq: plain("i64", "r.i64()"),
  Volt: plain("i64", "r.i64()"),
  Amp: plain("i64", "r.i64()"),
  Ohm: plain("i64", "r.i64()"),
  Temp: plain("i64", "r.i64()"),
  TempDelta: plain("i64", "r.i64()"),
  Percent: plain("i64", "r.i64()"),
  Date: plain("i32", "<i32>r.i64()"),
  Mac: plain("u64", "<u64>r.i64()"),
  Instant: plain("i64", "r.i64()"),
  TimeOfDay: plain("u32", "<u32>r.i64()"),
  Weekday: plain("u8", "<u8>r.i64()"),
  Ip: object("Ip"),
  Ip4: object("Ip"),
  Ip6: object("Ip"),
  Cidr: object("Prefix"),
  Cidr4: object("Prefix"),
  Cidr6: object("Prefix"),
  IfaceAddr: object("Prefix"),
  SocketAddr: object("Socket"),
  Rate: object("Rate"),
  Bytes: object("StaticArray<u8>", "r.bytes()"),
  File: object("File"),
  Dir: object("Dir"),
};
const text = object("string", "r.text()");
const signal = object("Signal");
/** What the parts of a tuple are called. */
const positions = ["first", "second", "third", "fourth"];

/** Collects the classes that a module's settings need, each once, in order of first use. */
export class Shapes {
  readonly classes = new Map<string, string>();

  of(type: Type, hint: string): Shape {
    switch (type.kind) {
      case "scalar":
        return scalars[type.name] ?? text;
      case "named":
        return this.of(type.type, type.name);
      case "refined":
        return this.of(type.base, hint);
      case "list":
        return this.list(type.element, hint);
      case "map":
        return this.map(type.key, type.value, hint);
      case "optional":
        return this.optional(this.of(type.inner, hint));
      case "record":
        return this.record(type, type.name ?? hint);
      case "union":
        return this.union(type, hint);
      case "range":
        return this.fields(`${pascal(hint)}Range`, ["low", "high"], [type.element, type.element]);
      case "tuple":
        return this.fields(`${pascal(hint)}Tuple`, positions, type.items);
      case "device":
        return text;
      case "secret":
        return object(slotClass(type.inner));
      case "ref":
        return plain("i32", "<i32>r.i64()");
      case "signal":
        return signal;
      default:
        throw new Error(`BUG: settings of type ${type.kind} cannot reach the code yet`);
    }
  }

  /** A class with a field for each part. */
  fields(name: string, names: readonly string[], types: readonly Type[]): Shape {
    this.define(name, () => {
      const parts = types.map((type, n) => ({
        field: names[n] ?? `part${n + 1}`,
        shape: this.of(type, `${name}${n + 1}`),
      }));
      return `export class ${name} {
  constructor(
${parts.map(({ field: part, shape }) => `    public ${part}: ${shape.type},`).join("\n")}
  ) {}
}
function read${name}(r: Reader): ${name} {
  r.array();
${parts.map(({ shape }, n) => `  const v${n}: ${shape.type} = ${shape.read};`).join("\n")}
  return new ${name}(${parts.map((_, n) => `v${n}`).join(", ")});
}`;
    });
    return object(name);
  }

  list(element: Type, hint: string): Shape {
    const inner = this.of(element, hint);
    const suffix = inner.type.replace(/[^A-Za-z0-9]+/g, "");
    return object(`Array<${inner.type}>`, `${this.arrayReader(suffix, inner)}(r)`);
  }

  arrayReader(suffix: string, { type, read }: Shape): string {
    const name = `readArrayOf${pascal(suffix)}`;
    this.define(
      name,
      () => `function ${name}(r: Reader): Array<${type}> {
  const count = r.array();
  const all = new Array<${type}>();
  for (let n = 0; n < count; n++) all.push(${read});
  return all;
}`,
    );
    return name;
  }

  map(key: Type, value: Type, hint: string): Shape {
    const name = `${pascal(hint)}Entry`;
    this.define(name, () => {
      const k = this.of(key, `${hint}Key`);
      const v = this.of(value, `${hint}Value`);
      return `export class ${name} {
  constructor(public key: ${k.type}, public value: ${v.type}) {}
}
function read${name}(r: Reader): ${name} {
  r.array();
  const key = ${k.read};
  return new ${name}(key, ${v.read});
}`;
    });
    return object(`Array<${name}>`, `${this.arrayReader(name, object(name))}(r)`);
  }

  optional(inner: Shape): Shape {
    if (!inner.plain) return object(`${inner.type} | null`, `r.none() ? null : ${inner.read}`);
    const name = `Optional${pascal(inner.type)}`;
    this.define(
      name,
      () => `export class ${name} {
  constructor(public value: ${inner.type}) {}
}
function read${name}(r: Reader): ${name} | null {
  return r.none() ? null : new ${name}(${inner.read});
}`,
    );
    return object(`${name} | null`, `read${name}(r)`);
  }

  /** A record or block: `at`, then the label if it has one, then its members, then the signals that it has itself. */
  record(type: RecordType, name: string): Shape {
    this.define(name, () => {
      const fields: { name: string; shape: Shape }[] = [];
      if (type.label !== undefined)
        fields.push({ name: "label", shape: this.of(type.label, `${name}Label`) });
      for (const member of type.members) fields.push(...this.member(member));
      for (const own of type.signals) fields.push({ name: field(own.name), shape: signal });
      const parameters = [{ name: "at", shape: plain("i32", "<i32>r.i64()") }, ...fields];
      return `export class ${name} {
  constructor(
${parameters.map((each) => `    public ${each.name}: ${each.shape.type},`).join("\n")}
  ) {}
}
function read${name}(r: Reader): ${name} {
  r.array();
${parameters.map((each, n) => `  const v${n}: ${each.shape.type} = ${each.shape.read};`).join("\n")}
  return new ${name}(${parameters.map((_, n) => `v${n}`).join(", ")});
}`;
    });
    return object(name);
  }

  member(member: Member): { name: string; shape: Shape }[] {
    switch (member.kind) {
      case "option":
        return [{ name: field(member.name), shape: this.of(member.type, pascal(member.name)) }];
      case "one":
        return [{ name: field(member.name), shape: this.record(member.block, member.block.name!) }];
      case "maybe":
        return [
          { name: field(member.name), shape: this.optional(this.record(member.block, member.block.name!)) },
        ];
      case "blocks": {
        const inner = this.record(member.block, member.block.name!);
        return [
          {
            name: field(member.name),
            shape: object(`Array<${inner.type}>`, `${this.arrayReader(inner.type, inner)}(r)`),
          },
        ];
      }
      case "choice":
        return [
          { name: field(member.name), shape: plain("i32", "<i32>r.i64()") },
          ...member.arms.map((arm) => ({
            name: field(arm.name),
            shape: this.optional(this.record(arm.block, arm.block.name!)),
          })),
        ];
    }
  }

  /** Words alone are numbers; else a class with the tag and one field for each arm that carries something. */
  union(type: UnionType, hint: string): Shape {
    const name = pascal(hint);
    const words = type.arms.map((arm) => (arm.kind === "type" ? undefined : arm.word));
    const constants = words.flatMap((word, n) =>
      word === undefined ? [] : [`  export const ${field(word)} = ${n};`],
    );
    if (type.arms.every((arm) => arm.kind === "word")) {
      this.define(name, () => `export namespace ${name} {\n${constants.join("\n")}\n}`);
      return plain("i32", "<i32>r.i64()");
    }
    this.define(name, () => {
      const arms = type.arms.flatMap((arm, tag) => {
        if (arm.kind === "word") return [];
        const payload = arm.kind === "tag" ? arm.payload : arm.type;
        const label = arm.kind === "tag" ? arm.word : this.nameOfArm(arm.type);
        return [{ tag, label: field(label), shape: this.of(payload, `${name}${pascal(label)}`) }];
      });
      const declared = arms.map(
        ({ label, shape }) =>
          `  ${label}: ${shape.plain ? `${shape.type} = ${shape.type === "bool" ? "false" : "0"}` : `${shape.type.replace(" | null", "")} | null = null`};`,
      );
      const reads = arms.map(
        ({ tag, label, shape }) => `  if (tag == ${tag}) value.${label} = ${shape.read};`,
      );
      return `export class ${name} {
  tag: i32 = 0;
${declared.join("\n")}
}
function read${name}(r: Reader): ${name} {
  const value = new ${name}();
  r.array();
  const tag = <i32>r.i64();
  value.tag = tag;
${reads.join("\n")}
  return value;
}`;
    });
    return object(name);
  }

  nameOfArm(type: Type): string {
    if (type.kind === "named") return `${type.name.slice(0, 1).toLowerCase()}${type.name.slice(1)}`;
    if (type.kind === "scalar") return `${type.name.slice(0, 1).toLowerCase()}${type.name.slice(1)}`;
    if (type.kind === "refined") return this.nameOfArm(type.base);
    return type.kind;
  }

  /** Inner classes come first: a class is defined when all that it uses is. */
  define(name: string, make: () => string): void {
    if (this.classes.has(name)) return;
    this.classes.set(name, "");
    const source = make();
    this.classes.delete(name);
    this.classes.set(name, source);
  }
}
