/** What `appl.lock` calls `std` and `board/NAME`: the libraries that come with the compiler, known by the digest of their files. */
import { type Files, type Libraries, type LibraryIdentity, readPackage } from "#lang";
import type { Sha256 } from "../store/digest.ts";
import { pureSha256 } from "../store/digest.ts";

/** `std` is the folder `stdlib`, `board/NAME` the text of `std/board/NAME`. */
export function identities(
  files: Files,
  libraries: Libraries,
  version: string,
  sha256: Sha256 = pureSha256,
): (name: string) => LibraryIdentity | undefined {
  return (name) => {
    if (name === "std") {
      const found = readPackage("stdlib", files);
      return found && "digest" in found ? { version, digest: found.digest } : undefined;
    }
    const board = name.startsWith("board/") ? libraries.find(`std/${name}`) : undefined;
    return board && { version: "-", digest: `sha256:${sha256(new TextEncoder().encode(board.text))}` };
  };
}
