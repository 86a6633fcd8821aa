/** What is simulated: the appliances of a description, those in one network on one switch, and somebody there who asks. */
import type { BuildReport } from "#compiler";
import { Cable, type Conditions, Machine, type Port, type Simulation, Trunk } from "#simulate";
import type { GivenLines } from "../run/given.ts";
import { type Interface, interfacesOf } from "./interfaces.ts";
import { type Segment, segmentsOf } from "./segments.ts";
import { type Thing, thingsOf } from "./things.ts";

/** An appliance, compiled once for however many simulations. */
export interface Built {
  readonly image: Uint8Array;
  /** Values for its slots. */
  readonly given?: GivenLines;
  /** What the image is to V8. */
  readonly program: WebAssembly.Module;
  readonly report: BuildReport;
}

/** A cable between a device of an appliance and the switch of its network. */
export interface Line {
  readonly appliance: string;
  /** `ns1.0`. */
  readonly name: string;
  readonly cable: Cable;
}

/** Where an interface of an appliance is. */
export interface Place extends Interface {
  readonly segment: Segment;
  /** Of its device. */
  readonly mac: string;
}

export interface Network {
  readonly machines: readonly Machine[];
  readonly lines: readonly Line[];
  readonly segments: readonly Segment[];
  readonly places: readonly Place[];
  /** What hangs on the boards of the machines. */
  readonly things: readonly Thing[];
}

export function networkOf(
  simulation: Simulation,
  builds: readonly Built[],
  conditions: Partial<Conditions>,
): Network {
  const interfaces = interfacesOf(builds);
  const machines = builds.map(({ program, report, given }) => {
    const own = interfaces.filter(({ appliance }) => appliance === report.appliance);
    const count = Math.max(0, ...own.map(({ index }) => index + 1));
    return new Machine(simulation, {
      name: report.appliance,
      program,
      given,
      nics: Array.from({ length: count }, () => ({})),
    });
  });
  const deviceOf = ({ appliance, index }: Interface) =>
    machines.find(({ name }) => name === appliance)!.devices[index]!;
  const macOf = (each: Interface) => macText(deviceOf(each).mac);
  const segments = segmentsOf(simulation, interfaces, macOf);
  const segmentOf = (each: Interface) => segments.find((segment) => segment.interfaces.includes(each))!;
  const lines: Line[] = [];
  const trunks = new Map<Port, Trunk>();
  for (const each of interfaces) {
    const { port } = deviceOf(each);
    const end = segmentOf(each).switch.port();
    const line = { appliance: each.appliance, name: port.name };
    if (isAlone(each, interfaces)) {
      lines.push({ ...line, cable: new Cable(simulation, port, end, conditions) });
      continue;
    }
    const trunk = trunks.get(port) ?? new Trunk(simulation, `${port.name}.trunk`);
    if (!trunks.has(port))
      lines.push({ ...line, cable: new Cable(simulation, port, trunk.port, conditions) });
    trunks.set(port, trunk);
    new Cable(simulation, trunk.network(each.vlan), end);
  }
  const places = interfaces.map((each) => ({ ...each, segment: segmentOf(each), mac: macOf(each) }));
  const things = thingsOf(
    builds.map(({ report }) => report),
    machines,
  );
  return { machines, lines, segments, places, things };
}

/** Without a tag, and with nobody else on its device. */
const isAlone = (one: Interface, all: readonly Interface[]): boolean =>
  one.vlan === 0 &&
  all.every((other) => other === one || other.appliance !== one.appliance || other.index !== one.index);

const macText = (mac: bigint): string =>
  mac
    .toString(16)
    .padStart(12, "0")
    .replace(/..(?=.)/g, "$&:");
