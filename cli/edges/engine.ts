/** How V8 runs our own processes. */
import { setFlagsFromString } from "node:v8";

/**
 * V8 soon optimises what runs often, for what it has seen by then. Compilers walk over objects of many shapes, so that is soon wrong, and most of it is done again and again: with V8's
 * own setting, 66 KiB, two thirds of the two seconds that the code of a DNS server took were V8's. This is how many bytes of its code a function runs before it is looked at.
 * More still would be better for code, and worse for descriptions of a megabyte.
 */
export function beSlowToOptimise(): void {
  setFlagsFromString("--interrupt-budget=600000");
}
