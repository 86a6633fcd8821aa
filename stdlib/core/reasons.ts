/** Why an appliance does not do all that it is for: told by modules with the hook `health`, each time that somebody asks. Who says nothing is well. */

/** Lines for people, in ASCII. What finds no room is left out. */
export abstract class Reasons {
  abstract text(value: string): void;
  /** Of what does not come from this image only what is to be seen. */
  abstract character(code: u32): void;
  abstract number(value: u64): void;
  /** One reason is told. */
  abstract end(): void;
}
