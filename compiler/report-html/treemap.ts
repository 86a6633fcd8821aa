/** Treemaps, laid out here for a wide and for a narrow page: the page itself needs no script for them. */
import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { html, type Markup, short } from "./markup.ts";
import type { Sheet } from "./sheet.ts";

export interface Tile {
  readonly name: string;
  /** What is written on it; without it, the name. */
  readonly label?: string;
  /** Its area. */
  readonly bytes: number;
  /** Written below the label. */
  readonly note: string;
  /** What is said when it is pointed at. */
  readonly title: string;
  /** Classes of the page's style: its colour. */
  readonly colour: string;
  /** Where a tap leads. */
  readonly href?: string | undefined;
  readonly tiles?: readonly Tile[] | undefined;
}

/** Heights are pixels; widths are those of a usual window, and become shares of the real one. */
const shapes = {
  wide: { width: 1080, height: 540 },
  narrow: { width: 350, height: 620 },
} as const;
export type Layout = keyof typeof shapes;
const layouts: readonly Layout[] = ["wide", "narrow"];

const LABEL = 20;
const SMALLEST = 3;
/** About as wide as a letter of a label is. */
const LETTER = 7.2;

/** `prefix` begins the ids of the tiles. */
export function treemapOf(tiles: readonly Tile[], prefix: string, sheet: Sheet): Markup {
  const placed = layouts.map((layout) => place(tiles, layout, prefix, sheet));
  // Both have the same tiles, and only the rules for them differ.
  const shown = new Set(placed.flatMap((ids) => [...ids]));
  const named = numbered(tiles, prefix);
  return html`<div class="tiles">${named.map((tile) => tileMarkup(tile, shown))}</div>`;
}

interface NamedTile extends Tile {
  readonly id: string;
  readonly tiles: readonly NamedTile[] | undefined;
}

const numbered = (tiles: readonly Tile[], prefix: string): NamedTile[] =>
  tiles.map((tile, n) => {
    const id = `${prefix}${n}`;
    return { ...tile, id, tiles: tile.tiles && numbered(tile.tiles, `${id}-`) };
  });

function tileMarkup(tile: NamedTile, shown: ReadonlySet<string>): Markup | false {
  if (!shown.has(tile.id)) return false;
  const { id, label, name, note, title, colour, href, tiles } = tile;
  const text = label ?? name;
  const last = lastPart(text);
  const first = text.slice(0, text.length - last.length);
  const within = html`<b>${first !== "" && html`<span>${first}</span>`}${last}</b><small>${note}</small>${(tiles ?? []).map((each) => tileMarkup(each, shown))}`;
  return href === undefined
    ? html`<div class="tile ${colour}" id="${id}" title="${title}">${within}</div>`
    : html`<a class="tile ${colour}" id="${id}" title="${title}" href="${href}">${within}</a>`;
}

type Node = HierarchyRectangularNode<Partial<NamedTile>>;

/** The ids of the tiles that can be seen. */
function place(tiles: readonly Tile[], layout: Layout, prefix: string, sheet: Sheet): Set<string> {
  const { width, height } = shapes[layout];
  const root = hierarchy<Partial<NamedTile>>({ tiles: numbered(tiles, prefix) }, (tile) => tile.tiles)
    .sum((tile) => (tile.tiles === undefined ? (tile.bytes ?? 0) : 0))
    .sort((a, b) => b.value! - a.value!);
  const laid = treemap<Partial<NamedTile>>()
    .tile(treemapSquarify)
    .size([width, height])
    .paddingInner((node) => (node.depth === 0 ? 2 : 1))
    .paddingTop((node) => (node.depth === 0 ? 0 : LABEL))(root);
  sheet.rule(layout, ".tiles", `height:${height}px`);
  const shown = new Set<string>();
  laid.each((node) => {
    if (node.depth === 0 || !isSeen(node)) return;
    const parent = node.parent!;
    const id = node.data.id!;
    shown.add(id);
    const share = (length: number) => `${short((length / (parent.x1 - parent.x0)) * 100)}%`;
    const [w, h] = [node.x1 - node.x0, node.y1 - node.y0];
    const at = `left:${share(node.x0 - parent.x0)};top:${short(node.y0 - parent.y0)}px`;
    sheet.rule(layout, `#${id}`, `${at};width:${share(w)};height:${short(h)}px`);
    labels(node.data as NamedTile, w, h, layout, sheet);
  });
  for (const node of laid.descendants())
    if (node.depth > 0 && !isSeen(node)) sheet.rule(layout, `#${node.data.id!}`, "display:none");
  return shown;
}

/** What is written on a tile: if the whole path does not fit its last part may, and else nothing. */
function labels(
  { id, label, name, note, tiles }: NamedTile,
  w: number,
  h: number,
  layout: Layout,
  sheet: Sheet,
) {
  const text = label ?? name;
  const room = (w - 10) / LETTER;
  const nested = tiles !== undefined;
  const noteFits = nested
    ? w >= (lastPart(text).length + note.length + 4) * LETTER
    : h >= 36 && room >= note.length;
  const rest = nested && noteFits ? room - note.length - 2 : room;
  if (nested && noteFits)
    sheet.rule(layout, `#${id}>b`, `padding-right:${10 + Math.ceil(note.length * LETTER)}px`);
  if (!noteFits) sheet.rule(layout, `#${id}>small`, "display:none");
  if (text.length > rest) sheet.rule(layout, `#${id}>b>span`, "display:none");
  if (h < 17 || Math.min(lastPart(text).length, 4) > rest) sheet.rule(layout, `#${id}>b`, "display:none");
}

/** `arp` of `std/net/arp`. */
const lastPart = (text: string): string => text.slice(text.lastIndexOf("/") + 1);

const isSeen = (node: Node): boolean =>
  node.x1 - node.x0 >= SMALLEST &&
  node.y1 - node.y0 >= SMALLEST &&
  (node.parent?.depth === 0 || isSeen(node.parent!));
