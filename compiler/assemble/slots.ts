/** Slots in settings: what a machine has to know to take a value, in the order in which `stdlib/core/slots/read.ts` reads it. */
import {
  print,
  type SecretType,
  type SecretValue,
  type SlotForm,
  slotSpec,
  type Type,
  type Value,
} from "#lang";

const forms: readonly SlotForm[] = [
  "text",
  "name",
  "bytes",
  "number",
  "mac",
  "ip",
  "prefix",
  "network",
  "socket",
];

const ways = ["boot", "sealed", "generated"];

/** A slot; or, of type `AtBoot`, a value that is known already. */
export function encodeSlot(type: SecretType, value: Value): unknown[] {
  const slot = value.kind === "secret" ? value : undefined;
  const spec = slotSpec(slot ? [slot.holds, type.inner] : [type.inner]);
  if (typeof spec === "string") throw new Error(`BUG: a slot that cannot be filled: ${spec}`);
  const known = slot ? slot.fallback : value;
  return [
    slot?.name ?? "",
    slot ? ways.indexOf(slot.delivery.by) : 0,
    slot?.delivery.by === "boot" ? slot.delivery.slot : "",
    slot !== undefined && !slot.open,
    forms.indexOf(spec.form),
    spec.family,
    spec.most,
    slot ? `${slot.type}: ${spec.wants}` : spec.wants,
    spec.words,
    spec.units,
    spec.programs,
    spec.patterns.map(({ cuts, next, accepts }) => [cuts, next, Uint8Array.from(accepts)]),
    known === undefined ? null : new TextEncoder().encode(textOf(known)),
  ];
}

/** As a machine reads it. */
function textOf(value: Value): string {
  switch (value.kind) {
    case "str":
      return value.value;
    case "bytes":
      return `hex:${[...value.bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    case "duration":
      return `${value.ns}ns`;
    case "size":
      return `${value.bytes}B`;
    default:
      return print(value);
  }
}

/** The class of `stdlib/core/slots` that holds a value of the type. */
export function slotClass(type: Type): "TextSlot" | "BytesSlot" | "NumberSlot" | "AddressSlot" {
  const spec = slotSpec([type]);
  const form = typeof spec === "string" ? "bytes" : spec.form;
  if (form === "text" || form === "name") return "TextSlot";
  if (form === "bytes") return "BytesSlot";
  return form === "number" || form === "mac" ? "NumberSlot" : "AddressSlot";
}

/** Is it given to a machine when it starts? */
export const isAtStart = ({ delivery }: SecretValue): boolean => delivery.by === "boot";
