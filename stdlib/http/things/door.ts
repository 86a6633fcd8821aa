/** Who may: what the description says of one path. RFC 7617, 6750. */
import { Bytes } from "../../core/bytes";
import { TextSlot } from "../../core/slots/text";

export namespace Kind {
  export const everybody: u32 = 0;
  export const basic: u32 = 1;
  export const bearer: u32 = 2;
}

@final
export class Door {
  constructor(
    readonly kind: u32,
    readonly user: Bytes,
    /** The hash of the password, or the token. */
    readonly secret: TextSlot | null,
  ) {}
}

/** What becomes of who comes. */
export namespace Verdict {
  export const granted: u32 = 0;
  export const denied: u32 = 1;
  /** It takes a while to know. */
  export const later: u32 = 2;
  /** Somebody else is being looked at. */
  export const busy: u32 = 3;
}
