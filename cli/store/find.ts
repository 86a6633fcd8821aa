/** Which object somebody means: by a tag, a digest, or its first digits, as in Git. */
import type { Digest } from "#compiler";
import { shortDigest } from "../edges/cache-trouble.ts";
import { storedNames } from "../edges/store-files.ts";
import { type CommandError, inputError } from "../exit.ts";
import { readTag } from "./tags.ts";

const FEWEST = 4;
const DIGITS = new RegExp(`^(?:sha256:)?([0-9a-f]{${FEWEST},64})$`);
const SHOWN = 5;

/** That `text` can be nothing but the digits of a digest, or a tag that is there. */
export const namesObject = (folder: string, text: string): boolean =>
  DIGITS.test(text) || readTag(folder, text) !== undefined;

/** Of 64 digits it is not asked whether there is an object. */
export function findObject(folder: string, text: string): Digest {
  const tagged = readTag(folder, text);
  if (tagged !== undefined) return tagged;
  const digits = DIGITS.exec(text)?.[1];
  if (digits === undefined)
    throw notFound(text, `a digest has hexadecimal digits, at least ${FEWEST} of them`);
  if (digits.length === 64) return `sha256:${digits}`;
  const found: Digest[] = [];
  for (const name of storedNames(folder, "object", digits)) {
    found.push(name);
    if (found.length > SHOWN) break;
  }
  const [first, second] = found;
  if (first === undefined) throw notFound(text, "`appl gc` may have removed it: build it again");
  if (second === undefined) return first;
  const more = found.length > SHOWN ? ", …" : "";
  throw inputError(
    `\`${text}\` is the beginning of several digests`,
    `give more digits: ${found.slice(0, SHOWN).map(longerThan(digits)).join(", ")}${more}`,
  );
}

const notFound = (text: string, help: string): CommandError =>
  inputError(`there is no object \`${text}\` in this machine's cache`, help);

const longerThan = (digits: string) => (digest: Digest) =>
  digits.length < 10
    ? shortDigest(digest)
    : digest.slice("sha256:".length, "sha256:".length + digits.length + 6);
