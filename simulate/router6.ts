/** A router that tells of a prefix, so that machines make themselves addresses: RFC 4861 6.2, RFC 4862. It passes nothing on. */

import type { Host } from "./host.ts";
import { type Advertisement, Host6, type Host6Options } from "./host6.ts";
import { SECOND } from "./time.ts";
import { parseIcmp6, protocol } from "./wire/parse.ts";

export interface Router6Options extends Host6Options, Advertisement {}

const SOLICITATION = 133;
/** Between advertisements that nobody has asked for; RFC 4861 6.2.1 has 200 to 600 s as the usual. */
const EVERY = 300 * SECOND;

export class Router6 extends Host6 {
  /** What it tells; may change at any time. */
  said: Advertisement;

  constructor(host: Host, { addresses, ...said }: Router6Options) {
    super(host, { addresses });
    this.said = said;
    this.onPacket((packet) => {
      if (packet.next === protocol.icmpv6 && parseIcmp6(packet)?.type === SOLICITATION) this.#tell();
    });
    this.#tellAgain();
  }

  #tellAgain(): void {
    this.#tell();
    this.host.simulation.after(EVERY, () => this.#tellAgain());
  }

  #tell(): void {
    this.advertise(this.said);
  }
}
