/** The secrets of a description: which there are, whether they get in each other's way, which an appliance uses. */
import type { Checker } from "../check/checker.ts";
import type { DeclaredSecret } from "../check/secrets.ts";
import { compareText } from "../values/compare.ts";
import type { SecretValue, Value } from "../values/value.ts";
import type { ModuleUse } from "./configuration.ts";

/** Each secret has a name and a place of its own. `own` are those of the description itself; others may be there for another one. */
export function reviewSecrets(
  all: readonly DeclaredSecret[],
  own: readonly DeclaredSecret[],
  checker: Checker,
): void {
  const seen = new Map<string, DeclaredSecret>();
  for (const secret of all)
    for (const place of placesOf(secret)) {
      const key = `${place.what} ${place.name}`;
      const first = seen.get(key);
      seen.set(key, first ?? secret);
      if (!first) continue;
      const data = { ...place, first: first.value.name, second: secret.value.name };
      const at = place.what === "name" ? secret.variable.span : secret.at;
      const before = place.what === "name" ? first.variable.span : first.at;
      checker.error("E0319", at, data, [{ span: before, text: "first here" }]);
      break;
    }
  if (checker.errors > 0) return;
  for (const { variable, value } of own)
    if (!checker.used.has(variable))
      checker.warn("W0302", variable.span, {
        name: value.name,
        from: value.delivery.by,
        open: value.open,
      });
}

interface Place {
  readonly what: "slot" | "file" | "name";
  readonly name: string;
}

function placesOf({ value: { name, delivery } }: DeclaredSecret): readonly Place[] {
  const own: Place = { what: "name", name };
  if (delivery.by === "boot") return [own, { what: "slot", name: delivery.slot }];
  return delivery.by === "sealed" ? [own, { what: "file", name: delivery.path }] : [own];
}

/** Each secret once, in order of name. */
export function secretsOf(modules: readonly ModuleUse[]): readonly SecretValue[] {
  const found = new Map<string, SecretValue>();
  const pending: Value[] = modules.flatMap(({ instances }) => instances.map(({ config }) => config));
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (value.kind === "secret") found.set(value.name, value);
    else for (const part of partsOf(value)) pending.push(part);
  }
  return [...found.values()].toSorted((a, b) => compareText(a.name, b.name));
}

function partsOf(value: Value): Iterable<Value> {
  switch (value.kind) {
    case "list":
    case "tuple":
      return value.items;
    case "map":
      return [...value.entries.values()].map((entry) => entry.value);
    case "record":
      return value.fields.values();
    case "tagged":
      return value.payload ? [value.payload] : [];
    default:
      return [];
  }
}
