/**
 * Where an image comes from: what may differ although the image is the same. It is written beside the image, and no digest of it is in anything.
 */
import type { Digest } from "../store/digest.ts";
import type { Finished } from "./build.ts";
import type { BuildReport, Place } from "./report.ts";

export interface OriginDocument {
  readonly appl: "origin@1";
  readonly appliance: string;
  readonly target: string;
  /** The description's file name. */
  readonly description: string;
  readonly digests: BuildReport["digests"];
  /** Of `appl.lock`, if there is one. */
  readonly lock?: Digest;
  /** Every file that was read, by path from the description's folder. */
  readonly sources: readonly SourceFile[];
  /** Every file of the standard library and the backends that was read. */
  readonly libraries: readonly SourceFile[];
  readonly settings: readonly ProvenanceRow[];
  readonly built: BuiltWhere;
}

export interface SourceFile {
  readonly path: string;
  /** Of its bytes. */
  readonly digest: Digest;
}

/** One leaf of the configuration, and where it was made. */
export interface ProvenanceRow {
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Nobody wrote it: this is where the option is declared. */
  readonly byDefault?: true;
  /** Where the value itself is written, if that is elsewhere: in a `let`. */
  readonly made?: Place;
  /** What decided over other values for the same setting. */
  readonly rank?: "default" | "plain" | "override";
}

/** By whom, where and when; what the machine says. */
export interface BuiltWhere {
  /** ISO 8601. */
  readonly time: string;
  readonly machine: string;
  readonly system: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** `lock` is that of the lock as the build has left it: it may have counted on. */
export function originOf(
  { report, sources }: Finished,
  description: string,
  lock: Digest | undefined,
  built: BuiltWhere,
): OriginDocument {
  return {
    appl: "origin@1",
    appliance: report.appliance,
    target: report.target,
    description,
    digests: report.digests,
    ...(lock && { lock }),
    sources: sources.user,
    libraries: sources.library,
    settings: report.places.map(({ path, place, byDefault, made }) => ({
      path,
      ...place,
      ...(byDefault && { byDefault }),
      ...(made && { made }),
    })),
    built,
  };
}
