/** What grew and what shrank, part by part of two images. */
import type { CodeChange } from "../diff/difference.ts";
import { byRole } from "../diff/walk.ts";
import type { ImagePart } from "./image-parts.ts";

export interface Growth {
  readonly name: string;
  /** Undefined where it is not there. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly functions: readonly Growth[];
}

/** What changed most comes first; what has the same size is not here. */
export function growthOf(
  a: readonly ImagePart[],
  b: readonly ImagePart[],
  code: readonly CodeChange[],
): Growth[] {
  const ofModule = new Map(code.map(({ module, functions }) => [module, functions]));
  return byRole(a, b, ({ name }) => name)
    .map(({ role, a: one, b: other }): Growth => {
      const functions = (ofModule.get(role) ?? []).map(({ what, from, to }): Growth => {
        const sizes = { from: from as number | undefined, to: to as number | undefined };
        return { name: what, ...sizes, functions: [] };
      });
      const sized = functions.filter((each) => changeOf(each) !== 0);
      return { name: role, from: one?.bytes, to: other?.bytes, functions: sized };
    })
    .filter((part) => changeOf(part) !== 0 || part.functions.length > 0)
    .toSorted((one, other) => Math.abs(changeOf(other)) - Math.abs(changeOf(one)));
}

export const changeOf = ({ from = 0, to = 0 }: Pick<Growth, "from" | "to">): number => to - from;

/** A class of the page's style. */
export function kindOf(growth: Growth): "added" | "removed" | "grew" | "shrank" {
  if (growth.from === undefined) return "added";
  if (growth.to === undefined) return "removed";
  return changeOf(growth) > 0 ? "grew" : "shrank";
}
