/** Pages about diagnostics whose examples need more than the language: set-up in V8, other commands. */
import { expect, test } from "vitest";
import { isSlow, pageNames, readPage, whole } from "../tools/error-pages.ts";

const pages = pageNames.map(readPage).filter(isSlow);

test.each(pages.map((page) => [page.code, page] as const))(
  "%s: the wrong examples give it, the right ones do not",
  async (_, page) => {
    const { text, problems } = await whole(page);
    expect(problems).toEqual([]);
    expect(page.text).toBe(text);
  },
);
