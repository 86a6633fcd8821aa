/** The modules of an image, and who asks for whom by which need: what the drawing is made of. */
import type { ModuleReport, ReasonReport } from "../build/report.ts";

export interface GraphNode {
  readonly id: string;
  /** The module's path; what the description says; the target. */
  readonly name: string;
  /** Undefined for whoever asks first. */
  readonly module: string | undefined;
  readonly ports: readonly GraphPort[];
}

/** One need: an edge from who asks to who meets it. */
export interface GraphPort {
  /** Written where the edge begins. */
  readonly label: string;
  readonly to: string;
  readonly title: string;
}

/** Whoever asks stands before all that it asks for. `titleOf` says a reason in full. */
export function moduleGraph(
  modules: readonly ModuleReport[],
  titleOf: (reason: ReasonReport) => string,
): GraphNode[] {
  const ids = new Map(modules.map(({ path }, n) => [path, `n${n}`]));
  const asked = (from: string | undefined) =>
    modules.flatMap(({ path, reasons }) =>
      reasons
        .filter((reason) => reason.from === from)
        .map((reason) => ({ to: ids.get(path)!, reason, title: titleOf(reason) })),
    );
  const first = asked(undefined).map(({ to, reason, title }, n): GraphNode => {
    const name = reason.kind === "target" ? "the target" : reason.text;
    const label = reason.kind === "target" ? (reason.interface ?? "") : "";
    return { id: `d${n}`, name, module: undefined, ports: [{ label, to, title }] };
  });
  const rest = modules.toReversed().map(({ path }): GraphNode => {
    const ports = asked(path).map(({ to, reason, title }) => ({ label: reason.text, to, title }));
    return { id: ids.get(path)!, name: path, module: path, ports };
  });
  return [...first, ...rest];
}
