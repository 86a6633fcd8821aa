/**
 * What set-up may ask of the build: imports of module `prepare`, implemented by the compiler. For `core` and generated code only;
 * modules use `report.ts` and `files.ts`.
 */

export declare function settingsSize(number: i32): i32;
export declare function settingsCopy(number: i32, to: usize): void;
export declare function fileSize(index: i32): i32;
export declare function fileCopy(index: i32, to: usize): void;
/** Bytes that never change and are no longer needed in memory; gives an address outside of it (`constants.ts`). */
export declare function leave(from: usize, size: i32): usize;
/** The number of the file at `path` as seen from file `from`; -1 if there is none. */
export declare function include(from: i32, path: string): i32;
/** Severity 0: error; 1: warning. `at` is the number of a position in the description. */
export declare function report(severity: i32, code: string, at: i32, message: string, help: string): void;
/** Line and column from 1. */
export declare function reportIn(
  severity: i32,
  code: string,
  file: i32,
  line: i32,
  column: i32,
  length: i32,
  message: string,
  help: string,
): void;
