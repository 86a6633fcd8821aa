/** A library for tests, beside the real ones: a module that tries the disks of its machine, and says on the console what came of it. */
import { type Files, MemoryFiles } from "#lang";

const interfaces = `appl 1
library std/trial

use std/core
use std/block

## Says what each disk is like; writes patterns onto it, flushes, and reads them back; then tries what cannot be.
module trial {
  needs disks : block.Device
  needs log   : core.Log
  option count    : Int in 1..4 = 1       ## Disks.
  option requests : Int in 1..64 = 16     ## At once.
  option pages    : Int in 1..8 = 2      ## In a request.
  option pieces   : Int in 1..100_000 = 100  ## Requests in a round.
  option rounds   : Int in 1..100_000 = 1
  code prepare "./prepare.ts"
  code as "./index.ts" { hooks = [start, poll] }
}
`;

const prepare = `import { Config } from "./config";
import { device } from "./needs/disks";
import { install } from "./index";
export function prepare(config: Config): void {
  for (let n = 0; n < <i32>config.count; n++)
    install(n, device(n), <u32>config.requests, <u32>config.pages, <u32>config.pieces, <u32>config.rounds);
}
`;

const runTime = `import { Device } from "../block/device";
import { Operation, Outcome, Request, RequestList } from "../block/request";
import { Level } from "../core/level";
import * as log from "./needs/log";

namespace Step {
  export const waiting: i32 = 0;
  export const hello: i32 = 1;
  export const writing: i32 = 2;
  export const flushing: i32 = 3;
  export const reading: i32 = 4;
  export const outside: i32 = 5;
  export const over: i32 = 6;
}

/** What the 8 bytes at this place hold after a round: tests compute the same. */
@inline
function pattern(at: u64, round: u32): u64 {
  return (at << 16) ^ (<u64>round * 0x9e37);
}

class Trial {
  step: i32 = Step.waiting;
  sent: u32 = 0;
  ended: u32 = 0;
  bad: u32 = 0;
  failed: u32 = 0;
  gone: u32 = 0;
  round: u32 = 1;
  life: u32 = 0;
  /** Gone with a device: asked of the next one. */
  again: RequestList = new RequestList();
  constructor(public number: u32, public disk: Device, public most: u32, public pages: u32, public pieces: u32, public rounds: u32) {}

  begin(): void {
    this.step = Step.waiting;
    this.round = 1;
    this.life = 0;
    this.again.clear();
  }

  say(text: string): void {
    log.at(Level.notice);
    log.text("disk");
    log.number(this.number);
    log.text(text);
  }

  turn(): void {
    const disk = this.disk;
    if (this.life != disk.life && disk.ready) {
      this.life = disk.life;
      this.say(": ");
      log.number(disk.sectors);
      log.text(" sectors of ");
      log.number(disk.sectorSize);
      log.text("/");
      log.number(disk.physicalSize);
      if (disk.readOnly) log.text(", read only");
      if (disk.flushes) log.text(", flush");
      if (disk.discards) log.text(", discard");
      log.end();
    }
    this.go();
    while (true) {
      const request = disk.completed();
      if (request == null) break;
      if (request.outcome == Outcome.gone) {
        this.gone += 1;
        this.again.give(request);
        continue;
      }
      this.ended += 1;
      if (request.outcome != Outcome.done) this.failed += 1;
      else if (request.operation == Operation.read) this.look(request);
      disk.release(request);
      this.go();
    }
    disk.publish();
  }

  look(request: Request): void {
    const bytes = request.bytes;
    const from = request.sector * <u64>this.disk.sectorSize;
    if (this.step == Step.hello) {
      this.say(" begins with ");
      log.bytes(bytes, 0, 16);
      log.end();
    } else for (let at: u32 = 0; at < request.count * this.disk.sectorSize; at += 8)
      if (bytes.le64(at) != pattern(from + <u64>at, this.round)) this.bad += 1;
  }

  next(step: i32): void {
    this.step = step;
    this.sent = 0;
    this.ended = 0;
    this.failed = 0;
  }

  tell(what: string): void {
    this.say(what);
    log.number(this.round);
    log.text(": ");
    log.number(this.ended);
    log.text(" ended, ");
    log.number(this.failed);
    log.text(" failed, ");
    log.number(this.gone);
    log.text(" gone, ");
    log.number(this.bad);
    log.text(" differ");
    log.end();
  }

  go(): void {
    const step = this.step;
    if (!this.disk.ready) return;
    for (let each = this.again.take(); each != null; each = this.again.take()) this.disk.submit(each);
    if (step == Step.waiting) {
      this.next(Step.hello);
      this.ask(Operation.read, 0, 1);
    } else if (step == Step.hello) {
      if (this.ended == 1) {
        if (this.disk.readOnly) this.tryOutside();
        else this.next(Step.writing);
        this.go();
      }
    } else if (step == Step.writing) {
      if (!this.all(Operation.write)) return;
      this.tell(" wrote ");
      this.next(Step.flushing);
      this.ask(Operation.flush, 0, 0);
    } else if (step == Step.flushing) {
      if (this.ended == 0) return;
      this.tell(" flushed ");
      this.next(Step.reading);
      this.go();
    } else if (step == Step.reading) {
      if (!this.all(Operation.read)) return;
      this.tell(" read ");
      if (this.round < this.rounds) {
        this.round += 1;
        this.next(Step.writing);
        this.go();
      } else this.tryOutside();
    } else if (step == Step.outside && this.ended >= 7 && this.ended == this.sent) {
      this.tell(" refuses ");
      this.next(Step.over);
    }
  }

  /** Sectors that there are not, all of them or one too many; too many for the buffer; what this disk has not. */
  tryOutside(): void {
    this.next(Step.outside);
    const sectors = this.disk.sectors;
    this.ask(Operation.read, sectors, 1);
    this.ask(Operation.read, sectors - 1, 2);
    this.ask(Operation.read, u64.MAX_VALUE, 1);
    this.ask(Operation.read, 0, u32.MAX_VALUE);
    this.ask(Operation.read, 0, this.pages * 4096 / this.disk.sectorSize + 1);
    this.ask(Operation.read, 0, 0);
    this.ask(9, 0, 1);
    if (this.disk.readOnly) this.ask(Operation.write, 0, 1);
  }

  ask(operation: u32, sector: u64, count: u32): bool {
    const request = this.disk.allocate();
    if (request == null) return false;
    request.operation = operation;
    request.sector = sector;
    request.count = count;
    this.disk.submit(request);
    this.sent += 1;
    return true;
  }

  /** As many as the device takes; true when all have ended. */
  all(operation: u32): bool {
    const disk = this.disk;
    const size = this.pages * 4096;
    while (this.sent < this.pieces) {
      const request = disk.allocate();
      if (request == null) return false;
      request.operation = operation;
      // One after the other, and now and then fewer sectors than there is room for.
      const each = size / disk.sectorSize;
      request.sector = <u64>this.sent * <u64>each;
      request.count = this.sent % 5 == 4 ? 1 : each;
      if (operation == Operation.write)
        for (let at: u32 = 0; at < request.count * disk.sectorSize; at += 8)
          request.bytes.setLe64(at, pattern(request.sector * <u64>disk.sectorSize + <u64>at, this.round));
      disk.submit(request);
      this.sent += 1;
    }
    return this.ended == this.pieces;
  }
}

const trials = new StaticArray<Trial | null>(4);

export function install(number: i32, disk: Device, requests: u32, pages: u32, pieces: u32, rounds: u32): void {
  disk.reserve(requests, pages * 4096);
  trials[number] = new Trial(number, disk, requests, pages, pieces, rounds);
}

export function start(): void {
  for (let n = 0; n < 4; n++) {
    const each = trials[n];
    if (each != null) each.begin();
  }
}

export function poll(now: u64): void {
  for (let n = 0; n < 4; n++) {
    const each = trials[n];
    if (each != null) each.turn();
  }
}
`;

const trial = new MemoryFiles({
  "stdlib/trial/trial.appl": interfaces,
  "stdlib/trial/prepare.ts": prepare,
  "stdlib/trial/index.ts": runTime,
});

/** The libraries, and this one. */
export const withTrial = (libraries: Files): Files => ({
  read: (path) => trial.read(path) ?? libraries.read(path),
  list: (path) => [...(libraries.list(path) ?? []), ...(trial.list(path) ?? [])],
});
