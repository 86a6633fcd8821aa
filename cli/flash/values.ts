/** Values for slots, for the partition of the chip's flash memory that images leave alone. */
import { type FlashContents, mostText, valuesOf } from "#backends";
import { inputError } from "../exit.ts";
import type { GivenLines } from "../run/given.ts";

/** Before everything else: an image that starts finds them. Without values what the chip has stays there. */
export function withValues(contents: FlashContents, given: GivenLines): FlashContents {
  if (given === undefined) return contents;
  const { values } = contents;
  if (values === undefined)
    throw inputError(
      "this image has no place for values in flash memory",
      "leave out --secret, --slots and `-p`",
    );
  const [length, most] = [Buffer.byteLength(given), mostText(values.size)];
  if (length > most)
    throw inputError(
      `the values have ${length} bytes, and there is room for ${most}`,
      "give fewer, or shorter ones",
    );
  const part = { name: "values", offset: values.offset, bytes: valuesOf(given), starts: false };
  return { ...contents, parts: [part, ...contents.parts] };
}
