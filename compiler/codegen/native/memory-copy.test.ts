/** `memory.copy` of every small length, between places that lie in every way to words and to each other, against V8. */
import binaryen from "binaryen";
import { expect, test } from "vitest";
import { runNative } from "#tools/native-process";
import { load } from "../frontend/differential.ts";
import { NativeInstance } from "./instance.ts";
import { machines } from "./machines.ts";

/** `copied(size, distance)`: a hash of 256 bytes after each of eight copies, from as far behind the place that they go to. */
const text = `(module (memory 1)
  (func (export "copied") (param $size i32) (param $distance i32) (result i32) (local $to i32) (local $at i32) (local $hash i32)
    (loop $next
      (local.set $at (i32.const 255))
      (loop $fill
        (i32.store8 offset=512 (local.get $at) (i32.add (i32.mul (local.get $at) (i32.const 7)) (i32.shr_u (local.get $at) (i32.const 3))))
        (br_if $fill (i32.ge_s (local.tee $at (i32.sub (local.get $at) (i32.const 1))) (i32.const 0))))
      (memory.copy (i32.add (local.get $to) (i32.const 544))
        (i32.add (local.get $to) (i32.add (local.get $distance) (i32.const 544))) (local.get $size))
      (local.set $at (i32.const 255))
      (loop $sum
        (local.set $hash (i32.add (i32.mul (local.get $hash) (i32.const 31)) (i32.load8_u offset=512 (local.get $at))))
        (br_if $sum (i32.ge_s (local.tee $at (i32.sub (local.get $at) (i32.const 1))) (i32.const 0))))
      (br_if $next (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 1))) (i32.const 8))))
    (local.get $hash)))`;
const sizes = [...Array.from({ length: 41 }, (_, n) => n), 63, 64, 65, 71];
const distances = [-9, -1, 0, 1, 2, 3, 4, 7, 8, 9, 72, 73, 74, 75];

test.each(machines)("machine code of $isa.name copies as V8 does", async (machine) => {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.BulkMemory);
  const bytes = module.emitBinary();
  module.dispose();
  const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
  const copied = instance.exports["copied"] as (size: number, distance: number) => number;
  const cases = sizes.flatMap((size) => distances.map((distance) => [size, distance] as const));
  const native = new NativeInstance(
    load(bytes),
    { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } },
    machine,
  );
  const answers = runNative(native.program, [
    ...native.start,
    ...cases.map((each) =>
      native.invoke(
        "copied",
        each.map((value) => BigInt.asUintN(32, BigInt(value))),
      ),
    ),
  ]).slice(native.start.length);
  const found = answers.map((answer) => (answer.kind === "values" ? answer.values[0] : answer.kind));
  const wanted = cases.map(([size, distance]) => BigInt.asUintN(32, BigInt(copied(size, distance))));
  expect(found).toEqual(wanted);
});
