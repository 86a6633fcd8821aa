/** A connection as its application has it. */
import { Bytes } from "../../core/bytes";
import { Sums } from "../../core/sums";
import { Control, State } from "./block";
import { markDirty } from "./dirty";
import { discard, reset } from "./ending";
import { watch } from "./keepalive";
import { add, addCopy, hasRoom } from "./queue";
import { resumed } from "./receive";

@final
export class Connection extends Control {
  private mayEnqueue(): bool {
    return !this.isClosing && (this.state == State.established || this.state == State.closeWait);
  }

  send(bytes: Bytes, offset: u32, length: u32, sums: Sums | null): bool {
    if (!this.mayEnqueue() || !add(this, bytes, offset, length, sums)) return false;
    markDirty(this);
    return true;
  }

  write(bytes: Bytes, offset: u32, length: u32): bool {
    if (!this.mayEnqueue() || !addCopy(this, bytes, offset, length)) return false;
    markDirty(this);
    return true;
  }

  hasRoom(): bool {
    return this.mayEnqueue() && hasRoom(this);
  }

  queued(): u32 {
    return this.queueEnd - this.unacknowledged;
  }

  close(): void {
    if (!this.mayEnqueue()) return;
    this.isClosing = true;
    markDirty(this);
  }

  abort(): void {
    if (this.state == State.closed || this.state == State.timeWait) return;
    reset(this);
    discard(this);
  }

  watch(silence: u64): void {
    this.silence = silence;
    if (this.state == State.established || this.state == State.closeWait) watch(this);
  }

  resume(): void {
    if (this.state != State.closed) resumed(this);
  }
}
