/**
 * A wasm module that cannot be accepted: `malformed` bytes are no module at all, an `invalid` module breaks a typing
 * rule (WebAssembly core specification, sections 5 and 3).
 */
export class WasmError extends Error {
  readonly kind: "malformed" | "invalid";
  /** Byte offset in the module. */
  readonly offset: number;

  constructor(kind: "malformed" | "invalid", offset: number, what: string) {
    super(`${kind} wasm at offset ${offset}: ${what}`);
    this.name = "WasmError";
    this.kind = kind;
    this.offset = offset;
  }
}

/** A correct module that uses something this code generator does not have yet. */
export class UnsupportedError extends Error {
  constructor(what: string) {
    super(`${what} is not supported yet`);
    this.name = "UnsupportedError";
  }
}
