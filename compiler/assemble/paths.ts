/** Paths of sources: relative to one root, with forward slashes, without `.` and `..` inside. */

export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** `path` as seen from `folder`; a path that begins with neither `./` nor `../` is taken as it is. */
export function joined(folder: string, path: string): string {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return (folder.startsWith("/") ? "/" : "") + parts.filter((part) => part !== "").join("/");
}

/** How a file in `folder` imports `path`: `../core/values`. */
export function relative(folder: string, path: string): string {
  const from = folder === "" ? [] : folder.split("/");
  const to = path.split("/");
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  const up = from.slice(common).map(() => "..");
  return [...(up.length === 0 ? ["."] : up), ...to.slice(common)].join("/");
}

/** Without `.ts`: what an import names. */
export const withoutExtension = (path: string): string => path.replace(/\.ts$/, "");
