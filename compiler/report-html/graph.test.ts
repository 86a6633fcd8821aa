import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layered, type Spot } from "./graph-layers.ts";
import { type Box, drawingOf } from "./graph-places.ts";
import type { GraphNode } from "./module-graph.ts";

/** `n0` asks for those in its list, and so on; a module asks only for later ones. */
const graph = (...asks: readonly (readonly number[])[]): GraphNode[] =>
  asks.map((targets, n) => ({
    id: `n${n}`,
    name: `std/module/${n}`,
    module: `std/module/${n}`,
    ports: targets.map((to) => ({ label: `need${to}`, to: `n${to}`, title: "" })),
  }));

const names = (rows: readonly (readonly Spot[])[]) =>
  rows.map((row) => row.map(({ node }) => node?.id ?? "|").toSorted());

describe("rows", () => {
  test("everybody stands below all who ask for it; edges have a place in each row that they pass", () => {
    expect(names(layered(graph([1, 2], [2], [])))).toEqual([["n0"], ["n1", "|"], ["n2"]]);
  });

  test("edges that need not cross do not", () => {
    // Two ladders that are told crosswise.
    const [top, bottom] = layered(graph([3], [2], [], []));
    expect(top!.map(({ below }) => bottom!.indexOf(below[0]!))).toEqual([0, 1]);
  });

  test("a circle, which no plan has, is drawn without the edge that closes it", () => {
    expect(names(layered(graph([1], [0])))).toEqual([["n0"], ["n1"]]);
    expect(names(layered(graph([0])))).toEqual([["n0"]]);
  });
});

describe("places", () => {
  const anyGraph = fc
    .array(fc.array(fc.nat(9), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
    .map((asks) =>
      graph(
        ...asks.map((list, n) =>
          [...new Set(list.map((step) => n + 1 + step))].filter((to) => to < asks.length),
        ),
      ),
    );

  test("boxes lie in the drawing and do not touch; needs lie in their box", () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const { boxes, width, height } = drawingOf(layered(nodes), () => "1,234");
        const own = [...boxes.values()].filter(({ spot }) => spot.node !== undefined);
        expect(own.length).toBe(nodes.length);
        for (const [n, box] of own.entries()) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(width);
          expect(box.y + box.height).toBeLessThanOrEqual(height);
          for (const { x } of box.ports)
            expect(Math.abs(x - box.x - box.width / 2)).toBeLessThan(box.width / 2);
          for (const other of own.slice(n + 1)) expect(apart(box, other)).toBe(true);
        }
      }),
    );
  });

  test("an edge that passes rows passes beside their boxes", () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const { boxes } = drawingOf(layered(nodes), () => "");
        const all = [...boxes.values()];
        for (const way of all.filter(({ spot }) => spot.node === undefined))
          for (const other of all) if (other !== way) expect(apart(way, other)).toBe(true);
      }),
    );
  });

  const apart = (a: Box, b: Box): boolean =>
    a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
});
