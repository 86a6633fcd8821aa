/** Drivers of the ESP32 as a program in V8, on the models of the chip's Ethernet MAC and of its registers. */
import { type AsInstance, compileAs, instantiateAs } from "#tools/load-as";
import { ECHO, programFiles, type TestModule } from "../kvm/test-program.ts";
import { fields } from "./boot/layout.ts";
import { esp32With } from "./machines/esp32.ts";
import { BASE, TestEmac, type Wiring } from "./test-emac.ts";
import { AnalogBus, writePins } from "./test-registers.ts";

/** Where linear memory lies, and data RAM ends. */
const [RAM, END] = [0x3ffb_0000, 0x4000_0000] as const;
const HERTZ = 240_000_000n;
const UART = 0x3ff4_0000;
const MILLISECOND = HERTZ / 1000n;

const driver = (name: string, needs: readonly string[], hooks: TestModule["hooks"] = ["start"]) => ({
  file: `backends/esp32/drivers/${name}/index`,
  hooks,
  needs: Object.fromEntries(needs.map((each) => [each, each])),
});

const modules = {
  console: driver("console", []),
  log: { file: "stdlib/log/test-all", hooks: [], needs: { console: "console" } },
  interrupts: driver("interrupts", []),
  clock: driver("clock", []),
  phy: { file: "backends/esp32/drivers/phy/rtl8201", hooks: [] },
  link: driver("emac", ["clock", "interrupts", "log", "phy"], ["start", "poll", "deadline"]),
  loop: driver("loop", ["clock", "interrupts", "link", "log"]),
} as const satisfies Record<string, TestModule>;

const wiring: Wiring = { phy: "rtl8201", address: 2, clock: { pin: 17, out: true }, power: 12, reset: 5 };

/** Thrown when its time is over. */
class Over extends Error {}

/** Every frame goes back with its addresses exchanged and its first byte of content one more. */
export const compiledEcho = (): Promise<Uint8Array> =>
  compileAs({
    entry: "appliance/main.ts",
    files: Object.fromEntries(
      programFiles(
        {
          use: ["console", "log", "interrupts", "clock", "phy", "link", "loop"],
          hooks: ["prepare", "poll"],
          own: `import { link } from "./link";
import { HEADROOM } from "../stdlib/core/packet";
import { Link } from "../stdlib/net/link";
let eth: Link | null = null;
export function prepare(): void { eth = link(0); }
${ECHO}`,
        },
        modules,
      ),
    ),
    flags: ["--exportStart", "_start"],
  });

export class Guest {
  readonly emac: TestEmac;
  said = "";
  readonly #instance: AsInstance;
  readonly #registers = new Map<number, number>();
  readonly #analog = new AnalogBus();
  #time = 0n;
  #until = 0n;
  #alarm = 0;

  constructor(wasm: Uint8Array) {
    this.emac = new TestEmac(wiring, {
      register: (address) => this.#registers.get(address) ?? 0,
      load: (address, bytes) =>
        bytes === 4 ? this.#view.getUint32(address - RAM, true) : this.#view.getUint8(address - RAM),
      store: (address, value) => this.#view.setUint32(address - RAM, value, true),
      now: () => Number(BigInt.asUintN(32, this.#time)),
      apll: this.#analog.written,
    });
    this.#instance = instantiateAs(wasm, { hw: this.#hardware() });
    for (const name of ["_start", "prepare", "start"]) this.#instance.exports[name]();
  }

  /** Runs for so long. */
  run(milliseconds: number): void {
    this.#until = this.#time + BigInt(milliseconds) * MILLISECOND;
    try {
      this.#instance.exports["run"]();
    } catch (error) {
      if (!(error instanceof Over)) throw error;
    }
  }

  get #view(): DataView {
    return new DataView(this.#instance.memory.buffer);
  }

  #hardware() {
    const { phy, phyPins } = esp32With({
      phy: {
        chip: wiring.phy,
        address: wiring.address,
        isClockedByProcessor: wiring.clock.out,
        pins: { mdc: "gpio23", mdio: "gpio18", clock: "gpio17", power: "gpio12", reset: "gpio5" },
      },
    }).phy;
    const record: Readonly<Record<number, bigint>> = {
      [fields.hertz]: HERTZ,
      [fields.network]: BigInt(BASE),
      [fields.networkInterrupt]: 1n,
      [fields.uart]: BigInt(UART),
      [fields.uartKind]: 1n,
      [fields.phy]: BigInt(phy),
      [fields.phyPins]: BigInt(phyPins),
    };
    return {
      load32: (address: bigint) => this.#load(Number(address)) | 0,
      store32: (address: bigint, value: number) => this.#store(Number(address), value >>> 0),
      load8: () => 0,
      fence: () => undefined,
      boot: (field: number) => record[field] ?? 0n,
      physical: (pointer: number) => BigInt(RAM + (pointer >>> 0)),
      atRestart: () => undefined,
      ticks: () => {
        this.#time += 200n;
        if (this.#time > this.#until + HERTZ) throw new Error("it never sleeps");
        return this.#time;
      },
      alarm: (at: number) => {
        this.#alarm = at >>> 0;
      },
      listen: () => undefined,
      sleep: () => this.#wait(),
      stop: () => undefined,
    };
  }

  #wait(): void {
    if (this.#time >= this.#until) throw new Over();
    if (this.emac.interrupts) return;
    const rest = BigInt.asUintN(32, BigInt(this.#alarm) - this.#time);
    this.#time = this.#time + rest > this.#until ? this.#until : this.#time + rest;
  }

  #load(address: number): number {
    if (address >= RAM && address < END) return this.#view.getUint32(address - RAM, true);
    if (address >= BASE && address < BASE + 0x3000) return this.emac.load(address);
    if (address === this.#analog.address) return this.#analog.load();
    if (address === 0x3ff5_a00c) return 1 << 15;
    return this.#registers.get(address) ?? 0;
  }

  #store(address: number, value: number): void {
    if (address === UART) this.said += String.fromCharCode(value & 255);
    else if (address === this.#analog.address) this.#analog.store(value);
    else if (address >= RAM && address < END) this.#view.setUint32(address - RAM, value, true);
    else if (address >= BASE && address < BASE + 0x3000) this.emac.store(address, value);
    else if (!writePins(this.#registers, address, value)) this.#registers.set(address, value);
    this.emac.wires();
  }
}
