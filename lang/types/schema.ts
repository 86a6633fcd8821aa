/** JSON Schema (draft 2020-12) of settings: what `toJsonValue` makes of values of a type is valid under the schema of the type. */
import type { Core } from "../check/core.ts";
import { endsOf } from "./ends.ts";
import { printType } from "./print.ts";
import { rowOf, type Scalar } from "./scalars.ts";
import type { Arm, Member, NamedType, RecordType, RefinedType, Type } from "./type.ts";

export type Schema = { readonly [keyword: string]: SchemaValue };
type SchemaValue = string | number | boolean | null | readonly SchemaValue[] | Schema;

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** Of the settings of appliances that have these modules, by the names that they go by. */
export function schemaOfModules(
  modules: readonly { readonly name: string; readonly type: RecordType; readonly multiple: boolean }[],
  title: string,
): Schema {
  const found = new Schemas();
  const properties = Object.fromEntries(
    modules.map(({ name, type, multiple }) => {
      const own = found.block(type);
      return [name, multiple ? { type: "object", additionalProperties: own } : own];
    }),
  );
  return {
    $schema: DIALECT,
    title,
    type: "object",
    properties,
    additionalProperties: false,
    $defs: found.all(),
  };
}

class Schemas {
  readonly #defs = new Map<string, Schema>();

  /** Named types and blocks, by name. */
  all(): Schema {
    return Object.fromEntries([...this.#defs].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  block(type: RecordType): Schema {
    return this.#named(`${type.library}.${type.name ?? "record"}`, () => this.#record(type));
  }

  #named(name: string, make: () => Schema): Schema {
    if (!this.#defs.has(name)) {
      this.#defs.set(name, {});
      this.#defs.set(name, make());
    }
    return { $ref: `#/$defs/${name.replaceAll("~", "~0").replaceAll("/", "~1")}` };
  }

  #record({ members, docs, outdated }: RecordType): Schema {
    const properties = members.map((member) => {
      const old = outdated.has(member.name) ? { deprecated: true } : {};
      return [member.name, { ...this.#member(member), ...old }] as const;
    });
    return {
      ...(docs !== undefined && { description: docs }),
      type: "object",
      properties: Object.fromEntries(properties),
      required: members.map(({ name }) => name),
      additionalProperties: false,
    };
  }

  #member(member: Member): Schema {
    const about = member.docs === undefined ? {} : { description: member.docs };
    switch (member.kind) {
      case "option": {
        const fallback = member.fallback ? { $comment: `default: ${member.fallback.text}` } : {};
        return { ...this.#type(member.type), ...about, ...fallback };
      }
      case "blocks":
        return {
          type: "object",
          additionalProperties: this.block(member.block),
          ...(member.min > 0 && { minProperties: member.min }),
          ...about,
        };
      case "one":
        return { ...this.block(member.block), ...about };
      case "maybe":
        return { anyOf: [this.block(member.block), { type: "null" }], ...about };
      case "choice":
        return { anyOf: member.arms.map(({ name, block }) => tagged(name, this.block(block))), ...about };
    }
  }

  #type(type: Type): Schema {
    switch (type.kind) {
      case "scalar":
        return ofScalar(type.name);
      case "named":
        return this.#named(`${type.library}.${type.name}`, () => this.#declared(type));
      case "refined":
        return this.#refined(type);
      case "optional":
        return { anyOf: [this.#type(type.inner), { type: "null" }] };
      case "list":
        return { type: "array", items: this.#type(type.element) };
      case "map":
        return { type: "object", additionalProperties: this.#type(type.value) };
      case "tuple":
        return {
          type: "array",
          prefixItems: type.items.map((item) => this.#type(item)),
          items: false,
          minItems: type.items.length,
        };
      case "record":
        return this.#record(type);
      case "union":
        return { anyOf: type.arms.map((arm) => this.#arm(arm)) };
      case "secret":
        return type.open ? { anyOf: [given("boot"), this.#type(type.inner)] } : given("secret");
      case "none":
        return { type: "null" };
      case "error":
      case "empty":
        return {};
      default:
        return { type: "string", description: printType(type) };
    }
  }

  #declared({ docs, type }: NamedType): Schema {
    return { ...this.#type(type), ...(docs !== undefined && { description: docs }) };
  }

  #arm(arm: Arm): Schema {
    if (arm.kind === "word") return arm.word === "none" ? { type: "null" } : { const: arm.word };
    return arm.kind === "tag" ? tagged(arm.word, this.#type(arm.payload)) : this.#type(arm.type);
  }

  /** Ranges of numbers and patterns are said as such, all else in words. */
  #refined({ base, refinement }: RefinedType): Schema {
    const schema = this.#type(base);
    if (refinement.by === "in") {
      const [low, high] = endsOf(refinement.range);
      if (low?.kind === "int" && high?.kind === "int" && isInteger(schema))
        return { ...schema, type: "integer", minimum: Number(low.value), maximum: Number(high.value) };
    } else {
      const pattern = patternOf(refinement.condition);
      if (pattern !== undefined) return { ...schema, pattern };
    }
    return { ...schema, $comment: refinement.text };
  }
}

const isInteger = ({ type }: Schema): boolean =>
  type === "integer" || (Array.isArray(type) && type[0] === "integer");

const tagged = (word: string, payload: Schema): Schema => ({
  type: "object",
  properties: { [word]: payload },
  required: [word],
  additionalProperties: false,
});

/** `it matches r"…"`. */
function patternOf(condition: Core): string | undefined {
  if (condition.op !== "apply" || condition.name !== "matches") return undefined;
  const [it, pattern] = condition.args;
  return it?.op === "variable" && pattern?.op === "const" && pattern.value.kind === "regex"
    ? pattern.value.pattern
    : undefined;
}

function ofScalar(name: Scalar): Schema {
  const { kind, example } = rowOf(name);
  switch (kind) {
    case "bool":
      return { type: "boolean" };
    case "int":
      return name === "Port"
        ? { type: "integer", minimum: 0, maximum: 65535 }
        : { type: ["integer", "string"] };
    case "dec":
      return { anyOf: [{ type: "number" }, { type: "string" }] };
    case "file":
    case "dir":
      return {
        type: "object",
        properties: { [kind]: { type: "string" } },
        required: [kind],
        additionalProperties: false,
      };
    default:
      return { type: "string", description: `${name}, for example ${example}` };
  }
}

/** A value that only the machine is given: by the name of its param or secret. */
const given = (by: "boot" | "secret"): Schema => ({
  type: "object",
  properties: { [by]: { type: "string" } },
  required: [by],
  additionalProperties: false,
});
