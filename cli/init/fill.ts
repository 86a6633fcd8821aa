/** The files of a kind with somebody's answers in them. */
import type { Kind } from "./kinds.ts";

export interface Answers {
  readonly name: string;
  /** Address and prefix length. */
  readonly address: string;
}

/** By name. The answers that the kind comes with leave everything as it is. */
export function filled(kind: Kind, { name, address }: Answers): ReadonlyMap<string, string> {
  const old = kind.address.replace(/\/.*/, "");
  const given = address.replace(/\/.*/, "");
  const change = (text: string): string =>
    address === kind.address
      ? text
      : text
          .replace(/(; gateway = )\S+/, (_, setting) => withGateway(setting, address))
          .replaceAll(kind.address, address)
          .replaceAll(old, given);
  const named = (text: string): string =>
    text.replaceAll(new RegExp(`\\b${kind.appliance}\\b`, "g"), () => name);
  return new Map([...kind.files].map(([file, text]) => [named(file), named(change(text))]));
}

/** Most networks have their gateway at their first address. */
function withGateway(setting: string, address: string): string {
  const [, a, b, c, d, length] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(address)?.map(Number) ?? [];
  if (length === undefined || length > 30) return "";
  const bits = ((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0;
  const first = ((length === 0 ? 0 : (bits & (~0 << (32 - length))) >>> 0) + 1) >>> 0;
  if (first === bits) return "";
  return `${setting}${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join(".")}`;
}

/** The commands that the description's first comment ends with, for a file at another place. */
export function commandsOf(text: string, name: string, path: string): readonly string[] {
  return [...text.matchAll(/^# {3}(\S.*)$/gm)].map(([, line]) => line!.replace(`${name}.appl`, path));
}
