/** What is asked of a page in a browser. The functions run in the page. */
import type { Page } from "playwright-core";

/** Text that lies outside of the window or of its box, with nothing to scroll it by. */
export const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than its window");
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? "";
      const parent = node.parentElement!;
      if (text === "" || !parent.checkVisibility() || parent.closest("script, style, title")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { right, left } = range.getBoundingClientRect();
      let box: Element | null = parent;
      while (box !== null && !["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX))
        box = box.parentElement;
      if (box === null && (right > innerWidth + 1 || left < -1)) found.push(text);
    }
    for (const text of document.querySelectorAll("svg text")) {
      const own = text.getBoundingClientRect();
      const rect = text.parentElement!.querySelector("rect")!.getBoundingClientRect();
      if (own.left < rect.left || own.right > rect.right || own.bottom > rect.bottom + 1)
        found.push(`${text.textContent} in its box`);
    }
    return found;
  });

/** How much of each treemap that is shown its tiles cover, and which lie outside. */
export const coverage = (page: Page): Promise<{ readonly share: number; readonly outside: number }[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll(".tiles")]
      .filter((map) => map.checkVisibility())
      .map((map) => {
        const whole = map.getBoundingClientRect();
        const tiles = [...map.children]
          .filter((tile) => tile.checkVisibility())
          .map((tile) => tile.getBoundingClientRect());
        const covered = tiles.reduce((sum, { width, height }) => sum + width * height, 0);
        const outside = tiles.filter(
          ({ left, right, top, bottom }) =>
            left < whole.left - 1 ||
            right > whole.right + 1 ||
            top < whole.top - 1 ||
            bottom > whole.bottom + 1,
        );
        return { share: covered / (whole.width * whole.height), outside: outside.length };
      }),
  );

/** Texts that are hard to read: their contrast (WCAG 2.2) is below 4.5. */
export const faint = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
    const over = (colours: readonly string[]): number[] => {
      context.clearRect(0, 0, 1, 1);
      for (const colour of colours) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      return [...context.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (rgb: readonly number[]): number => {
      const [r, g, b] = rgb.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement!;
      if (node.textContent?.trim() === "" || !parent.checkVisibility() || parent.closest("script, title"))
        continue;
      const behind: string[] = [];
      for (let box: Element | null = parent; box !== null; box = box.parentElement)
        behind.unshift(getComputedStyle(box).backgroundColor);
      const drawn = parent.localName === "text";
      if (drawn) behind.push(getComputedStyle(parent.parentElement!.querySelector("rect")!).fill);
      const ink = getComputedStyle(parent)[drawn ? "fill" : "color"];
      const [a, b] = [luminance(over(behind)), luminance(over([...behind, ink]))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) found.push(`${contrast.toFixed(1)}: ${node.textContent!.trim().slice(0, 40)}`);
    }
    return found;
  });
