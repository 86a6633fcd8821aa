/** What asc calls for a failed `assert`, a wrong `as`, an index out of bounds: bound by `--use abort=stdlib/core/panic/abort`. */

/** The machine's own trap says where it happened, so no text is needed in an image. */
export function abort(_message: usize, _file: usize, _line: u32, _column: u32): void {
  unreachable();
}
