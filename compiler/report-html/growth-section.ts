/** Which parts of an image grew and which shrank: as bars, as a map, and function by function. */
import type { CodeChange, Detail, Difference } from "../diff/difference.ts";
import { grouped } from "../diff/text.ts";
import { changeOf, type Growth, kindOf } from "./growth.ts";
import { html, type Markup, type Part, short } from "./markup.ts";
import type { Section } from "./page.ts";
import type { Sheet } from "./sheet.ts";
import { type Tile, treemapOf } from "./treemap.ts";

const MOST_TILES = 300;

/** Of the parts of both images, if they are known. */
export function growthSection(
  { a, b }: Difference,
  growth: readonly Growth[] | undefined,
  sheet: Sheet,
): Section | undefined {
  if (a.size === undefined || b.size === undefined || growth === undefined) return undefined;
  const sized = growth.filter((part) => changeOf(part) !== 0);
  const total = { name: "the whole file", from: a.size, to: b.size, functions: [] };
  return {
    id: "growth",
    title: "What grew and what shrank",
    body: html`<p>${grouped(a.size)} → ${grouped(b.size)} bytes: ${signed(b.size - a.size)}.</p>
${growth.length === 0 ? html`<p>Every part of the file has the size it had.</p>` : mapOf(growth, sheet)}
${sized.length > 0 && tableOf(sized, total)}`,
  };
}

function mapOf(growth: readonly Growth[], sheet: Sheet): Markup {
  const tiles = growth.map((part): Tile => {
    const tile = tileOf(part);
    const { functions } = part;
    if (functions.length === 0) return tile;
    const shown = functions
      .slice(0, MOST_TILES)
      .map((each) => ({ ...tileOf(each), label: lastName(each.name) }));
    return { ...tile, colour: "g6 nest", tiles: shown };
  });
  return html`<p>Each area is as large as a change, whatever the size of what changed.</p>
<figure class="map">${treemapOf(tiles, "c", sheet)}
<ul class="legend">${(["added", "grew", "shrank", "removed"] as const).map((kind) => html`<li><i class="${kind}"></i>${kind}</li>`)}</ul>
<figcaption>Point at an area, or move to it with the keyboard, to see what it is.</figcaption></figure>`;
}

function tileOf(part: Growth): Tile {
  return {
    name: part.name,
    bytes: Math.abs(changeOf(part)),
    note: signed(changeOf(part)),
    title: `${part.name}: ${sizes(part)}`,
    colour: kindOf(part),
  };
}

const lastName = (name: string): string => name.slice(/^[^<]*/.exec(name)![0].lastIndexOf("/") + 1);

function sizes(part: Growth): string {
  const kind = kindOf(part);
  if (kind === "added" || kind === "removed") return `${kind}, ${grouped(part.to ?? part.from ?? 0)} bytes`;
  return `${kind} from ${grouped(part.from!)} to ${grouped(part.to!)} bytes, ${signed(changeOf(part))}`;
}

/** With a sign that is as wide as the other. */
export const signed = (bytes: number): string =>
  bytes === 0 ? "±0" : `${bytes > 0 ? "+" : "−"}${grouped(Math.abs(bytes))}`;

function tableOf(parts: readonly Growth[], total: Growth): Markup {
  const most = Math.max(...parts.map((part) => Math.abs(changeOf(part))));
  const row = (part: Growth, last: Part) =>
    html`<tr><td class="v">${part.name}</td><td class="n">${part.from === undefined ? "" : grouped(part.from)}</td><td class="n">${part.to === undefined ? "" : grouped(part.to)}</td><td class="n">${signed(changeOf(part))}</td><td class="wide">${last}</td></tr>`;
  return html`<div class="scroll"><table><thead><tr><th>Part of the file</th><th class="n">Before</th><th class="n">Now</th><th class="n">Change</th><th></th></tr></thead><tbody>${parts.map(
    (part) => row(part, barOf(changeOf(part), most)),
  )}${row(total, "")}</tbody></table></div>`;
}

/** To the left of the middle what went, to the right what came. */
function barOf(change: number, most: number): Markup {
  const width = Math.max((Math.abs(change) / most) * 100, 0.6);
  const x = change < 0 ? 100 - width : 100;
  return html`<svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="200" height="12"/><rect class="${change < 0 ? "minus" : "plus"}" x="${short(x)}" width="${short(width)}" height="12"/></svg>`;
}

/** Every function that is not the same. */
export function codeSection({ code }: Difference): Section | undefined {
  if (code.length === 0) return undefined;
  return {
    id: "code",
    title: "Code, by function",
    body: code.map(moduleMarkup),
  };
}

function moduleMarkup({ module, from, to, functions }: CodeChange): Markup {
  return html`<details><summary><span class="line"><span>${module}</span><span class="n">${grouped(from)} → ${grouped(to)}, ${signed(to - from)}</span></span></summary>
<div class="scroll"><table><thead><tr><th>Function</th><th class="n">Before</th><th class="n">Now</th><th>Change</th></tr></thead><tbody>${functions.map(functionRow)}</tbody></table></div></details>
`;
}

function functionRow({ what, from, to, change }: Detail): Markup {
  const cell = (bytes: Detail["from"]) => (bytes === undefined ? "" : grouped(Number(bytes)));
  const changed = from === to ? "other instructions" : signed(Number(to ?? 0) - Number(from ?? 0));
  return html`<tr><td class="v">${what}</td><td class="n">${cell(from)}</td><td class="n">${cell(to)}</td><td>${change === "changed" ? changed : change}</td></tr>`;
}
