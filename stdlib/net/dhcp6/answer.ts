/** What a server's message says, as far as it can be true: RFC 9915 16, 18.2.9, 18.2.10. */
import { Bytes } from "../../core/bytes";
import { isGroup, isLinkLocal } from "../header6";
import { ADDRESS, HEAD, IDENTITY, LONGEST_DUID, OPTIONS, Option, Status, TRANSACTION, Type } from "./message";
import { areSound, behind, find, findLong, NONE, number } from "./options";

/** Name servers that are kept. */
const SERVERS: i32 = 4;
/** Shorter lives, in seconds, are no use: there would be no time to renew them. */
const LEAST_LIFE: u32 = 10;
/** RFC 9915 21.24, 21.25: what a server may set the longest waits to, in seconds. */
const LEAST_WAIT: u32 = 60;
const MOST_WAIT: u32 = 86_400;
/** RFC 9915 21.23: seconds until what is no address is asked for again, if nothing is said, and at least. */
const USUAL_REFRESH: u32 = 86_400;
const LEAST_REFRESH: u32 = 600;

@final
export class Answer {
  type: u32 = 0;
  /** Who says it: what it calls itself, and where it came from. */
  duid: Bytes = new Bytes(new StaticArray<u8>(<i32>LONGEST_DUID), 0, LONGEST_DUID);
  duidLength: u32 = 0;
  fromHigh: u64 = 0;
  from: u64 = 0;
  preference: u32 = 0;
  isRapid: bool = false;
  /** Of the whole message, and of the association with its addresses. */
  status: u32 = 0;
  identityStatus: u32 = 0;
  /** Upper half 0: there is none. */
  high: u64 = 0;
  low: u64 = 0;
  /** In seconds; `FOREVER`. */
  preferred: u32 = 0;
  valid: u32 = 0;
  /** Seconds until its server is asked to renew it, and until any server is; 0: as the client likes. */
  renewal: u32 = 0;
  rebinding: u32 = 0;
  /** The address that the client has is not its own any more. */
  isTaken: bool = false;
  /** The longest waits that the server wants, in seconds; 0: nothing is said. */
  solicitMost: u32 = 0;
  informationMost: u32 = 0;
  refresh: u32 = 0;
  nameServerHighs: StaticArray<u64> = new StaticArray<u64>(SERVERS);
  nameServerLows: StaticArray<u64> = new StaticArray<u64>(SERVERS);
  nameServerCount: i32 = 0;

  /**
   * Reads a message to the one who is called `client` and has asked with `transaction`, for its association `identity`, in which it has the address `high`
   * and `low`. False if it is not for him, or is malformed.
   */
  read(message: Bytes, transaction: u32, client: Bytes, identity: u32, high: u64, low: u64): bool {
    const end = message.length;
    if (end < OPTIONS || (message.be32(0) & TRANSACTION) != transaction) return false;
    this.type = message.u8(0);
    // Of what servers send by themselves, RECONFIGURE, nothing was agreed upon.
    if (this.type != Type.advertise && this.type != Type.reply) return false;
    if (!areSound(message, OPTIONS, end)) return false;
    const named = find(message, OPTIONS, end, Option.client);
    if (named == NONE || message.be16(named + 2) != client.length) return false;
    if (!client.equals(0, message, named + HEAD, client.length) || !this.readServer(message)) return false;
    const preference = findLong(message, OPTIONS, end, Option.preference, 1);
    this.preference = preference == NONE ? 0 : message.u8(preference + HEAD);
    this.isRapid = find(message, OPTIONS, end, Option.rapidCommit) != NONE;
    this.status = statusIn(message, OPTIONS, end);
    this.solicitMost = waitIn(message, Option.solicitMost);
    this.informationMost = waitIn(message, Option.informationMost);
    this.refresh = max(number(message, OPTIONS, end, Option.refresh, USUAL_REFRESH), LEAST_REFRESH);
    this.readNameServers(message);
    return this.readIdentity(message, identity, high, low);
  }

  private readServer(message: Bytes): bool {
    const at = findLong(message, OPTIONS, message.length, Option.server, 1);
    if (at == NONE) return false;
    const length = message.be16(at + 2);
    if (length > LONGEST_DUID) return false;
    this.duid.copy(0, message, at + HEAD, length);
    this.duidLength = length;
    return true;
  }

  private readNameServers(message: Bytes): void {
    this.nameServerCount = 0;
    const at = find(message, OPTIONS, message.length, Option.nameServers);
    if (at == NONE || message.be16(at + 2) % 16 != 0) return;
    const end = behind(message, at);
    for (let each = at + HEAD; each < end && this.nameServerCount < SERVERS; each += 16) {
      const high = message.be64(each);
      if (high == 0 || isGroup(high)) continue;
      this.nameServerHighs[this.nameServerCount] = high;
      this.nameServerLows[this.nameServerCount] = message.be64(each + 8);
      this.nameServerCount += 1;
    }
  }

  /** The client's own association; those of others do not count. */
  private readIdentity(message: Bytes, identity: u32, high: u64, low: u64): bool {
    this.high = 0;
    this.isTaken = false;
    this.identityStatus = Status.success;
    for (let at = OPTIONS; at < message.length; at = behind(message, at)) {
      if (message.be16(at) != Option.identity || message.be16(at + 2) < IDENTITY) continue;
      if (message.be32(at + HEAD) != identity) continue;
      const from = at + HEAD + IDENTITY;
      const end = behind(message, at);
      if (!areSound(message, from, end)) return false;
      this.renewal = message.be32(at + HEAD + 4);
      this.rebinding = message.be32(at + HEAD + 8);
      // 21.4: then the association is as if it were not there.
      if (this.rebinding > 0 && this.renewal > this.rebinding) return true;
      this.identityStatus = statusIn(message, from, end);
      if (this.identityStatus != Status.success) return true;
      for (let each = from; each < end; each = behind(message, each))
        this.readAddress(message, each, high, low);
      return true;
    }
    return true;
  }

  /** The address that the client has, if it may have it; else the first one. */
  private readAddress(message: Bytes, at: u32, ownHigh: u64, ownLow: u64): void {
    if (message.be16(at) != Option.address || message.be16(at + 2) < ADDRESS) return;
    const from = at + HEAD;
    const end = behind(message, at);
    const high = message.be64(from);
    const low = message.be64(from + 8);
    const preferred = message.be32(from + 16);
    const valid = message.be32(from + 20);
    const isOwn = high == ownHigh && low == ownLow;
    // 18.2.10.1: lives that cannot be are as if they were not there.
    if (high == 0 || isGroup(high) || isLinkLocal(high) || preferred > valid) return;
    if (!areSound(message, from + ADDRESS, end) || statusIn(message, from + ADDRESS, end) != 0) return;
    if (valid < LEAST_LIFE) {
      if (isOwn) this.isTaken = true;
      return;
    }
    if (this.high != 0 && !isOwn) return;
    this.high = high;
    this.low = low;
    this.preferred = preferred;
    this.valid = valid;
  }

  isOfServer(other: Answer): bool {
    return this.duidLength == other.duidLength && this.duid.equals(0, other.duid, 0, other.duidLength);
  }

  copy(other: Answer): void {
    this.copyServer(other);
    this.preference = other.preference;
    this.high = other.high;
    this.low = other.low;
    this.preferred = other.preferred;
    this.valid = other.valid;
    this.renewal = other.renewal;
    this.rebinding = other.rebinding;
  }

  copyServer(other: Answer): void {
    this.duid.copy(0, other.duid, 0, other.duidLength);
    this.duidLength = other.duidLength;
    this.fromHigh = other.fromHigh;
    this.from = other.from;
  }
}

/** What is said of how it went; nothing means well: 21.13. */
function statusIn(message: Bytes, from: u32, end: u32): u32 {
  const at = findLong(message, from, end, Option.status, 2);
  return at == NONE ? Status.success : message.be16(at + HEAD);
}

/** What is outside of the bounds is not said. */
function waitIn(message: Bytes, code: u32): u32 {
  const wait = number(message, OPTIONS, message.length, code, 0);
  return wait < LEAST_WAIT || wait > MOST_WAIT ? 0 : wait;
}
