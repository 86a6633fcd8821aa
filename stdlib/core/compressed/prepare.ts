/** What set-up may ask of the build beside what is in `core/prepare.ts`: an import of module `prepare`, too. */

/** The number of a further file that has the bytes of file `index` in this coding: `gzip` (RFC 1952) or `br` (RFC 7932). */
export declare function compress(index: i32, coding: string): i32;
