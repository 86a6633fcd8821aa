/** Addresses of IPv6 as text and bytes: RFC 4291 2.2, RFC 5952. */

export const isIpv6 = (text: string): boolean => text.includes(":");

export function bytes6(text: string): Uint8Array {
  const [before, after] = text.split("::") as [string, string | undefined];
  const groups = (part: string) =>
    part === "" ? [] : part.split(":").map((each) => Number.parseInt(each, 16));
  const [first, last] = [groups(before), groups(after ?? "")];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return Uint8Array.from([...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 255]));
}

/** The longest run of zeros is `::`. */
export function text6(bytes: Uint8Array, at = 0): string {
  const groups = Array.from({ length: 8 }, (_, n) =>
    (bytes[at + 2 * n]! * 256 + bytes[at + 2 * n + 1]!).toString(16),
  );
  const runs = [
    ...groups
      .map((group) => (group === "0" ? "0" : "x"))
      .join("")
      .matchAll(/0{2,}/g),
  ];
  const longest = runs.sort((a, b) => b[0].length - a[0].length || a.index - b.index)[0];
  if (longest === undefined) return groups.join(":");
  const end = longest.index + longest[0].length;
  return `${groups.slice(0, longest.index).join(":")}::${groups.slice(end).join(":")}`;
}

/** The group in which whoever has this address is asked for, and its hardware address: RFC 4291 2.7.1, RFC 2464 7. */
export const solicitedGroup = (address: string): string => {
  const bytes = bytes6(address);
  const group = bytes6("ff02::1:ff00:0");
  group.set(bytes.subarray(13), 13);
  return text6(group);
};

export const groupMac = (group: string): string =>
  ["33", "33", ...Array.from(bytes6(group).subarray(12), (byte) => byte.toString(16).padStart(2, "0"))].join(
    ":",
  );
