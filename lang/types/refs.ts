import type { Type } from "./type.ts";

/** Whether values of the type can hold references to blocks or to their signals. */
export function hasRefs(type: Type): boolean {
  switch (type.kind) {
    case "ref":
    case "signal":
      return true;
    case "named":
      return hasRefs(type.type);
    case "refined":
      return hasRefs(type.base);
    case "list":
    case "range":
      return hasRefs(type.element);
    case "map":
      return hasRefs(type.key) || hasRefs(type.value);
    case "optional":
      return hasRefs(type.inner);
    case "tuple":
      return type.items.some(hasRefs);
    case "union":
      return type.arms.some(
        (arm) => arm.kind !== "word" && hasRefs(arm.kind === "tag" ? arm.payload : arm.type),
      );
    case "record":
      return type.members.some((member) => member.kind === "option" && hasRefs(member.type));
    default:
      return false;
  }
}
