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

/** nginx in a guest. Linux is Debian's kernel for clouds; it has a device that cuts segments, and the others have not. */
export interface HttpPeer {
  readonly name: string;
  readonly imageBytes: number;
  /** Guest instructions of a request for 128 B, 10 KiB and 100 KiB on a connection that is kept, and for 128 B with one of its own. */
  readonly instructions: {
    readonly small: number;
    readonly middle: number;
    readonly large: number;
    readonly connection: number;
  };
}

export const httpPeers: readonly HttpPeer[] = [
  {
    name: "Unikraft + nginx",
    imageBytes: 1_349_824,
    instructions: { small: 26_717, middle: 68_030, large: 420_822, connection: 76_349 },
  },
  {
    name: "Nanos + nginx",
    imageBytes: 24_694_272,
    instructions: { small: 39_070, middle: 89_918, large: 529_051, connection: 85_678 },
  },
  {
    name: "Linux + nginx",
    imageBytes: 18_052_208,
    instructions: { small: 58_303, middle: 61_982, large: 118_384, connection: 151_219 },
  },
];

/** Firmware of others for an ESP32 with a wired network, as published. `flash`: the application alone; `ram`: what is taken before it allocates anything. */
export const firmwares: readonly { readonly name: string; readonly flash: number; readonly ram?: number }[] =
  [
    // IRAM 93,095 and DRAM 32,088: github.com/elupus/esphome-nibe, issue 117.
    { name: "ESPHome with Ethernet and one component", flash: 819_835, ram: 125_183 },
    // Its partition at 0x10000: github.com/crossbario/iotcookbook, issue 13.
    { name: "ESP-IDF's example of an HTTP server (2017)", flash: 562_016 },
  ];
