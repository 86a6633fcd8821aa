/**
 * Who stands in which row, and in which order: edges lead downwards from row to row, through places of their own where they pass one, and
 * cross as little as a few sweeps can reach (Sugiyama, Tagawa and Toda, 1981).
 */
import type { GraphNode } from "./module-graph.ts";

/** Something in a row: a node, or an edge on its way. */
export interface Spot {
  readonly id: string;
  readonly node: GraphNode | undefined;
  readonly row: number;
  /** In the next row, by port; of an edge on its way there is one. */
  readonly below: Spot[];
  readonly above: Spot[];
}

const SWEEPS = 24;

/** `nodes`: whoever asks stands before all that it asks for. What does not is not drawn. */
export function layered(nodes: readonly GraphNode[]): Spot[][] {
  const order = new Map(nodes.map(({ id }, n) => [id, n]));
  const depth = new Map<string, number>();
  for (const { id, ports } of nodes) {
    const own = depth.get(id) ?? 0;
    depth.set(id, own);
    for (const { to } of ports)
      if (order.get(to)! > order.get(id)!) depth.set(to, Math.max(depth.get(to) ?? 0, own + 1));
  }
  const spots = new Map(
    nodes.map((node): [string, Spot] => [
      node.id,
      { id: node.id, node, row: depth.get(node.id)!, below: [], above: [] },
    ]),
  );
  const rows: Spot[][] = Array.from({ length: Math.max(0, ...depth.values()) + 1 }, () => []);
  for (const spot of spots.values()) rows[spot.row]!.push(spot);
  for (const { id, ports } of nodes)
    ports.forEach(({ to }, n) => {
      if (order.get(to)! > order.get(id)!) join(spots.get(id)!, spots.get(to)!, `${id}.${n}`, rows);
    });
  return leastCrossed(rows);
}

/** Through every row between them. */
function join(from: Spot, to: Spot, name: string, rows: Spot[][]): void {
  let last = from;
  for (let row = from.row + 1; row < to.row; row++) {
    const way: Spot = { id: `${name}.${row}`, node: undefined, row, below: [], above: [last] };
    rows[row]!.push(way);
    last.below.push(way);
    last = way;
  }
  last.below.push(to);
  to.above.push(last);
}

function leastCrossed(rows: readonly Spot[][]): Spot[][] {
  let now = rows.map((row) => [...row]);
  let best = now;
  let fewest = crossings(now);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    now = now.map((row) => [...row]);
    const indices = now.map((_, n) => n);
    for (const n of down ? indices : indices.toReversed()) {
      const beside = placesIn(now[down ? n - 1 : n + 1] ?? []);
      const own = placesIn(now[n]!);
      const wish = new Map(
        now[n]!.map((spot) => [spot, mean(down ? spot.above : spot.below, beside) ?? own.get(spot)!]),
      );
      now[n] = now[n]!.toSorted((a, b) => wish.get(a)! - wish.get(b)!);
    }
    const count = crossings(now);
    if (count < fewest) [best, fewest] = [now, count];
  }
  return best;
}

const placesIn = (row: readonly Spot[]): Map<Spot, number> => new Map(row.map((spot, n) => [spot, n]));

function mean(spots: readonly Spot[], places: ReadonlyMap<Spot, number>): number | undefined {
  const found = spots.flatMap((spot) => places.get(spot) ?? []);
  return found.length === 0 ? undefined : found.reduce((sum, place) => sum + place, 0) / found.length;
}

function crossings(rows: readonly (readonly Spot[])[]): number {
  let count = 0;
  for (const [n, row] of rows.entries()) {
    const places = placesIn(rows[n + 1] ?? []);
    const ends = row.flatMap(({ below }) => below.map((spot) => places.get(spot)!).toSorted((a, b) => a - b));
    for (const [i, end] of ends.entries()) for (const later of ends.slice(i + 1)) if (later < end) count++;
  }
  return count;
}
