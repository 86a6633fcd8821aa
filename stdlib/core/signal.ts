/**
 * Values that a block has while the appliance runs, and that others are wired to: `signal temperature : Temp`. Each is there once, whoever asks for it first; the
 * block that declares it sets it, all others read it.
 */
import { Reader } from "./settings";

export namespace Form {
  /** 0 or 1. */
  export const bool: u32 = 0;
  export const integer: u32 = 1;
  /** Millionths of a degree, a percent, a volt, or of one. */
  export const millionths: u32 = 2;
}

@final
export class Signal {
  /** Nobody has measured it yet, or not for too long. */
  isKnown: bool = false;
  /** What it is in its form; 0 while it is not known. */
  value: i64 = 0;
  /** Counts changes: who has seen this number has seen the value. */
  changes: u32 = 0;

  constructor(readonly form: u32) {}

  set(value: i64): void {
    if (this.isKnown && this.value == value) return;
    this.isKnown = true;
    this.value = value;
    this.changes += 1;
  }

  /** Nobody knows it now. */
  forget(): void {
    if (!this.isKnown) return;
    this.isKnown = false;
    this.value = 0;
    this.changes += 1;
  }

  /** Known, and true. */
  get isOn(): bool {
    return this.isKnown && this.value != 0;
  }
}

const all = new Map<string, Signal>();

/** In `prepare`: of the name that settings have for it. */
export function readSignal(r: Reader): Signal {
  r.array();
  const name = r.text();
  const form = <u32>r.i64();
  if (!all.has(name)) all.set(name, new Signal(form));
  return all.get(name);
}
