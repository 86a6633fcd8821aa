/** Digests of the examples' images, one a line: `ns1@kvm  contents sha256:…  image sha256:…  report sha256:…`. */
import { type Digest, isDigest } from "../../compiler/index.ts";

export interface Golden {
  /** `ns1@kvm` */
  readonly name: string;
  readonly contents: Digest;
  readonly image: Digest;
  /** Of the build when this was written down: it leads to what `diff` wants to know of it. */
  readonly report: Digest;
}

export const writeDigests = (rows: readonly Golden[]): string =>
  rows
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, ...digests }) =>
      [name, ...Object.entries(digests).map((each) => each.join(" "))].join("  "),
    )
    .map((line) => `${line}\n`)
    .join("");

/** After a merge a name may have two lines; the caller sees both. */
export function readDigests(text: string): readonly Golden[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name, ...columns] = line.split("  ");
      const digests = Object.fromEntries(columns.map((column) => column.split(" ")));
      const { contents, image, report } = digests;
      if (name === undefined || ![contents, image, report].every(isDigest))
        throw new Error(`not a line of digests: ${line}`);
      return { name, contents, image, report };
    });
}
