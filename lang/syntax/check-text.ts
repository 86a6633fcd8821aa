/** What is wrong with a text before anybody asks what it means. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type Decoded, decode, withoutMark } from "../source/decode.ts";
import { SourceText } from "../source/text.ts";

/** In code units. Bounds the time that any text can take. */
const MAX_LENGTH = 2 * 1024 * 1024;

export interface Checked {
  readonly source: SourceText;
  readonly diagnostics: readonly Diagnostic[];
  /** There is no sense in looking further. */
  readonly hopeless: boolean;
}

/** UTF-8, normal form C, no characters that hide what is written, and not too long. */
export function checkText(path: string, content: Uint8Array | string): Checked {
  const decoded: Decoded =
    typeof content === "string"
      ? { text: withoutMark(content), fault: undefined, binary: content.includes("\0") }
      : decode(content);
  const { text, fault, binary } = decoded;
  const source = new SourceText(path, binary || text.length > MAX_LENGTH ? "" : text);
  const at = (start: number, length: number) => source.span(start, start + length);
  if (binary)
    return { source, diagnostics: [diagnose("E0007", at(0, 0), { byte: 0, binary })], hopeless: true };
  if (text.length > MAX_LENGTH)
    return { source, diagnostics: [diagnose("E0014", at(0, 0), { limit: "2 MiB" })], hopeless: true };
  const diagnostics: Diagnostic[] = [];
  if (fault) diagnostics.push(diagnose("E0007", at(fault.offset, 1), { byte: fault.byte, binary }));
  const different = denormal(source);
  if (different) diagnostics.push(different);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const hidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  for (const { index } of text.matchAll(hidden))
    diagnostics.push(diagnose("E0013", at(index, 1), { code: text.charCodeAt(index) }));
  return { source, diagnostics, hopeless: false };
}

/** The first character that normal form C would write differently. */
function denormal(source: SourceText): Diagnostic | undefined {
  const { text } = source;
  const normal = text.normalize("NFC");
  if (normal === text) return undefined;
  const length = Math.min(text.length, normal.length);
  let start = 0;
  while (start < length && text[start] === normal[start]) start++;
  const isMark = (offset: number) => /^\p{M}/u.test(text.slice(offset, offset + 2));
  while (start > 0 && (isMark(start) || /[\udc00-\udfff]/.test(text[start] ?? ""))) start--;
  let end = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
  while (end < text.length && end < start + 16 && isMark(end)) end++;
  const form = text.slice(start, end).normalize("NFC");
  return diagnose("E0012", source.span(start, Math.min(end, text.length)), { form });
}
