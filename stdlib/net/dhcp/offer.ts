/** What a server's message says, as far as it can be true: RFC 2131 4.4, 2132. */
import { Bytes } from "../../core/bytes";
import { classMask, isHost, isHostOf, isMask } from "../sane";
import { COOKIE, Field, FOREVER, Option, REPLY_HEAD, Type } from "./message";
import { NONE, Options } from "./options";
import { Routes } from "./routes";

/** Name servers that are kept. */
const SERVERS: i32 = 4;
/** Shorter leases, in seconds, are no use: there would be no time to renew them. */
const LEAST_LEASE: u32 = 10;
/** RFC 1122 3.3.3: shorter packets are no network's of today, and somebody's attack. */
const LEAST_MTU: u32 = 576;

/** One for all messages: what it has gathered is copied. */
const options = new Options();

@final
export class Offer {
  type: u32 = 0;
  address: u32 = 0;
  server: u32 = 0;
  mask: u32 = 0;
  /** 0: none. */
  router: u32 = 0;
  routes: Routes = new Routes();
  /** 0: none. */
  mtu: u32 = 0;
  /** In seconds; `FOREVER`. */
  lease: u32 = 0;
  /** Seconds until the server is asked to renew it, and until any server is. */
  renewal: u32 = 0;
  rebinding: u32 = 0;
  nameServers: StaticArray<u32> = new StaticArray<u32>(SERVERS);
  nameServerCount: i32 = 0;

  /**
   * Reads a message to the one who has `mac`, has asked with `transaction` and is called `identifier`. False if it is not for him, is malformed, or says what
   * cannot be.
   */
  read(message: Bytes, transaction: u32, mac: u64, identifier: Bytes): bool {
    if (!message.has(0, Field.options) || message.be32(Field.operation) >> 8 != REPLY_HEAD >> 8) return false;
    if (message.be32(Field.transaction) != transaction || message.be48(Field.hardware) != mac) return false;
    if (message.be32(Field.cookie) != COOKIE || !options.open(message)) return false;
    if (options.gather(message, Option.type) != 1) return false;
    this.type = options.content.u8(0);
    this.server = options.number(message, Option.server);
    if (!isHost(this.server)) return false;
    // RFC 6842 3: a server that tells who it means must mean us.
    const length = options.gather(message, Option.client);
    if (length != NONE && (length != identifier.length || !identifier.equals(0, options.content, 0, length)))
      return false;
    if (this.type == Type.refuse) return true;
    if (this.type != Type.offer && this.type != Type.acknowledge) return false;
    return this.readLease(message) && this.readAddress(message);
  }

  private readLease(message: Bytes): bool {
    this.lease = options.number(message, Option.leaseTime);
    if (this.lease < LEAST_LEASE) return false;
    const lease = this.lease;
    this.renewal = options.number(message, Option.renewal);
    this.rebinding = options.number(message, Option.rebinding);
    const areSane = this.renewal > 0 && this.renewal < this.rebinding && this.rebinding < lease;
    if (areSane || lease == FOREVER) return true;
    this.renewal = lease / 2;
    this.rebinding = lease - lease / 8;
    return true;
  }

  private readAddress(message: Bytes): bool {
    this.address = message.be32(Field.yourAddress);
    this.mask = classMask(this.address);
    const length = options.gather(message, Option.mask);
    if (length != NONE) {
      if (length != 4 || !isMask(options.content.be32(0))) return false;
      this.mask = options.content.be32(0);
    }
    if (!isHostOf(this.address, this.mask)) return false;
    this.readRoutes(message);
    this.readNameServers(message);
    const mtu: u32 = options.gather(message, Option.mtu) == 2 ? options.content.be16(0) : 0;
    this.mtu = mtu < LEAST_MTU ? 0 : mtu;
    return true;
  }

  /** RFC 3442: where there are ways without classes, routers do not count. */
  private readRoutes(message: Bytes): void {
    this.routes.count = 0;
    const ways = options.gather(message, Option.routes);
    if (ways != NONE) this.routes.read(options.content, ways);
    this.router = this.routes.router;
    if (this.routes.count > 0) return;
    const length = options.gather(message, Option.routers);
    if (length == NONE || length % 4 != 0) return;
    for (let at: u32 = 0; at < length && this.router == 0; at += 4) {
      const router = options.content.be32(at);
      if (router != this.address && this.isReachable(router)) this.router = router;
    }
  }

  /** In this network; a network of one machine has its router elsewhere. */
  private isReachable(router: u32): bool {
    if (this.mask == 0xffffffff) return isHost(router);
    return ((router ^ this.address) & this.mask) == 0 && isHostOf(router, this.mask);
  }

  private readNameServers(message: Bytes): void {
    this.nameServerCount = 0;
    const length = options.gather(message, Option.nameServers);
    if (length == NONE || length % 4 != 0) return;
    for (let at: u32 = 0; at < length && this.nameServerCount < SERVERS; at += 4) {
      const server = options.content.be32(at);
      if (isHost(server)) this.nameServers[this.nameServerCount++] = server;
    }
  }

  copy(other: Offer): void {
    this.type = other.type;
    this.address = other.address;
    this.server = other.server;
    this.mask = other.mask;
    this.router = other.router;
    this.routes.copy(other.routes);
    this.mtu = other.mtu;
    this.lease = other.lease;
    this.renewal = other.renewal;
    this.rebinding = other.rebinding;
    this.nameServerCount = other.nameServerCount;
    for (let n = 0; n < other.nameServerCount; n++) this.nameServers[n] = other.nameServers[n];
  }

  /** Would people be told the same of it? */
  equals(other: Offer): bool {
    const same = this.address == other.address && this.mask == other.mask && this.router == other.router;
    return (
      same && this.server == other.server && this.lease == other.lease && this.routes.equals(other.routes)
    );
  }
}
