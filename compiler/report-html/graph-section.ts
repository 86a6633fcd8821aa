/** The graph of the modules, drawn; and below it every way to each of them. */
import type { BuildReport } from "../build/report.ts";
import { grouped } from "../diff/text.ts";
import { chainsTo, chainText, reasonText } from "../why/chains.ts";
import { layered, type Spot } from "./graph-layers.ts";
import { type Box, type Drawing, drawingOf } from "./graph-places.ts";
import { html, type Markup, short } from "./markup.ts";
import { moduleGraph } from "./module-graph.ts";
import type { Section } from "./page.ts";

export function graphSection(report: BuildReport, colourOf: (module: string) => string): Section {
  const bytes = new Map(report.sizes.code.map((row) => [row.name, row.bytes]));
  const noteOf = ({ node }: Spot): string => {
    const size = node?.module && bytes.get(node.module);
    return size === undefined ? "" : grouped(Number(size));
  };
  const rows = layered(moduleGraph(report.modules, reasonText));
  const numbers = new Map(report.modules.map(({ path }, n) => [path, n]));
  return {
    id: "modules",
    title: "Modules, and why they are there",
    body: html`<p>Every line is a need, written where it begins; what it leads to meets it. Dashed: what the description says, and the target. A tap on a module shows the ways to it.</p>
<div><div class="graph" tabindex="0" role="group" aria-label="Graph of the modules">${svgOf(drawingOf(rows, noteOf), noteOf, colourOf, numbers)}</div>
<div id="ways" aria-live="polite"></div></div>
<h3>Every module with the ways to it</h3>
${report.modules
  .toReversed()
  .map((module) => moduleMarkup(module, numbers.get(module.path)!, bytes.get(module.path) ?? 0, report))}`,
  };
}

function svgOf(
  { width, height, boxes }: Drawing,
  noteOf: (spot: Spot) => string,
  colourOf: (module: string) => string,
  numbers: ReadonlyMap<string, number>,
): Markup {
  const all = [...boxes.values()];
  return html`<svg viewBox="0 0 ${short(width)} ${short(height)}" width="${short(width)}" height="${short(height)}" role="presentation">
${all.flatMap((box) => edgesOf(box, boxes))}
${all.map((box) => boxMarkup(box, noteOf(box.spot), colourOf, numbers))}</svg>`;
}

function edgesOf(box: Box, boxes: ReadonlyMap<Spot, Box>): Markup[] {
  return box.ports.map(({ port, x, next }) => {
    let [atX, atY] = [x, box.y + box.height];
    let path = `M${short(atX)} ${short(atY)}`;
    let before = box.spot;
    for (let spot: Spot | undefined = next; spot !== undefined; ) {
      const to: Box = boxes.get(spot)!;
      const toX = spot.node === undefined ? to.x + to.width / 2 : arrival(to, before, boxes);
      const middle = short((atY + to.y) / 2);
      path += `C${short(atX)} ${middle} ${short(toX)} ${middle} ${short(toX)} ${short(to.y)}`;
      [atX, atY] = [toX, to.y + to.height];
      if (spot.node !== undefined) break;
      path += `V${short(atY)}`;
      before = spot;
      spot = spot.below[0];
    }
    return html`<path d="${path}" data-from="${box.spot.id}" data-to="${port.to}"><title>${port.title}</title></path>`;
  });
}

/** Edges reach a box side by side, in the order in which they come. */
function arrival(box: Box, from: Spot, boxes: ReadonlyMap<Spot, Box>): number {
  const centre = (spot: Spot) => boxes.get(spot)!.x + boxes.get(spot)!.width / 2;
  const others = [...new Set(box.spot.above)].toSorted((a, b) => centre(a) - centre(b));
  const step = Math.min(12, (box.width - 16) / others.length);
  return box.x + box.width / 2 + (others.indexOf(from) - (others.length - 1) / 2) * step;
}

function boxMarkup(
  { spot, x, y, width, height, ports }: Box,
  note: string,
  colourOf: (module: string) => string,
  numbers: ReadonlyMap<string, number>,
): Markup | false {
  const { node } = spot;
  if (node === undefined) return false;
  const head = html`<text x="${short(x + 12)}" y="${short(y + 17)}">${node.name}</text>${
    note !== "" &&
    html`<text class="size" text-anchor="end" x="${short(x + width - 12)}" y="${short(y + 17)}">${note}</text>`
  }${ports.map(
    ({ port, x: at }) =>
      port.label !== "" &&
      html`<text class="need" text-anchor="middle" x="${short(at)}" y="${short(y + height - 6)}">${port.label}</text>`,
  )}`;
  const rect = (colour: string) =>
    html`<rect class="${colour}" x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" rx="5"/>`;
  if (node.module === undefined)
    return html`<g class="said" data-node="${node.id}"><title>${node.ports[0]!.title}</title>${rect("")}${head}</g>`;
  return html`<a href="#why-${numbers.get(node.module)!}" data-node="${node.id}">${rect(colourOf(node.module))}${head}</a>`;
}

function moduleMarkup(
  { path, doc, parts }: BuildReport["modules"][number],
  n: number,
  bytes: number,
  report: BuildReport,
): Markup {
  const { chains, more } = chainsTo(report.modules, path);
  const on = parts.filter((part) => part.on).map(({ name }) => name);
  const off = parts.filter((part) => !part.on).map(({ name }) => name);
  return html`<details id="why-${n}"><summary><span class="line"><span>${path}</span><span class="n">${grouped(bytes)} bytes</span></span></summary>
${doc !== undefined && html`<p>${doc.split("\n\n")[0]}</p>`}
${parts.length > 0 && html`<p class="muted">${on.length > 0 && `Parts that are on: ${on.join(", ")}. `}${off.length > 0 && `Parts that are off: ${off.join(", ")}.`}</p>`}
${chains.map((chain) => html`<pre>${chainText(chain).join("\n")}</pre>`)}
${more && html`<p class="muted">… and longer ways</p>`}</details>
`;
}
