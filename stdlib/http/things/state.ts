/** Values of other modules as an object of JSON, RFC 8259: what they are when somebody asks. */
import { Bytes } from "../../core/bytes";
import { Form, Signal } from "../../core/signal";

/** The longest number: 19 digits, a sign, a point and six more behind it. */
const NUMBER: u32 = 28;
const MILLION: u64 = 1_000_000;

@final
export class State {
  constructor(
    /** The answer's head up to its length. */
    public head: Bytes,
    /** What stands before each value: `{"temp":`, `,"rh":`. */
    public names: StaticArray<Bytes>,
    public signals: StaticArray<Signal>,
  ) {}

  /** No answer is longer. */
  get most(): u32 {
    let size: u32 = 3;
    for (let n = 0; n < this.names.length; n++) size += this.names[n].length + NUMBER;
    return size;
  }
}

let room = new Bytes(new StaticArray<u8>(0), 0, 0);
export let length: u32 = 0;

/** In `prepare`. */
export function reserve(size: u32): void {
  if (size > room.length) room = new Bytes(new StaticArray<u8>(<i32>size), 0, size);
}

/** The object; it is there until the next one is written. */
export function write(state: State): Bytes {
  length = 0;
  if (state.names.length == 0) put(123);
  for (let n = 0; n < state.names.length; n++) {
    const name = state.names[n];
    room.copy(length, name, 0, name.length);
    length += name.length;
    value(state.signals[n]);
  }
  put(125);
  put(10);
  return room;
}

function put(code: u32): void {
  room.setU8(length, code);
  length += 1;
}

function word(text: string): void {
  for (let n = 0; n < text.length; n++) put(<u32>text.charCodeAt(n));
}

function value(signal: Signal): void {
  if (!signal.isKnown) word("null");
  else if (signal.form == Form.bool) word(signal.value != 0 ? "true" : "false");
  else {
    const amount = signal.value < 0 ? <u64>-signal.value : <u64>signal.value;
    if (signal.value < 0) put(45);
    if (signal.form == Form.integer) digits(amount);
    else decimal(amount);
  }
}

/** Without zeros behind the last digit that says something. */
function decimal(millionths: u64): void {
  digits(millionths / MILLION);
  let part = millionths % MILLION;
  if (part == 0) return;
  put(46);
  let unit = MILLION / 10;
  while (part > 0) {
    put(48 + <u32>(part / unit));
    part %= unit;
    unit /= 10;
  }
}

function digits(amount: u64): void {
  let unit: u64 = 1;
  while (amount / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) put(48 + <u32>((amount / unit) % 10));
}
