/** What observers of a simulation are told. */
import type { Port } from "./port.ts";
import type { Time } from "./time.ts";

export type Loss =
  /** By chance, as the cable's conditions say. */
  | "chance"
  /** The cable's filter took it. */
  | "filter"
  /** The cable is cut, or was while the frame was on it. */
  | "cut"
  /** No room in the queue before the cable. */
  | "queue"
  /** Longer than the cable carries. */
  | "length"
  /** No room in the receiver's ring. */
  | "ring"
  /** Nothing is connected, or the machine is off. */
  | "nobody";

export type Event =
  /** A frame left through a port; a frame came in through one. */
  | {
      readonly kind: "sent" | "arrived";
      readonly time: Time;
      readonly port: Port;
      readonly frame: Uint8Array;
    }
  /** A frame that left through this port (or, for `ring`, came to it) went no further. */
  | {
      readonly kind: "lost";
      readonly time: Time;
      readonly port: Port;
      readonly frame: Uint8Array;
      readonly why: Loss;
    }
  /** A line on a machine's console. */
  | { readonly kind: "console"; readonly time: Time; readonly machine: string; readonly text: string }
  /** Cables are cut and healed, machines switched on and off. */
  | { readonly kind: "note"; readonly time: Time; readonly text: string };
