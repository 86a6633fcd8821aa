/** What takes the room: every module with all that is only there for it, as `appl why --largest` prints it. */
import type { BuildReport } from "../build/report.ts";
import { grouped } from "../diff/text.ts";
import { type Cost, type CostNode, costTree } from "../why/closure.ts";
import { html, type Markup, short } from "./markup.ts";
import type { Section } from "./page.ts";
import { share } from "./size-section.ts";

export function costSection({ modules, sizes }: BuildReport): Section {
  const tree = costTree(modules, sizes.code, sizes.memory);
  return {
    id: "largest",
    title: "What takes the room",
    body: html`<p>Each stands below the nearest module that all ways to it go through: its bytes are those of itself and of all that would go with it.</p>
<div class="pair"><div><h3>Code, ${grouped(tree.total.image)} bytes</h3>${treeMarkup(tree, "image", tree.total.image)}</div>
<div><h3>Memory, ${grouped(tree.total.ram)} bytes</h3>${treeMarkup(tree, "ram", tree.total.ram)}</div></div>`,
  };
}

function treeMarkup({ children }: CostNode, kind: keyof Cost, all: number): Markup | false {
  const shown = children
    .filter(({ total }) => total[kind] > 0)
    .toSorted((a, b) => b.total[kind] - a.total[kind] || (a.name < b.name ? -1 : 1));
  return (
    shown.length > 0 && html`<ul class="tree">${shown.map((child) => itemMarkup(child, kind, all))}</ul>`
  );
}

function itemMarkup(node: CostNode, kind: keyof Cost, all: number): Markup {
  const { name, own, total } = node;
  const within = own[kind] === total[kind] ? "" : `, itself ${grouped(own[kind])}`;
  const width = short((total[kind] / Math.max(all, 1)) * 100);
  return html`<li><div><span>${name}<span class="muted">${within}</span></span><span class="muted" title="${share(total[kind], all)}">${grouped(total[kind])}</span></div><svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="4"/><rect width="${width}" height="4"/></svg>${treeMarkup(node, kind, all)}</li>`;
}
