/** Where the bytes of an image are: a map of it by module and function, and the same as tables. */
import { grouped } from "../diff/text.ts";
import { type ImagePart, libraryOf } from "./image-parts.ts";
import { html, type Markup, short } from "./markup.ts";
import type { Section } from "./page.ts";
import type { Sheet } from "./sheet.ts";
import { type Tile, treemapOf } from "./treemap.ts";

/** Of one module, in the map of it alone; what is smaller is one tile. */
const MOST_TILES = 300;

type Sized = NonNullable<ImagePart["functions"]>[number];

export function sizeSection(parts: readonly ImagePart[], sheet: Sheet): Section {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const colours = coloursOf(parts);
  const zooms = parts.flatMap((part, n) => (canZoom(part) ? [zoomOf(part, n, total, colours, sheet)] : []));
  const tiles = parts.map((part, n) => partTile(part, n, total, colours));
  return {
    id: "size",
    title: "What the file is made of",
    body: html`<p>${grouped(total)} bytes; each area is a share of them. A tap on a module shows its functions alone.</p>
<figure class="map" id="map">
<div class="whole">${treemapOf(tiles, "m", sheet)}</div>
${zooms}
${legend(parts, colours)}
<figcaption>Point at an area, or move to it with the keyboard, to see what it is.</figcaption>
</figure>
<h3>The same as a list</h3>
${parts.map((part) => tableOf(part, total))}`,
  };
}

const canZoom = ({ functions }: ImagePart): boolean => (functions?.length ?? 0) > 1;

/** Libraries in the order of their sizes have one colour each, while there are some; generated code and parts of the file have theirs. */
const LIBRARY_COLOURS = ["g0", "g1", "g2", "g4", "g5", "g3"] as const;
const [GENERATED, OTHER] = ["g7", "g6"] as const;

function coloursOf(parts: readonly ImagePart[]): (part: ImagePart) => { colour: string; group: string } {
  const sizes = new Map<string, number>();
  for (const { library, bytes } of parts)
    if (library !== undefined) sizes.set(library, (sizes.get(library) ?? 0) + bytes);
  const libraries = [...sizes]
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([name]) => name);
  return ({ library, functions }) => {
    if (functions === undefined) return { colour: OTHER, group: "the file itself: boot code, data, headers" };
    if (library === undefined) return { colour: GENERATED, group: "generated wiring, language run time" };
    const colour = LIBRARY_COLOURS[libraries.indexOf(library)];
    return colour === undefined ? { colour: OTHER, group: "other libraries" } : { colour, group: library };
  };
}

/** The colours of the map, for whoever shows the same modules; of some there is no code. */
export function colourOfModules(
  parts: readonly ImagePart[],
  modules: readonly string[],
): (module: string) => string {
  const part = (name: string): ImagePart => ({ name, bytes: 0, library: libraryOf(name), functions: [] });
  const colours = coloursOf([...parts, ...modules.map(part)]);
  return (name) => colours(part(name)).colour;
}

function legend(parts: readonly ImagePart[], colours: ReturnType<typeof coloursOf>): Markup {
  const rows = new Map<string, { readonly colour: string; readonly bytes: number }>();
  for (const part of parts) {
    const { colour, group } = colours(part);
    rows.set(group, { colour, bytes: (rows.get(group)?.bytes ?? 0) + part.bytes });
  }
  const sorted = [...rows].toSorted((a, b) => b[1].bytes - a[1].bytes);
  return html`<ul class="legend">${sorted.map(
    ([group, { colour, bytes }]) =>
      html`<li><i class="${colour}"></i>${group} <span class="muted">${grouped(bytes)}</span></li>`,
  )}</ul>`;
}

function partTile(part: ImagePart, n: number, total: number, colours: ReturnType<typeof coloursOf>): Tile {
  const { name, bytes, functions } = part;
  const count = functions === undefined ? "" : `, ${counted(functions.length)}`;
  const { colour } = colours(part);
  return {
    name,
    bytes,
    note: grouped(bytes),
    title: `${name}: ${grouped(bytes)} bytes, ${share(bytes, total)} of the file${count}`,
    colour: canZoom(part) ? `${colour} nest` : colour,
    href: canZoom(part) ? `#z${n}` : undefined,
    tiles: canZoom(part) ? functions!.map((each) => functionTile(each, part)) : undefined,
  };
}

function functionTile({ name, bytes }: Sized, { name: module, bytes: all }: ImagePart): Tile {
  return {
    name,
    label: lastName(name),
    bytes,
    note: grouped(bytes),
    title: `${name}: ${grouped(bytes)} bytes, ${share(bytes, all)} of ${module}`,
    colour: "",
  };
}

function zoomOf(
  part: ImagePart,
  n: number,
  total: number,
  colours: ReturnType<typeof coloursOf>,
  sheet: Sheet,
): Markup {
  const { name, bytes, functions } = part;
  const { colour } = colours(part);
  const shown = functions!.slice(0, MOST_TILES);
  const rest = functions!.slice(MOST_TILES);
  const tiles = shown.map((each): Tile => ({ ...functionTile(each, part), colour }));
  const restBytes = rest.reduce((sum, each) => sum + each.bytes, 0);
  if (rest.length > 0) {
    const title = `${rest.length} smaller functions`;
    tiles.push({ name: title, bytes: restBytes, note: grouped(restBytes), title, colour });
  }
  return html`<div class="zoom" id="z${n}"><p><b>${name}</b>: ${grouped(bytes)} bytes, ${share(bytes, total)} of the file, ${counted(functions!.length)}. <a href="#map">Back to the whole file</a></p>${treemapOf(tiles, `z${n}-`, sheet)}</div>`;
}

function tableOf(part: ImagePart, total: number): Markup {
  const { name, bytes, functions } = part;
  const size = html`<span class="n">${grouped(bytes)} bytes · ${share(bytes, total)}</span>`;
  if (functions === undefined || functions.length === 0)
    return html`<details><summary><span class="line"><span>${name}</span>${size}</span></summary><p class="muted">A part of the file that is no function's.</p></details>`;
  return html`<details><summary><span class="line"><span>${name}</span>${size}</span></summary><table><thead><tr><th>Function</th><th class="n">Bytes</th></tr></thead><tbody>${functions.map(
    (each) => html`<tr><td class="v">${each.name}</td><td class="n">${grouped(each.bytes)}</td></tr>`,
  )}</tbody></table></details>`;
}

/** `header` of `stdlib/dns/server/respond/header`, and `Table#find` of a method. Types in angle brackets have slashes of their own. */
function lastName(name: string): string {
  const plain = /^[^<]*/.exec(name)![0];
  return name.slice(plain.lastIndexOf("/") + 1);
}

const counted = (functions: number): string => `${functions} function${functions === 1 ? "" : "s"}`;

export function share(bytes: number, total: number): string {
  const tenths = Math.round((bytes / Math.max(total, 1)) * 1000);
  return tenths === 0 && bytes > 0 ? "< 0.1 %" : `${short(tenths / 10)} %`;
}
