/** What the documents about a build share: how they are written, and identifiers that follow from what they say. */
import { canonical, type Json } from "../store/canonical.ts";
import { pureSha256 } from "../store/digest.ts";

/** For people and `jq` alike: in lines, in the order in which each format is usually written. */
export const documentBytes = (document: Json): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);

/** Of RFC 9562, version 8: from the content itself, so that the same document has the same name wherever it is made. */
export function uuidOf(content: Json): string {
  const digits = pureSha256(canonical(content));
  const variant = "89ab"[Number.parseInt(digits[16]!, 16) & 3];
  const text = `${digits.slice(0, 12)}8${digits.slice(13, 16)}${variant}${digits.slice(17, 32)}`;
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const hexOf = (digest: string): string => digest.replace(/^sha256:/, "");

/** Names in a package URL: RFC 3986 with less left as it is. */
const escaped = (name: string): string => name.split("/").map(encodeURIComponent).join("/");

/** A package that is in no registry: `pkg:generic/std/dns@0.1.0`. */
export const generic = (name: string, version: string | undefined): string =>
  `pkg:generic/${escaped(name)}${version === undefined ? "" : `@${encodeURIComponent(version)}`}`;

export const npm = (name: string, version: string): string => `pkg:npm/${escaped(name)}@${version}`;

/** `2026-11-21T00:00:00Z` */
export const timeText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
