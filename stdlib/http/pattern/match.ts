/**
 * Runs the program of a pattern over a path: all threads at once, in the order in which a search with backtracking would try them, so the time is
 * linear in the path and what is caught is the same. R. Cox, "Regular Expression Matching: the Virtual Machine Approach".
 */
import { Bytes } from "../../core/bytes";
import { is, TOKEN } from "../request/characters";
import { Op, PLACES, Program } from "./program";

/** Nothing was noted there. */
export const NOWHERE: u32 = 0xffffffff;

/** Where what was caught begins and ends, by turns: of the last match. */
export const caught = new StaticArray<u32>(<i32>PLACES);

/** Threads in the order of their rank: where each is and what it has noted. */
@final
class Threads {
  count: u32 = 0;
  at: StaticArray<u32> = [];
  places: StaticArray<u32> = [];
}

let now = new Threads();
let next = new Threads();
/** Instruction → the round in which it got a thread. */
let seen: StaticArray<u32> = [];
let round: u32 = 0;
/** Instructions that are still to be followed, with what was noted before them. */
let stack: StaticArray<u32> = [];
let stackPlaces: StaticArray<u32> = [];
let most: u32 = 0;

/** In `prepare`, of each program: makes room. */
export function reserve(program: Program): void {
  if (program.size <= most) return;
  most = program.size;
  const count = <i32>most;
  now.at = new StaticArray<u32>(count);
  now.places = new StaticArray<u32>(count * <i32>PLACES);
  next.at = new StaticArray<u32>(count);
  next.places = new StaticArray<u32>(count * <i32>PLACES);
  seen = new StaticArray<u32>(count);
  // Each instruction is followed once and leads to two others at most.
  stack = new StaticArray<u32>(2 * count + 2);
  stackPlaces = new StaticArray<u32>((2 * count + 2) * <i32>PLACES);
}

/** Does the path match? Then `caught` says where. */
export function matches(program: Program, path: Bytes, length: u32): bool {
  now.count = 0;
  let isFound = false;
  let at: u32 = 0;
  while (true) {
    renew();
    // Those that are under way come first. Nothing begins anew behind a match: the leftmost one counts.
    step(program, path, length, at);
    if (!isFound) begin(program, path, length, at);
    const matched = cut(program);
    if (matched != NOWHERE) {
      isFound = true;
      copy(caught, 0, next.places, matched);
    }
    const other = now;
    now = next;
    next = other;
    if (at == length || (now.count == 0 && (isFound || isAnchored(program)))) return isFound;
    at += 1;
  }
}

function isAnchored(program: Program): bool {
  return (program.code[0] & 255) == Op.start;
}

function renew(): void {
  next.count = 0;
  round += 1;
  if (round != 0) return;
  for (let n = 0; n < seen.length; n++) seen[n] = 0;
  round = 1;
}

/** The byte before `at` is taken by all threads that want it. */
function step(program: Program, path: Bytes, length: u32, at: u32): void {
  if (at == 0) return;
  const c = path.u8(at - 1);
  if (c > 127) return;
  for (let n: u32 = 0; n < now.count; n++) {
    const place = now.at[<i32>n];
    const word = program.code[<i32>place * 2];
    if ((word & 255) != Op.set) continue;
    const set = program.sets[<i32>((word >> 8) * 2 + (c >> 6))];
    if (((set >> <u64>(c & 63)) & 1) == 0) continue;
    copy(stackPlaces, 0, now.places, n);
    follow(program, path, length, at, place + 1);
  }
}

function begin(program: Program, path: Bytes, length: u32, at: u32): void {
  if (at > 0 && isAnchored(program)) return;
  for (let n = 0; n < <i32>PLACES; n++) stackPlaces[n] = NOWHERE;
  follow(program, path, length, at, 0);
}

/** Adds a thread for each instruction that is reached without taking a byte; what was noted before is at the bottom of the stack. */
function follow(program: Program, path: Bytes, length: u32, at: u32, first: u32): void {
  stack[0] = first;
  let depth: u32 = 1;
  while (depth > 0) {
    depth -= 1;
    const place = stack[<i32>depth];
    if (seen[<i32>place] == round) continue;
    seen[<i32>place] = round;
    const word = program.code[<i32>place * 2];
    const op = word & 255;
    const argument = word >> 8;
    if (op == Op.set || op == Op.match) {
      next.at[<i32>next.count] = place;
      copy(next.places, next.count, stackPlaces, depth);
      next.count += 1;
    } else if (op == Op.split) {
      copy(stackPlaces, depth + 1, stackPlaces, depth);
      stack[<i32>depth] = program.code[<i32>place * 2 + 1];
      stack[<i32>depth + 1] = argument;
      depth += 2;
    } else if (isPassed(op, argument, path, length, at)) {
      if (op == Op.save) stackPlaces[<i32>(depth * PLACES + argument)] = at;
      stack[<i32>depth] = op == Op.jump ? argument : place + 1;
      depth += 1;
    }
  }
}

function isPassed(op: u32, argument: u32, path: Bytes, length: u32, at: u32): bool {
  if (op == Op.start) return at == 0;
  if (op == Op.end) return at == length;
  if (op != Op.boundary) return true;
  const isBetween = isWord(path, length, at) != (at > 0 && isWord(path, length, at - 1));
  return isBetween == (argument == 0);
}

function isWord(path: Bytes, length: u32, at: u32): bool {
  if (at >= length) return false;
  const c = path.u8(at);
  return is(c, TOKEN) && (c >= 128 || c == 95 || (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 122));
}

/** Drops the threads behind the first that is done: gives its number, or NOWHERE. */
function cut(program: Program): u32 {
  for (let n: u32 = 0; n < next.count; n++) {
    if ((program.code[<i32>next.at[<i32>n] * 2] & 255) != Op.match) continue;
    next.count = n;
    return n;
  }
  return NOWHERE;
}

function copy(to: StaticArray<u32>, toSlot: u32, from: StaticArray<u32>, fromSlot: u32): void {
  const a = <i32>(toSlot * PLACES);
  const b = <i32>(fromSlot * PLACES);
  for (let n = 0; n < <i32>PLACES; n++) to[a + n] = from[b + n];
}
