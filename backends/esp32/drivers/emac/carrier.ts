/**
 * From a PHY without power to frames on the cable, and back when that is pulled. Nothing here waits: each step says when it wants to be called again. A PHY that
 * does not answer, or a clock that does not run, is asked for again and again.
 */
import { Level } from "../../../../stdlib/core/level";
import { NOBODY, Phy, read, write } from "../mdio";
import { Ability } from "../phy/ability";
import { Emac } from "./emac";
import * as log from "./needs/log";
import * as phy from "./needs/phy";
import { connectPins, powerUp } from "./wiring";

enum Step {
  reset,
  clock,
  find,
  settle,
  down,
  up,
}

const MILLISECOND: u64 = 1_000_000;
/** What a PHY is held in reset for (RTL8201F wants most), and has power before its clock is looked for. */
const RESET = 10 * MILLISECOND;
const RETRY = 1000 * MILLISECOND;
const LOOK_DOWN = 100 * MILLISECOND;
const LOOK_UP = 500 * MILLISECOND;
/** A reset takes half a second at most (IEEE 802.3 22.2.4.1.1). */
const RESET_LOOKS: u32 = 50;

const RESETS: u32 = 1 << 15;
/** Negotiate, and begin anew. */
const NEGOTIATES: u32 = (1 << 12) | (1 << 9);
/** All that there is at 10 and 100 Mbit/s, by IEEE 802.3. */
const ADVERTISED: u32 = 0x01e1;
const NEGOTIATED: u32 = 1 << 5;
const HAS_LINK: u32 = 1 << 2;

@final
export class Carrier {
  private step: Step = Step.reset;
  private looks: u32 = 0;
  /** It has been said what is wrong. */
  private hasSaid: bool = false;
  /** When `go` wants to be called, in nanoseconds. */
  due: u64 = 0;

  start(now: u64): void {
    powerUp();
    this.to(Step.reset, now + RESET);
  }

  private to(step: Step, due: u64): void {
    this.step = step;
    this.due = due;
  }

  go(mac: Emac, now: u64): void {
    switch (this.step) {
      case Step.reset: {
        connectPins(mac.base);
        this.to(Step.clock, now + phy.settles);
        break;
      }
      case Step.clock: {
        if (mac.reset()) this.to(Step.find, now);
        else this.complain("no reference clock", "", now);
        break;
      }
      case Step.find: {
        this.find(now);
        break;
      }
      case Step.settle: {
        this.settle(now);
        break;
      }
      case Step.down: {
        this.look(mac, now);
        break;
      }
      default: {
        this.watch(mac, now);
      }
    }
  }

  /** Once, until there has been a link; and tried again. */
  private complain(what: string, whom: string, now: u64): void {
    this.to(this.step, now + RETRY);
    if (this.hasSaid || !log.at(Level.error)) return;
    this.hasSaid = true;
    log.text("ethernet: ");
    log.text(what);
    log.text(whom);
    log.end();
  }

  private find(now: u64): void {
    const identifier = (read(Phy.identifier) << 16) | read(Phy.identifier + 1);
    if (!phy.isOne(identifier)) return this.complain("nobody answers as ", phy.name, now);
    write(Phy.control, RESETS);
    this.looks = RESET_LOOKS;
    this.to(Step.settle, now + RESET);
  }

  private settle(now: u64): void {
    if ((read(Phy.control) & RESETS) != 0) {
      if (--this.looks == 0) this.to(Step.find, now);
      else this.to(Step.settle, now + RESET);
      return;
    }
    write(Phy.advertised, ADVERTISED);
    write(Phy.control, NEGOTIATES);
    this.to(Step.down, now + LOOK_DOWN);
  }

  private look(mac: Emac, now: u64): void {
    const status = read(Phy.status);
    // It has lost its power, perhaps.
    if (status == NOBODY) return this.start(now);
    this.to(Step.down, now + LOOK_DOWN);
    if ((status & (HAS_LINK | NEGOTIATED)) != (HAS_LINK | NEGOTIATED)) return;
    const ability = phy.agreed();
    if (ability == Ability.none) return;
    const isFast = ability == Ability.half100 || ability == Ability.full100;
    const isFull = ability == Ability.full10 || ability == Ability.full100;
    if (!mac.begin(isFast, isFull)) return this.complain("no reference clock", "", now);
    this.hasSaid = false;
    this.tell(isFast, isFull);
    this.to(Step.up, now + LOOK_UP);
  }

  /** A link that was lost in between is remembered until the status is read (IEEE 802.3 22.2.4.2.13). */
  private watch(mac: Emac, now: u64): void {
    const status = read(Phy.status);
    if (status != NOBODY && (status & HAS_LINK) != 0 && mac.isWell()) {
      this.to(Step.up, now + LOOK_UP);
      return;
    }
    mac.halt();
    if (log.at(Level.notice)) {
      log.text("ethernet: ");
      log.text((status & HAS_LINK) != 0 && status != NOBODY ? "stuck, begins anew" : "no link");
      log.end();
    }
    this.to(Step.down, now);
  }

  private tell(isFast: bool, isFull: bool): void {
    if (!log.at(Level.notice)) return;
    log.text("ethernet: ");
    log.text(isFast ? "100" : "10");
    log.text(isFull ? " Mbit/s, full duplex" : " Mbit/s, half duplex");
    log.end();
  }
}
