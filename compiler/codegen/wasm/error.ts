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

/** A correct module that needs something that the machine has not. The message is one line for whoever wrote the module. */
export class UnsupportedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnsupportedError";
  }
}
