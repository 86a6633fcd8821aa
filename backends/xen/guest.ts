/** What toolstacks want to know of a guest. */

/** MiB, where nobody says. */
export const DEFAULT_MEMORY = 64;

export interface Guest {
  readonly name: string;
  /** Path of the image, as the toolstack opens it. */
  readonly image: string;
  /** MiB. */
  readonly memory: number;
  /** Network devices. */
  readonly nics: number;
  /** Words for the guest's command line. */
  readonly append?: string | undefined;
  /** A file with values for slots. */
  readonly slots?: string | undefined;
}

const text = (value: string): string => `"${value.replaceAll(/["\\]/g, "\\$&")}"`;

/** xl.cfg(5): for `xl create`. */
export function guestConfiguration({ name, image, memory, nics, append, slots }: Guest): string {
  const vifs = Array.from({ length: nics }, () => text("bridge=xenbr0"));
  const rows: readonly (readonly [key: string, value: string | undefined])[] = [
    ["name", text(name)],
    ["type", text("pvh")],
    ["kernel", text(image)],
    ["ramdisk", slots === undefined ? undefined : text(slots)],
    ["extra", append === undefined ? undefined : text(append)],
    ["memory", String(memory)],
    ["vcpus", "1"],
    ["vif", `[${vifs.join(", ")}]`],
    ["on_crash", text("restart")],
  ];
  return rows.flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}\n`])).join("");
}
