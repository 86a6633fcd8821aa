/** Types whose values are not known while an image is built. */
import { bare, type Type } from "./type.ts";

/** A secret itself, or one that may be `none`. */
export function isSecret(type: Type): boolean {
  const it = bare(type);
  return it.kind === "secret" || (it.kind === "optional" && isSecret(it.inner));
}

/** A param that machines are given, itself or in a list or record that has no secret. */
export function isAtBoot(type: Type): boolean {
  const it = bare(type);
  if (it.kind === "optional") return isAtBoot(it.inner);
  return it.kind === "secret" ? it.open : it.kind === "list" && isAtBoot(it.element);
}

/** Whether values of the type can have a secret in them. */
export function holdsSecret(type: Type): boolean {
  switch (type.kind) {
    case "secret":
      return true;
    case "named":
      return holdsSecret(type.type);
    case "refined":
      return holdsSecret(type.base);
    case "list":
    case "range":
      return holdsSecret(type.element);
    case "map":
      return holdsSecret(type.value);
    case "optional":
      return holdsSecret(type.inner);
    case "tuple":
      return type.items.some(holdsSecret);
    case "union":
      return type.arms.some(
        (arm) => arm.kind !== "word" && holdsSecret(arm.kind === "tag" ? arm.payload : arm.type),
      );
    case "record":
      return type.members.some((member) => {
        switch (member.kind) {
          case "option":
            return holdsSecret(member.type);
          case "choice":
            return member.arms.some(({ block }) => holdsSecret(block));
          default:
            return holdsSecret(member.block);
        }
      });
    default:
      return false;
  }
}
