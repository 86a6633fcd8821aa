/** Whole KiB, upwards: a budget is not kept by rounding. */
export const kib = (bytes: bigint): string => `${(bytes + 1023n) / 1024n}KiB`;

/** What a limit is called that nobody has set: of flash memory an image has one slot. */
export const boardHas = (of: "image" | "flash" | "ram"): string =>
  of === "flash" ? "one slot of the board has" : "the board has";
