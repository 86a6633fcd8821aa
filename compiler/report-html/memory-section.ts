/** The memory of the machine as the image sees it: each range where it lies, to scale. */
import type { MapRow } from "../build/backend.ts";
import { grouped } from "../diff/text.ts";
import { html, type Markup, short } from "./markup.ts";
import type { Section } from "./page.ts";

const accesses: Readonly<Record<MapRow["access"], string>> = {
  rx: "read, execute",
  r: "read only",
  rw: "read, write",
};

export function memorySection(map: readonly MapRow[]): Section | undefined {
  const rows = map.filter(({ size }) => size > 0).toSorted((a, b) => a.address - b.address);
  if (rows.length === 0) return undefined;
  const clusters = clustersOf(rows);
  const scale = Math.max(...clusters.map(extent));
  const all = rows.reduce((sum, { size }) => sum + size, 0);
  const stored = rows.reduce((sum, row) => sum + row.stored, 0);
  return {
    id: "memory",
    title: "Memory map",
    body: html`<p>${grouped(all)} bytes of memory have a purpose; ${grouped(stored)} of them come from the file, the rest begins as zeros. All bars have one scale; far apart ranges have a line of their own.</p>
<ul class="legend">${(["rx", "r", "rw"] as const).map((access) => html`<li><i class="swatch ${access}"></i>${accesses[access]} <span class="muted">${access}</span></li>`)}<li><i class="swatch zero"></i>outlined: zeros, not in the file</li></ul>
<div class="scroll"><table><thead><tr><th>Range</th><th>Address</th><th class="n">Bytes</th><th>Access</th><th class="n optional">In the file</th><th>Where</th></tr></thead><tbody>${clusters.map(
      (cluster, n) =>
        html`${n > 0 && gapRow(clusters[n - 1]!, cluster)}${cluster.map((row) => rowOf(row, cluster, scale))}`,
    )}</tbody></table></div>`,
  };
}

const end = ({ address, size }: MapRow): number => address + size;
const extent = (cluster: readonly MapRow[]): number => end(cluster.at(-1)!) - cluster[0]!.address;

/** A hole that is larger than all that there is would leave nothing to see of the rest. */
function clustersOf(rows: readonly MapRow[]): MapRow[][] {
  const all = rows.reduce((sum, { size }) => sum + size, 0);
  const clusters: MapRow[][] = [];
  for (const row of rows) {
    const last = clusters.at(-1);
    if (last !== undefined && row.address - end(last.at(-1)!) <= all) last.push(row);
    else clusters.push([row]);
  }
  return clusters;
}

function gapRow(before: readonly MapRow[], after: readonly MapRow[]): Markup {
  const hole = after[0]!.address - end(before.at(-1)!);
  return html`<tr><td colspan="6" class="where">${grouped(hole)} bytes of nothing</td></tr>`;
}

function rowOf(
  { name, address, size, access, stored }: MapRow,
  cluster: readonly MapRow[],
  scale: number,
): Markup {
  return html`<tr><td>${name}</td><td class="v at">0x${address.toString(16).padStart(8, "0")}</td><td class="n">${grouped(size)}</td><td class="v">${access}</td><td class="n optional">${grouped(stored)}</td><td class="wide">${bar()}</td></tr>`;

  function bar(): Markup {
    const place = (bytes: number) => (bytes / scale) * 1000;
    const from = place(address - cluster[0]!.address);
    // What is small is still there.
    const width = Math.max(place(size), 3);
    const filled = (width * stored) / size;
    return html`<svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="1000" height="12"/><rect class="${access}" x="${short(from)}" width="${short(width)}" height="12" opacity="${stored === 0 ? 0.45 : 1}"/>${
      filled < width &&
      html`<rect class="zero" x="${short(from + filled)}" y="0.5" width="${short(width - filled)}" height="11"/>`
    }</svg>`;
  }
}
