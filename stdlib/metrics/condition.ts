/** Whether all is well: what modules say against it, each reason in a line. */
import { Bytes } from "../core/bytes";
import { Reasons } from "../core/reasons";
import { Writer } from "../core/writer";
import { health } from "./told";

let writer = new Writer(new Bytes(new StaticArray<u8>(0), 0, 0));

@final
class Lines extends Reasons {
  count: u32 = 0;

  text(value: string): void {
    writer.text(value);
  }
  character(code: u32): void {
    writer.character(code);
  }
  number(value: u64): void {
    writer.number(value);
  }
  end(): void {
    writer.text("\n");
    this.count += 1;
  }
}

const lines = new Lines();

/** Writes the reasons; true if there are none, and `ok` then. */
export function tell(to: Writer): bool {
  writer = to;
  lines.count = 0;
  health(lines);
  if (lines.count == 0) to.text("ok\n");
  return lines.count == 0;
}
