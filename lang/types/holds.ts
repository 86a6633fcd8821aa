/** What values of a type can hold. */
import type { Type } from "./type.ts";

/** References to blocks or to their signals. Ask of finished types. */
export const hasRefs = holder(({ kind }) => kind === "ref" || kind === "signal");

/** Pins, network devices, disks. Ask of finished types. */
export const hasDevices = holder(({ kind }) => kind === "device");

/** Each type is looked at once: a long description asks of the same ones again and again. */
function holder(is: (type: Type) => boolean): (type: Type) => boolean {
  const known = new WeakMap<Type, boolean>();
  const holds = (type: Type): boolean => {
    const before = known.get(type);
    if (before !== undefined) return before;
    const found = is(type) || partsOf(type).some(holds);
    known.set(type, found);
    return found;
  };
  return holds;
}

function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case "named":
      return [type.type];
    case "refined":
      return [type.base];
    case "list":
    case "range":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "optional":
      return [type.inner];
    case "tuple":
      return type.items;
    case "union":
      return type.arms.flatMap((arm) =>
        arm.kind === "word" ? [] : [arm.kind === "tag" ? arm.payload : arm.type],
      );
    case "record":
      return type.members.flatMap((member) => (member.kind === "option" ? [member.type] : []));
    default:
      return [];
  }
}
