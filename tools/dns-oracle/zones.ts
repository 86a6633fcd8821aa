import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { OracleZone } from "./nsd.ts";

const folder = fileURLToPath(new URL("zones/", import.meta.url));

/** The zones that both servers serve: all of `zones/`, by name. */
export function oracleZones(): OracleZone[] {
  return readdirSync(folder)
    .toSorted()
    .map((file) => ({ name: file.replace(/\.zone$/, ""), text: readFileSync(folder + file) }));
}

/** Where the zone files are, for a description that names them. */
export function zoneFile(zone: string): string {
  return `${folder}${zone}.zone`;
}

/** The owner names of a zone file in wire form. Enough for files as ours: owners at the beginning of a line, `$ORIGIN` first. */
export function ownersOf(zone: OracleZone): Uint8Array[] {
  const text = Buffer.from(zone.text).toString("latin1");
  const apex = wireName(`${zone.name}.`);
  const owners = new Map<string, Uint8Array>();
  for (const line of text.split("\n")) {
    const owner = /^[^\s;$"]\S*/.exec(line)?.[0];
    if (owner === undefined) continue;
    const name =
      owner === "@" ? apex : owner.endsWith(".") ? wireName(owner) : join(wireName(`${owner}.`), apex);
    owners.set(Buffer.from(name).toString("hex"), name);
  }
  return [...owners.values()];
}

/** A name with escapes and a dot at its end as wire form. RFC 1035 5.1. */
export function wireName(text: string): Uint8Array {
  const out: number[] = [];
  let label: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const digits = /^\\(\d{3})/.exec(text.slice(i))?.[1];
    if (digits !== undefined) {
      label.push(Number(digits));
      i += 3;
    } else if (text[i] === "\\") {
      label.push(text.charCodeAt(++i));
    } else if (text[i] === ".") {
      if (label.length > 0) out.push(label.length, ...label);
      label = [];
    } else {
      label.push(text.charCodeAt(i));
    }
  }
  return Uint8Array.from([...out, 0]);
}

/** Puts a name before another. */
export function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Uint8Array.from([...first.subarray(0, -1), ...second]);
}
