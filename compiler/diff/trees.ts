/** What of a folder is in no digest of a file: which files may be executed. */
import { filesOf } from "../store/tree.ts";
import type { Recipe } from "./documents.ts";
import { type CauseDraft, cause } from "./draft.ts";
import { type Both, byRole, type Walk } from "./walk.ts";

/** Added to the cause of a file that has changed anyway. */
export function treeCauses({ a, b }: Both<Recipe>, walk: Walk, files: readonly CauseDraft[]): CauseDraft[] {
  return byRole(a.trees, b.trees, ({ path }) => path).flatMap((row) => {
    if (row.a === undefined || row.b === undefined || row.a.digest === row.b.digest) return [];
    const [one, other] = [row.a, row.b].map(({ digest }) => filesOf(digest, (each) => walk.bytes(each)));
    return byRole(one ?? [], other ?? [], ({ path }) => path).flatMap((file) => {
      if (file.a === undefined || file.b === undefined || file.a.executable === file.b.executable) return [];
      const what = `${row.role}/${file.role}`;
      const shown = (executable: boolean) => (executable ? "yes" : "no");
      const detail = {
        what: "executable",
        change: "changed" as const,
        from: shown(file.a.executable),
        to: shown(file.b.executable),
      };
      const same = files.find((draft) => draft.what === what);
      same?.details.push(detail);
      return same === undefined ? [cause({ kind: "file", what, change: "changed", details: [detail] })] : [];
    });
  });
}
