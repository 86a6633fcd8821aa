/** What is known of each side of a comparison. */
import type { KnownBuild } from "../build/known.ts";
import type { BuildReport } from "../build/report.ts";
import type { Digest } from "../store/digest.ts";
import type { Side } from "./difference.ts";
import { type Recipe, recipe } from "./documents.ts";
import type { PlacesByPath } from "./draft.ts";
import type { Walk } from "./walk.ts";

/** Whatever somebody has of a build: the more, the more can be said. */
export interface Given {
  readonly build?: Omit<KnownBuild, "report"> | undefined;
  /** Positions, reasons, sizes. */
  readonly report?: BuildReport | undefined;
  readonly contents?: Digest | undefined;
  readonly image?: Digest | undefined;
  readonly size?: number | undefined;
}

export interface Opened {
  readonly side: Side;
  readonly recipe: Recipe | undefined;
  readonly report: BuildReport | undefined;
  readonly places: PlacesByPath;
}

export function open(given: Given, walk: Walk): Opened {
  const { build, report } = given;
  const read = walk.read(recipe, build?.recipe);
  return {
    side: {
      appliance: read?.name ?? report?.appliance,
      target: read?.target ?? report?.target,
      recipe: build?.recipe,
      contents: given.contents ?? build?.contents,
      image: given.image ?? build?.image,
      size: given.size ?? report?.image.size,
    },
    recipe: read,
    report,
    places: new Map(report?.places.map((place) => [place.path, place])),
  };
}
