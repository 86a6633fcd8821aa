/**
 * The loader in a chip's ROM, asked over a serial port by `esptool-js` (Espressif, "Serial Protocol"). Everything is done by the ROM itself: no program is loaded into the chip
 * for it.
 */
import { createHash } from "node:crypto";
import type { ESPLoader } from "esptool-js";
import { CommandError, inputError } from "../exit.ts";
import { BAUD, type SerialPort } from "./port.ts";

/** Commands that `esptool-js` has for its own program in the chip only, or sends the ROM in another form than it reads. */
const command = { flashBegin: 0x02, setParameters: 0x0b, attach: 0x0d, md5: 0x13 } as const;
/** Digits of an MD5, as the ROM writes it. */
const MD5 = 32;
const RESET_MS = 100;
const SECTOR = 4096;
/** What the ROM takes at once. */
const BLOCK = 1024;
const MEGABYTE = 1e6;
/** What a slow flash chip may need. */
const ERASE_MS_PER_MB = 30_000;
const SHORTEST_MS = 3000;

export interface Chip {
  /** As images name it: 0 is an ESP32, 5 an ESP32-C3. */
  readonly id: number;
  /** `ESP32`. */
  readonly name: string;
  /** `24:0a:c4:01:02:03`: the first of its hardware addresses. */
  readonly mac: string;
  /** Bytes of its flash memory. */
  readonly flash: number;
}

export class Rom {
  readonly chip: Chip;
  readonly #port: SerialPort;
  readonly #loader: ESPLoader;

  private constructor(port: SerialPort, loader: ESPLoader, chip: Chip) {
    this.#port = port;
    this.#loader = loader;
    this.chip = chip;
  }

  /** Resets the chip into its loader, at `baud` from then on. */
  static async connect(port: SerialPort, baud: number): Promise<Rom> {
    const loader = await loaderOn(port, baud);
    await port.orLost(loader.connect()).catch((error: unknown) => {
      throw error instanceof CommandError ? error : noAnswer(port.path, error);
    });
    return inWords(port, "the chip was found, and then stopped answering", async () => {
      if (baud !== BAUD) await loader.changeBaud();
      // Pins as they usually are.
      await loader.checkCommand("attach the flash chip", command.attach, words(0, 0));
      const chip: Chip = {
        id: loader.chip.IMAGE_CHIP_ID!,
        name: loader.chip.CHIP_NAME,
        mac: await loader.chip.readMac(loader),
        flash: await flashSize(loader),
      };
      // The ROM takes it for one of 4 MiB otherwise. Blocks, sectors and pages are those of every chip, and all bits of the status count.
      await loader.checkCommand(
        "say what the flash chip is",
        command.setParameters,
        words(0, chip.flash, 0x10000, SECTOR, 256, 0xffff),
      );
      return new Rom(port, loader, chip);
    });
  }

  /** Whether the flash memory has these bytes there, by their MD5. */
  has(offset: number, bytes: Uint8Array): Promise<boolean> {
    return this.#asked("compare", async () => {
      const timeout = longest(this.#loader.MD5_TIMEOUT_PER_MB, bytes.length);
      const asked = words(offset, bytes.length, 0, 0);
      const digits = await this.#loader.checkCommand("compute an MD5", command.md5, asked, 0, MD5, timeout);
      return (
        Buffer.from(digits as Uint8Array).toString("latin1") === createHash("md5").update(bytes).digest("hex")
      );
    });
  }

  /** Whole sectors. */
  erase(offset: number, size: number): Promise<void> {
    return this.#asked("erase", () => this.#begin(offset, size, 0));
  }

  /**
   * Erases and writes whole sectors; `progress` is told what part of them was sent. They are not compressed: at the end of what it unpacks the ROM of an ESP32 writes
   * its whole buffer of 32 KiB, over what lies behind.
   */
  write(offset: number, bytes: Uint8Array, progress: (part: number) => void): Promise<void> {
    return this.#asked("write", async () => {
      await this.#begin(offset, bytes.length, bytes.length / BLOCK);
      for (let at = 0; at < bytes.length; at += BLOCK) {
        await this.#loader.flashBlock(bytes.subarray(at, at + BLOCK), at / BLOCK, SHORTEST_MS);
        progress((at + BLOCK) / bytes.length);
      }
    });
  }

  /** Erases; so many blocks follow. Newer chips have a word more: not encrypted. */
  async #begin(offset: number, size: number, blocks: number): Promise<void> {
    const asked = words(size, blocks, BLOCK, offset, ...(this.chip.id === 0 ? [] : [0]));
    const timeout = longest(ERASE_MS_PER_MB, size);
    await this.#loader.checkCommand("erase flash memory", command.flashBegin, asked, 0, 0, timeout);
  }

  /** Ends the loader and starts what lies in flash memory; the port has the console's speed again. */
  async restart(): Promise<void> {
    await this.#port.setBaudRate(BAUD);
    await reset(this.#port);
  }

  #asked<T>(what: string, work: () => Promise<T>): Promise<T> {
    return inWords(this.#port, `the chip has refused to ${what}`, work);
  }
}

/** By the two lines that boards lead to the chip's reset (RTS) and to GPIO0 (DTR). */
export async function reset(port: SerialPort): Promise<void> {
  await port.setSignals({ dataTerminalReady: false, requestToSend: true });
  await new Promise((resolve) => setTimeout(resolve, RESET_MS));
  await port.setSignals({ dataTerminalReady: false, requestToSend: false });
}

async function loaderOn(port: SerialPort, baudrate: number): Promise<ESPLoader> {
  const { ESPLoader, Transport } = await import("esptool-js");
  const nothing = () => undefined;
  // It is told in types of browsers, of which a port here has what is used.
  const transport = new Transport(port as never);
  // It prints some of it always.
  transport.trace = nothing;
  const loader = new ESPLoader({
    transport,
    baudrate,
    romBaudrate: BAUD,
    terminal: { clean: nothing, write: nothing, writeLine: nothing },
  });
  // Where the speed has to be set back, it would load its own program.
  loader.runStub = async () => loader.chip;
  return loader;
}

async function flashSize(loader: ESPLoader): Promise<number> {
  const id = await loader.readFlashId();
  const exponent = (id >>> 16) & 0xff;
  // By the ID's last byte (JEDEC's capacity), as a power of two; some makers count on from 0x20 with 64 MiB.
  const size = exponent >= 0x12 && exponent <= 0x19 ? 2 ** exponent : exponent === 0x20 ? 2 ** 26 : 0;
  if (size > 0) return size;
  throw inputError(
    `the chip's flash memory says that it is ${(id & 0xffffff).toString(16).padStart(6, "0")}, from which its size does not follow`,
    "see that nothing is connected to GPIO6 to GPIO11, and that the board has its full voltage",
  );
}

const words = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

const longest = (perMegabyte: number, size: number): number =>
  Math.max(SHORTEST_MS, (perMegabyte * size) / MEGABYTE);

/** What goes wrong on the way is one line. */
async function inWords<T>(port: SerialPort, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await port.orLost(work());
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw inputError(
      `${what} (${said(error)})`,
      "do it again; if it stays so: a shorter cable, another supply, or less speed: --baud 115200",
    );
  }
}

function noAnswer(path: string, error: unknown): CommandError {
  if (/unexpected chip|chip id|magic/i.test(said(error)))
    return inputError(
      `on ${path} is a chip that is not known here (${said(error)})`,
      "ESP32 and ESP32-C3 are",
    );
  return inputError(
    `no chip answers on ${path}`,
    "if the board has no automatic reset: hold BOOT, press and release EN (RESET), let go of BOOT, and do it again",
  );
}

const said = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0]!.trim();
