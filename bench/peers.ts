/**
 * What others need, measured before on a machine of the same kind in the same way (QEMU 7.2 TCG, q35; the responder on Solo5: pc). Only Linux + NSD
 * can be measured again here: `--linux`, see linux.ts.
 */
interface Peer {
  readonly name: string;
  readonly imageBytes: number;
  /** From spawning QEMU to the first answer. */
  readonly firstAnswerMs: number;
  /** From reset to the first answer, firmware included. */
  readonly firstInstructions: number;
  readonly memoryMebibytes: number;
  /** Guest instructions a query with one and with 32 outstanding. */
  readonly query: readonly [one: number, many: number];
}

export const peers: readonly Peer[] = [
  {
    name: "Solo5, hand-made responder without a stack",
    imageBytes: 87_104,
    firstAnswerMs: 238,
    firstInstructions: 15.8e6,
    memoryMebibytes: 3,
    query: [2620, 2446],
  },
  {
    name: "Unikraft + lwIP",
    imageBytes: 352_360,
    firstAnswerMs: 261,
    firstInstructions: 15.4e6,
    memoryMebibytes: 4,
    query: [11_218, 8893],
  },
  {
    name: "Nanos",
    imageBytes: 15_257_088,
    firstAnswerMs: 469,
    firstInstructions: 36e6,
    memoryMebibytes: 13,
    query: [10_296, 9209],
  },
  {
    name: "minimal Linux + NSD",
    imageBytes: 2_288_036,
    firstAnswerMs: 1890,
    firstInstructions: 1194e6,
    memoryMebibytes: 31,
    query: [21_316, 13_789],
  },
  {
    name: "Linux + NSD",
    imageBytes: 18_822_240,
    firstAnswerMs: 6188,
    firstInstructions: 3425e6,
    memoryMebibytes: 114,
    query: [28_228, 20_959],
  },
];
