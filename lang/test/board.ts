/** A target with a board, as `target` blocks make one of a library's data: an ESP32-C3, cut to what tests need. */
import type { RecordValue, Value } from "#lang";

const str = (value: string): Value => ({ kind: "str", value });
const word = (tag: string): Value => ({ kind: "tagged", tag, payload: undefined, weight: 16 });
const record = (fields: Readonly<Record<string, Value>>): RecordValue => ({
  kind: "record",
  fields: new Map(Object.entries(fields)),
  origins: new Map(),
  weight: 16,
});
const map = (entries: Readonly<Record<string, Value>>): Value => ({
  kind: "map",
  entries: new Map(Object.entries(entries).map(([key, value]) => [`"${key}"`, { key: str(key), value }])),
  weight: 16,
});
const none: Value = { kind: "none" };

function pin(can: string, wired?: string, strapping?: string): Value {
  const abilities = can === "" ? [] : can.split(" ").map(word);
  return record({
    can: { kind: "list", items: abilities, weight: 16 },
    wired: wired === undefined ? none : str(wired),
    strapping: strapping === undefined ? none : str(strapping),
  });
}

const analog = pin("input output i2c analog");
const digital = pin("input output i2c");

export const c3: RecordValue = record({
  name: str("c3"),
  board: record({
    name: str("esp32_c3.devkitm_1"),
    kind: word("physical"),
    nics: map({}),
    pins: map({
      gpio0: analog,
      gpio1: analog,
      gpio2: pin("input output i2c analog", undefined, "at reset it must be high"),
      gpio3: analog,
      gpio4: analog,
      gpio5: digital,
      gpio6: digital,
      gpio7: digital,
      gpio8: pin("input output i2c", undefined, "at reset it must be high"),
      gpio9: pin("input output i2c", undefined, "low at reset starts the loader"),
      gpio10: digital,
      gpio11: pin("input"),
      gpio12: pin("", "wired to the flash chip (SPIHD)"),
    }),
  }),
});

export const vm: RecordValue = record({
  name: str("vm"),
  board: record({
    name: str("qemu.x86_64"),
    kind: word("virtual"),
    nics: map({ eth0: record({}) }),
    disks: map({}),
    pins: map({}),
  }),
});
