/**
 * What a page can do beyond being read: say what is pointed at below a map, and show the ways to a module beside the graph. Without it the same
 * is said by titles, links and tables.
 */
export const script = `"use strict";
for (const map of document.querySelectorAll("figure.map")) {
  const caption = map.querySelector("figcaption");
  const usual = caption.textContent;
  const say = (event) => {
    const tile = event.target.closest(".tile");
    caption.textContent = tile ? tile.title : usual;
  };
  map.addEventListener("pointerover", say);
  map.addEventListener("focusin", say);
  map.addEventListener("pointerdown", say);
  map.addEventListener("pointerleave", () => { caption.textContent = usual; });
}
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector(".zoom:target")) location.hash = "map";
});
const open = () => {
  const there = location.hash && document.getElementById(location.hash.slice(1));
  if (there && there.matches("details")) there.open = true;
};
addEventListener("hashchange", open);
open();
const graph = document.querySelector(".graph");
const panel = document.getElementById("ways");
if (graph && panel) {
  const edges = [...graph.querySelectorAll("path[data-from]")];
  const nodes = [...graph.querySelectorAll("[data-node]")];
  graph.addEventListener("click", (event) => {
    const box = event.target.closest("a[data-node]");
    graph.classList.toggle("picked", Boolean(box));
    if (!box) return panel.replaceChildren();
    event.preventDefault();
    const above = new Set([box.dataset.node]);
    for (let before = 0; before !== above.size; ) {
      before = above.size;
      for (const { dataset } of edges) if (above.has(dataset.to)) above.add(dataset.from);
    }
    for (const edge of edges) edge.classList.toggle("on", above.has(edge.dataset.to));
    for (const each of nodes) {
      each.classList.toggle("on", above.has(each.dataset.node));
      each.classList.toggle("self", each === box);
    }
    const source = document.getElementById(box.getAttribute("href").slice(1));
    panel.replaceChildren(...[...source.children].map((part) => {
      if (part.localName !== "summary") return part.cloneNode(true);
      const title = document.createElement("h3");
      title.append(...part.cloneNode(true).childNodes);
      return title;
    }));
    panel.scrollTop = 0;
  });
}
`;
