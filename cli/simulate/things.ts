/** What hangs on the boards of simulated appliances, by the names that descriptions have for it: outputs, contacts, buses, sensors. */
import type { BuildReport, SettingsReport } from "#compiler";
import { type Board, I2cTarget, type I2cWires, type Level, type Machine, Sht4x } from "#simulate";
import { Unclear } from "./unclear.ts";

export interface Thing {
  readonly appliance: string;
  readonly name: string;
  /** `an output`, for messages. */
  readonly what: string;
  /** What a script may say of it. */
  readonly sets: string;
  /** Undefined if nothing can be set; false: the words mean nothing. */
  set?(words: readonly string[]): boolean;
  /** `on`, `off`; undefined if it has no state. */
  state?(): string;
}

interface Around {
  readonly appliance: string;
  readonly machine: Machine;
  readonly board: Board;
  readonly report: BuildReport;
}

export function thingsOf(reports: readonly BuildReport[], machines: readonly Machine[]): readonly Thing[] {
  return reports.flatMap((report) => {
    const { appliance } = report;
    const machine = machines.find(({ name }) => name === appliance)!;
    const around = { appliance, machine, board: machine.board, report };
    return [...pins(around), ...buses(around), program(around)];
  });
}

/** The thing of this name: `vent`, or `box.vent` where several appliances have one. */
export function thingCalled(name: string, things: readonly Thing[], text: string): Thing {
  const found = things.filter((each) => each.name === name || `${each.appliance}.${each.name}` === name);
  const [thing, other] = found;
  if (thing === undefined)
    throw new Unclear(
      `\`${text}\`: nothing is called \`${name}\``,
      `there are: ${things.map((each) => each.name).join(", ")}`,
    );
  if (other !== undefined)
    throw new Unclear(
      `\`${text}\`: several things are called \`${name}\``,
      `say which: ${found.map((each) => `${each.appliance}.${each.name}`).join(", ")}`,
    );
  return thing;
}

const settingsOf = ({ report }: Around, path: string): readonly SettingsReport[] =>
  report.modules.find((module) => module.path === path)?.settings ?? [];

/** A label, or a reference to one, without its quotes. */
const bare = (text: string | undefined): string => (text ?? "").replace(/^"(.*)"$/, "$1");

const numberOf = (pin: string | undefined): number => Number(/\d+$/.exec(pin ?? "")?.[0] ?? 0);

function pins(around: Around): Thing[] {
  const blocks = settingsOf(around, "std/gpio").flatMap(({ wired = [] }) => wired);
  return blocks.flatMap(({ name, label, options }) => {
    const pin = numberOf(options["pin"]);
    const active: Level = options["active"] === "low" ? "low" : "high";
    if (name === "output") return [output(around, label, pin, active)];
    return name === "input" ? [input(around, label, pin, active, options["pull"])] : [];
  });
}

function output({ appliance, board }: Around, name: string, pin: number, active: Level): Thing {
  board.label(pin, { name, active, words: ["on", "off"] });
  const state = () => (board.driven(pin) === active ? "on" : "off");
  return { appliance, name, what: "an output", sets: "nothing: the appliance drives it", state };
}

function input(
  { appliance, board }: Around,
  name: string,
  pin: number,
  active: Level,
  pull: string | undefined,
): Thing {
  const other: Level = active === "low" ? "high" : "low";
  // Without a resistor in the chip there is one on the board.
  const open = pull === "up" || pull === "down" ? undefined : other;
  const levels: Readonly<Record<string, Level | undefined>> = {
    closed: active,
    open,
    high: "high",
    low: "low",
  };
  board.force(pin, open);
  return {
    appliance,
    name,
    what: "an input",
    sets: "`closed`, `open`, `high` or `low`",
    set([word = "", ...more]) {
      if (!Object.hasOwn(levels, word) || more.length > 0) return false;
      board.force(pin, levels[word]);
      return true;
    },
    state: () => (board.level(pin) === active ? "closed" : "open"),
  };
}

function buses(around: Around): Thing[] {
  const { appliance, board } = around;
  const wires = new Map<string, I2cWires>();
  const targets = new Map<string, I2cTarget[]>();
  for (const { label: printed, options } of settingsOf(around, "std/i2c")) {
    const label = bare(printed);
    wires.set(label, { sda: numberOf(options["sda"]), scl: numberOf(options["scl"]) });
    targets.set(label, []);
    for (const pin of Object.values(wires.get(label)!)) board.force(pin, "high");
  }
  const sensors = settingsOf(around, "std/sensor/sht4x").flatMap(({ label, options }) => {
    const bus = bare(options["bus"]);
    if (!wires.has(bus)) return [];
    const chip = new Sht4x(board, Number(options["address"]));
    const target = new I2cTarget(board, wires.get(bus)!, chip);
    targets.get(bus)!.push(target);
    return [sensor(appliance, bare(label), chip, target)];
  });
  return [...[...targets].map(([name, all]) => bus(appliance, name, all)), ...sensors];
}

/** Clocks after which a chip that was stopped in the middle of a byte lets go: UM10204 3.1.16. */
const CLOCKS = 9;

const bus = (appliance: string, name: string, targets: readonly I2cTarget[]): Thing => ({
  appliance,
  name,
  what: "a bus",
  sets: "`stuck` (until it has seen nine clocks), `broken` (for good) or `free`",
  set([word = "", ...more]) {
    const clocks = { stuck: CLOCKS, broken: Number.POSITIVE_INFINITY, free: 0 }[word];
    if (clocks === undefined || more.length > 0) return false;
    targets[0]?.stick(clocks);
    return true;
  },
});

const sensor = (appliance: string, name: string, chip: Sht4x, target: I2cTarget): Thing => ({
  appliance,
  name,
  what: "a sensor",
  sets: "a temperature and a humidity (`30°C 60%`), `missing`, `garbled` or `well`",
  set(words) {
    const read = words.map((word) => /^(-?\d+(?:\.\d+)?)(°C|%)$/.exec(word));
    if (words.length > 0 && read.every((each) => each !== null)) {
      for (const [, number, unit] of read) chip[unit === "%" ? "humidity" : "temperature"] = Number(number);
      return true;
    }
    const [word = "", ...more] = words;
    if (!["missing", "garbled", "well"].includes(word) || more.length > 0) return false;
    target.isMissing = word === "missing";
    chip.isGarbled = word === "garbled";
    return true;
  },
});

/** The appliance itself. */
const program = ({ appliance, machine }: Around): Thing => ({
  appliance,
  name: appliance,
  what: "an appliance",
  sets: "`hangs`: its program stops, until a watchdog starts it anew",
  set([word, ...more]) {
    if (word !== "hangs" || more.length > 0) return false;
    machine.hang();
    return true;
  },
});
