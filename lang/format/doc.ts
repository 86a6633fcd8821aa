/**
 * Documents: texts with places where a line may end (P. Wadler, "A prettier printer"), and what a configuration file needs beside
 * that: comments that nothing may be written behind, columns that stand below each other.
 *
 * A comment ends its line. Each document knows whether that makes it longer than one line, so that all groups around it break.
 */

export type Doc =
  | (Flags & { readonly kind: "text"; readonly text: string })
  /** May be written in front of a comment that waits for the end of the line: a comma. */
  | (Flags & { readonly kind: "separator"; readonly text: string })
  /** Several lines that stay as they are. */
  | (Flags & { readonly kind: "verbatim"; readonly lines: (indent: number) => readonly string[] })
  | (Flags & { readonly kind: "concat"; readonly parts: readonly Doc[] })
  /** On one line if it fits. */
  | (Flags & { readonly kind: "group"; readonly doc: Doc })
  | (Flags & { readonly kind: "indent"; readonly doc: Doc })
  /** `flat` in a group that is on one line, otherwise the end of a line, and with `blank` an empty one behind it. */
  | (Flags & { readonly kind: "line"; readonly flat: string; readonly blank: boolean })
  /** One or the other, as the group around it is. */
  | (Flags & { readonly kind: "ifBroken"; readonly broken: Doc; readonly flat: Doc })
  /** Behind a token, the lines below each other. */
  | (Flags & { readonly kind: "comment"; readonly lines: readonly string[] })
  /** On a line of its own; with `blank` an empty one follows. */
  | (Flags & { readonly kind: "ownComment"; readonly text: string; readonly blank: boolean })
  /** What is behind it stands at the same column on all lines of a run that have this tag. */
  | (Flags & { readonly kind: "tab"; readonly tag: string; readonly list: number })
  /** One of a list of things; those that take one line each are lined up with their neighbours of the same class. */
  | (Flags & { readonly kind: "item"; readonly doc: Doc; readonly list: number; readonly class: string });

interface Flags {
  /** It takes more than one line. */
  readonly force: boolean;
  /** It begins with a comment, so it stands at the start of a line. */
  readonly head: boolean;
  /** It ends with a comment, so nothing stands behind it on its line. */
  readonly tail: boolean;
  /** It writes nothing that counts as content. */
  readonly void: boolean;
}

const plain: Flags = { force: false, head: false, tail: false, void: false };
const nothing: Flags = { ...plain, void: true };
const flagsOf = ({ force, head, tail, void: empty }: Doc): Flags => ({ force, head, tail, void: empty });

export const text = (it: string): Doc => ({ kind: "text", text: it, ...(it === "" ? nothing : plain) });
export const separator = (it: string): Doc => ({ kind: "separator", text: it, ...nothing });
export const verbatim = (lines: (indent: number) => readonly string[]): Doc => ({
  kind: "verbatim",
  lines,
  ...plain,
  force: true,
});
export const empty = text("");
export const space = text(" ");

export function concat(...parts: readonly Doc[]): Doc {
  const full = parts.filter((part) => !part.void);
  return {
    kind: "concat",
    parts,
    force: full.some((part, n) => part.force || (n > 0 && (part.head || full[n - 1]!.tail))),
    head: full[0]?.head ?? false,
    tail: full.at(-1)?.tail ?? false,
    void: full.length === 0,
  };
}

export const group = (doc: Doc, force = false): Doc => ({
  kind: "group",
  doc,
  ...flagsOf(doc),
  force: force || doc.force,
});
export const indent = (doc: Doc): Doc => ({ kind: "indent", doc, ...flagsOf(doc) });
export const line = (blank = false): Doc => ({ kind: "line", flat: " ", blank, ...plain });
export const softLine = (blank = false): Doc => ({ kind: "line", flat: "", blank, ...plain });
export const hardLine = (blank = false): Doc => ({ kind: "line", flat: "", blank, ...plain, force: true });
export const ifBroken = (broken: Doc, flat: Doc): Doc => ({
  kind: "ifBroken",
  broken,
  flat,
  ...flagsOf(broken),
});
export const comment = (lines: readonly string[]): Doc => ({
  kind: "comment",
  lines,
  ...plain,
  tail: true,
});
export const ownComment = (it: string, blank: boolean): Doc => ({
  kind: "ownComment",
  text: it,
  blank,
  ...plain,
  head: true,
  tail: true,
});
export const tab = (tag: string, list: number): Doc => ({ kind: "tab", tag, list, ...nothing });
export const item = (doc: Doc, list: number, of: string): Doc => ({
  kind: "item",
  doc,
  list,
  class: of,
  ...flagsOf(doc),
});

/** The documents with one between each two. */
export function join(docs: readonly Doc[], between: (index: number) => Doc): Doc {
  return concat(...docs.flatMap((doc, n) => (n === 0 ? [doc] : [between(n), doc])));
}
