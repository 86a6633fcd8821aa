/**
 * The frozen table: one byte array, little-endian, offsets from its beginning; 0 is never a valid offset.
 *
 * Zone            Node (8-aligned)                   Block (8-aligned): the records of one set, ready to send
 *  0 u32 apex      0 u16 length of the name           0 u16 bytes of records
 *  4 u32 negative  2 u8  kind                         2 u16 number of relocations
 *  8 u32 number    3 u8  1: has a CNAME               4 u16 number of extras
 * 12 u32 cut       4 u32 link                         6 u16 number of records
 *                  8 u32 zone                         8     records, each with the owner 0xc00c
 *                 12 u32 number of sets                     relocations, u16 each; then extras, both after padding to 4
 *                 16     name, lower-case, zeros to a multiple of 8
 *                        sets: u16 type, u16 records, u32 block; the set for ANY is the first
 *
 * *Zone*: its apex node; the block of its SOA for negative answers; its place in the description; and the node that its apex has in the
 * zone above it, if that is served here as well. *Link* of a node: NORMAL the wildcard child or 0, CUT the delegation that it is or lies below.
 *
 * The server reads the heads of nodes and blocks and the entries of sets as numbers of 8 bytes.
 *
 * Records are written as if they were the first after a question for the name of their node (L bytes long): they begin at
 * 16 + L of the message. A *relocation* is the offset of a compression pointer in the records: one below 12 + L leads to a part
 * of the question's name, a larger one into the records themselves.
 *
 * *Extra*: u32 block, u16 pointer, u16 flags; the addresses of a host that the records name at `pointer` (which is relocated
 * alike). A CNAME and a DNAME have one too, which is not counted: for a CNAME u32 node where its target is found, or the closest
 * above it, 0 if in no zone of ours; u16 length of the target; u16 1 if the node is the target itself. For a DNAME u32 0, u16
 * length of the target, u16 1 if it lies below the owner.
 */
export const FIRST_ZONE = 8;
export const ZONE_SIZE = 16;
export const ZONE_NEGATIVE = 4;
export const ZONE_NUMBER = 8;
export const ZONE_CUT = 12;

/** Bit of a node's first 8 bytes. */
export const HAS_ALIAS: u64 = 1 << 24;
export const NODE_ZONE = 8;
export const NODE_SETS = 12;
export const NODE_NAME = 16;

export const NORMAL = 0;
export const CUT = 1;
export const REDIRECTED = 2;

export const BLOCK_RELOCATIONS = 2;
export const BLOCK_EXTRAS = 4;
export const BLOCK_RECORDS = 6;
export const BLOCK_WIRE = 8;
export const EXTRA_SIZE = 8;

/** Flags of an extra that leads to addresses. */
export const EXTRA_AAAA = 1;
/** Without this address the delegation cannot be followed (RFC 9471 2.1). */
export const EXTRA_GLUE = 2;

/** Where the name of a question begins, and how far the records are after it. */
export const HEADER: u32 = 12;
export const AFTER_NAME: u32 = 4;
/** Owner name: a pointer to the question's name. */
export const OWNER = 0xc00c;
