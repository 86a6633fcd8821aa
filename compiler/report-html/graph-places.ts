/** Where everything of a layered graph is drawn. Letters are of one width, so that boxes fit without asking a browser. */
import type { Spot } from "./graph-layers.ts";
import type { GraphPort } from "./module-graph.ts";

export interface Box {
  readonly spot: Spot;
  /** Its left upper corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** In the order in which they are drawn. */
  readonly ports: readonly PlacedPort[];
}

export interface PlacedPort {
  readonly port: GraphPort;
  readonly x: number;
  readonly next: Spot;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<Spot, Box>;
}

const LETTER = 7.3;
const SMALL_LETTER = 6.7;
const [PADDING, PORT_GAP, BOX_GAP, WAY_WIDTH] = [12, 14, 18, 8];
const [HEAD, PORTS, ROW_GAP, MARGIN] = [26, 18, 44, 16];
const PASSES = 12;

export function drawingOf(rows: readonly (readonly Spot[])[], noteOf: (spot: Spot) => string): Drawing {
  const widths = new Map(rows.flat().map((spot) => [spot, widthOf(spot, noteOf(spot))]));
  const centres = centresOf(rows, widths);
  const left = Math.min(...rows.flat().map((spot) => centres.get(spot)! - widths.get(spot)! / 2)) - MARGIN;
  const right = Math.max(...rows.flat().map((spot) => centres.get(spot)! + widths.get(spot)! / 2)) + MARGIN;
  const boxes = new Map<Spot, Box>();
  let y = MARGIN;
  for (const row of rows) {
    const height = Math.max(...row.map(heightOf));
    for (const spot of row) {
      const width = widths.get(spot)!;
      const x = centres.get(spot)! - left - width / 2;
      const own = spot.node === undefined ? height : heightOf(spot);
      boxes.set(spot, { spot, x, y, width, height: own, ports: portsOf(spot, x + width / 2, centres) });
    }
    y += height + ROW_GAP;
  }
  return { width: right - left, height: y - ROW_GAP + MARGIN, boxes };
}

const hasLabels = ({ node }: Spot): boolean => node?.ports.some(({ label }) => label !== "") ?? false;

const heightOf = (spot: Spot): number =>
  spot.node === undefined ? 0 : hasLabels(spot) ? HEAD + PORTS : HEAD;

function widthOf(spot: Spot, note: string): number {
  const { node } = spot;
  if (node === undefined) return WAY_WIDTH;
  const head = node.name.length * LETTER + (note === "" ? 0 : PADDING + note.length * SMALL_LETTER);
  return Math.max(head, portsWidth(node.ports)) + 2 * PADDING;
}

const portsWidth = (ports: readonly GraphPort[]): number =>
  ports.reduce((sum, { label }) => sum + label.length * SMALL_LETTER + PORT_GAP, -PORT_GAP);

/** Needs side by side, the one that leads furthest left first: then edges do not cross below their own box. */
function portsOf(spot: Spot, centre: number, centres: ReadonlyMap<Spot, number>): PlacedPort[] {
  const { node, below } = spot;
  if (node === undefined) return [];
  const sorted = below
    .map((next, n) => ({ port: node.ports[n]!, next }))
    .toSorted((a, b) => centres.get(a.next)! - centres.get(b.next)!);
  let x = centre - portsWidth(sorted.map(({ port }) => port)) / 2;
  return sorted.map(({ port, next }) => {
    const width = port.label.length * SMALL_LETTER;
    const at = x + width / 2;
    x += width + PORT_GAP;
    return { port, next, x: at };
  });
}

/** Everybody is drawn towards those above, then towards those below, again and again; long edges want to be straight. */
function centresOf(rows: readonly (readonly Spot[])[], widths: ReadonlyMap<Spot, number>): Map<Spot, number> {
  const centres = new Map<Spot, number>(rows.flat().map((spot) => [spot, 0]));
  const settle = (row: readonly Spot[], near: (spot: Spot) => readonly Spot[]) => {
    const placed = apart(row, (spot) => wishOf(spot, near(spot), centres), widths);
    row.forEach((spot, n) => {
      centres.set(spot, placed[n]!);
    });
  };
  for (let pass = 0; pass < PASSES; pass++) {
    for (const row of rows) settle(row, ({ above }) => above);
    for (const row of rows.toReversed()) settle(row, ({ below }) => below);
  }
  for (let pass = 0; pass < PASSES; pass++)
    for (const row of rows) settle(row, ({ above, below }) => [...above, ...below]);
  return centres;
}

interface Wish {
  readonly at: number;
  readonly weight: number;
}

const weightOf = (one: Spot, other: Spot): number => [1, 2, 8][Number(isWay(one)) + Number(isWay(other))]!;
const isWay = ({ node }: Spot): boolean => node === undefined;

function wishOf(spot: Spot, others: readonly Spot[], centres: ReadonlyMap<Spot, number>): Wish {
  const weight = others.reduce((sum, other) => sum + weightOf(spot, other), 0);
  if (weight === 0) return { at: centres.get(spot)!, weight: 0.1 };
  const sum = others.reduce((total, other) => total + weightOf(spot, other) * centres.get(other)!, 0);
  return { at: sum / weight, weight };
}

/** As near to all wishes as can be without touching: wishes that are in each other's way are met in the middle. */
function apart(
  row: readonly Spot[],
  wish: (spot: Spot) => Wish,
  widths: ReadonlyMap<Spot, number>,
): number[] {
  const offsets: number[] = [];
  const blocks: { sum: number; weight: number; count: number }[] = [];
  for (const [n, spot] of row.entries()) {
    const before = row[n - 1];
    const step = before === undefined ? 0 : (widths.get(before)! + widths.get(spot)!) / 2 + BOX_GAP;
    offsets.push((offsets[n - 1] ?? 0) + step);
    const { at, weight } = wish(spot);
    let block = { sum: (at - offsets[n]!) * weight, weight, count: 1 };
    for (
      let last = blocks.at(-1);
      last !== undefined && last.sum / last.weight > block.sum / block.weight;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = {
        sum: last.sum + block.sum,
        weight: last.weight + block.weight,
        count: last.count + block.count,
      };
    }
    blocks.push(block);
  }
  return blocks
    .flatMap(({ sum, weight, count }) => Array.from({ length: count }, () => sum / weight))
    .map((at, n) => at + offsets[n]!);
}
