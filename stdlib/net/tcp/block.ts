/**
 * What is known of one connection: the transmission control block of RFC 9293 3.3.1, its names in full.
 *
 *   closed ──SYN──> synReceived ──ACK──> established ──FIN──> closeWait ──close──> lastAck ──ACK──> closed
 *      │ connect                             │ close
 *      └──> synSent ──SYN,ACK──> established └──> finWait1 ──ACK──> finWait2 ──FIN──> timeWait
 *                                                    └──FIN──> closing ──ACK──> timeWait
 */
import { Nic } from "../nic";
import { Acceptor, Session, Stream } from "../tcp";
import { Congestion } from "./cubic";
import { Piece } from "./pieces";
import { Block, Range, Sent } from "./pools";

/** RFC 9293 3.3.2. Nothing is kept of a port that listens. */
export namespace State {
  export const closed: i32 = 0;
  export const synSent: i32 = 1;
  export const synReceived: i32 = 2;
  export const established: i32 = 3;
  export const finWait1: i32 = 4;
  export const finWait2: i32 = 5;
  export const closeWait: i32 = 6;
  export const closing: i32 = 7;
  export const lastAck: i32 = 8;
  export const timeWait: i32 = 9;
}

export const NEVER: u64 = u64.MAX_VALUE;

/** What the retransmission timer waits for. */
export namespace Waits {
  export const nothing: i32 = 0;
  /** RFC 6298. */
  export const timeout: i32 = 1;
  /** RFC 8985 7: a probe for a lost tail. */
  export const tail: i32 = 2;
  /** RFC 8985 6.2: what may be only out of order. */
  export const reordering: i32 = 3;
  /** RFC 9293 3.8.6.1: a window of zero. */
  export const window: i32 = 4;
}

const noCongestion = new Congestion();

/** The fields; what can be done with them is in the other files. */
export abstract class Control extends Stream {
  state: i32 = State.closed;
  nic: Nic | null = null;
  /** Of this side. */
  localHigh: u64 = 0;
  local: u64 = 0;
  /** Where the other side was last heard; 0: not known. */
  hardware: u64 = 0;
  session: Session | null = null;
  acceptor: Acceptor | null = null;

  /** In the table: the next one with the same hash, or the next free one. */
  next: Control | null = null;
  place: u32 = 0;
  /** TIME-WAIT, the oldest first; before that see `isStarving`. */
  older: Control | null = null;
  newer: Control | null = null;
  /** Something is to be sent at the end of this turn. */
  isDirty: bool = false;
  /** It is to be told when there is memory again; by `older` and `newer` in a list then. */
  isStarving: bool = false;
  nextDirty: Control | null = null;

  // Sending: SND.UNA, SND.NXT, SND.WND, SND.WL1, SND.WL2, ISS.
  unacknowledged: u32 = 0;
  nextToSend: u32 = 0;
  sendWindow: u32 = 0;
  windowSequence: u32 = 0;
  windowAcknowledgement: u32 = 0;
  initial: u32 = 0;
  /** The largest window that the other side has offered. */
  largestWindow: u32 = 0;
  sendShift: u32 = 0;
  /** Both sides scale windows. */
  hasScale: bool = false;
  /** The longest segment, with the options of each segment: RFC 6691. */
  segmentSize: u32 = 536;
  /** Behind the last byte that is queued. */
  queueEnd: u32 = 0;
  /** Behind the last segment that was sent and was not a whole one. */
  shortEnd: u32 = 0;
  /** More would have been sent if the congestion window allowed it. */
  isLimited: bool = false;
  /** A FIN follows what is queued. */
  isClosing: bool = false;
  firstPiece: Piece | null = null;
  lastPiece: Piece | null = null;
  pieces: u32 = 0;
  /** What is on its way, in order of sequence numbers. */
  firstSent: Sent | null = null;
  lastSent: Sent | null = null;
  /** Nothing before this one is believed lost; null: it may be the first. */
  lostFrom: Sent | null = null;

  // Receiving: RCV.NXT, IRS; the right edge of the window as it was last told.
  nextToReceive: u32 = 0;
  initialReceived: u32 = 0;
  rightEdge: u32 = 0;
  /** Up to here the application has taken what came. */
  taken: u32 = 0;
  receiveShift: u32 = 0;
  /** Bytes that may wait for the application. */
  buffer: u32 = 0;
  isPaused: bool = false;
  firstBlock: Block | null = null;
  ranges: Range | null = null;
  rangeCount: u32 = 0;
  /** What came last out of order, and what came twice (RFC 2883): to be told first. */
  lastRange: u32 = 0;
  twiceFrom: u32 = 0;
  twiceTo: u32 = 0;
  hasFin: bool = false;
  finAt: u32 = 0;
  /** The application knows of the end. */
  isFinished: bool = false;
  /** Segments that are not yet acknowledged. */
  owed: u32 = 0;
  owesNow: bool = false;
  lastAcknowledged: u32 = 0;

  // Options: RFC 7323, 2018.
  hasTimes: bool = false;
  timeOffset: u32 = 0;
  recentTime: u32 = 0;
  recentAt: u64 = 0;
  canSack: bool = false;

  // Round trips: RFC 6298. Nanoseconds.
  smoothed: u64 = 0;
  variation: u64 = 0;
  least: u64 = NEVER;
  timeout: u64 = 1_000_000_000;
  backoff: u32 = 0;
  /** When the other side was last heard. */
  heard: u64 = 0;
  lastSentAt: u64 = 0;
  /** When something of ours was acknowledged. */
  progressAt: u64 = 0;

  // Loss: RFC 6675, 8985, 6582.
  /** Bytes that are believed to be on their way. */
  pipe: u32 = 0;
  sacked: u32 = 0;
  /** Segments that are believed lost and not sent again. */
  lost: u32 = 0;
  duplicates: u32 = 0;
  isRecovering: bool = false;
  /** RFC 6675 5 (4.3), RFC 6582 3.2 step 2: the first that is lost is sent again, whatever else is on its way. */
  mustResend: bool = false;
  recoveryPoint: u32 = 0;
  /** RFC 8985: of the segment that was sent last of those that have arrived. */
  rackAt: u64 = 0;
  rackEnd: u32 = 0;
  rackTrip: u64 = 0;
  farthest: u32 = 0;
  isReordering: bool = false;
  tailEnd: u32 = 0;
  isTailAgain: bool = false;
  hasTail: bool = false;
  congestion: Congestion = noCongestion;

  // Timers: when each ends.
  retransmitAt: u64 = NEVER;
  waits: i32 = Waits.nothing;
  acknowledgeAt: u64 = NEVER;
  lifeAt: u64 = NEVER;
  /** Keep-alive: after what silence it is asked (0: not), and how often it was. */
  silence: u64 = 0;
  asked: u32 = 0;
  /** In the heap: the place from 1 on, and the time that it is sorted by; 0: not in it. */
  heapPlace: i32 = 0;
  heapAt: u64 = NEVER;
  /** When an answer to a segment out of window was sent last. */
  challengedAt: u64 = 0;
}
