/** Serial ports of this machine: which there are, and one of them, open. */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { type CommandError, inputError } from "../exit.ts";

type Bindings = typeof import("@serialport/bindings-cpp");
type Binding = ReturnType<Bindings["autoDetect"]>;
type OpenPort = Awaited<ReturnType<Binding["open"]>>;

/** What the ROM of the chips and our consoles speak. */
export const BAUD = 115_200;
const ALIVE_MS = 200;
const READ = 4096;

/** Of USB: who made it, and what it is. */
interface UsbIds {
  readonly usbVendorId?: number;
  readonly usbProductId?: number;
}

/** A library of the machine, so it stays a package when the command is bundled. */
const require = createRequire(import.meta.url);

function binding(): Binding {
  try {
    return (require("@serialport/bindings-cpp") as Bindings).autoDetect();
  } catch {
    throw inputError(
      "serial ports need the package @serialport/bindings-cpp, which has no build for this system",
      "`appl build` makes the file; a flasher writes it from address 0 on: esptool.py write_flash 0x0 FILE",
    );
  }
}

/** The port that was named, or the only one on USB that is there. */
export async function portNamed(given: unknown): Promise<string> {
  if (Array.isArray(given)) throw inputError("`--port` is given several times", "name one port");
  if (given !== undefined) return String(given);
  const found = (await listed(binding())).filter(({ isUsb }) => isUsb).map(({ path }) => path);
  const [only, other] = found;
  if (only === undefined)
    throw inputError(
      "there is no serial port on USB here",
      "connect the board, with a cable that carries data; or name its port: --port /dev/ttyUSB0",
    );
  if (other !== undefined)
    throw inputError(
      "there are several serial ports here",
      `say which: ${found.map((path) => `--port ${path}`).join(", ")}`,
    );
  return only;
}

/**
 * A port as browsers have it (Web Serial API), which is what `esptool-js` wants. It is open from the beginning, and `open` sets its speed. When the device is
 * gone, what is read ends and `lost` is rejected.
 */
export class SerialPort {
  readonly path: string;
  /** Never fulfilled. */
  readonly lost: Promise<never>;
  readable: ReadableStream<Uint8Array> | null = null;
  readonly writable: WritableStream<Uint8Array>;
  readonly #port: OpenPort;
  readonly #ids: UsbIds;
  readonly #watch: NodeJS.Timeout;
  #lose!: (error: CommandError) => void;
  #closed = false;
  #to: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(path: string, port: OpenPort, ids: UsbIds) {
    this.path = path;
    this.#port = port;
    this.#ids = ids;
    this.lost = new Promise((_, reject) => {
      this.#lose = reject;
    });
    this.lost.catch(() => undefined);
    this.writable = new WritableStream({ write: (bytes) => this.#write(bytes) });
    // A device that was pulled reads as if nothing came.
    this.#watch = setInterval(() => {
      if (process.platform !== "win32" && !existsSync(path)) this.#gone();
    }, ALIVE_MS);
    void this.#readAll();
  }

  async open({ baudRate }: { readonly baudRate: number }): Promise<void> {
    await this.setBaudRate(baudRate);
    this.readable ??= new ReadableStream({
      start: (to) => {
        this.#to = to;
      },
    });
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.#unlessGone(this.#port.update({ baudRate }));
  }

  /** Ports without such lines do as if. */
  async setSignals(signals: {
    readonly dataTerminalReady?: boolean;
    readonly requestToSend?: boolean;
  }): Promise<void> {
    if (signals.dataTerminalReady !== undefined) this.#dtr = signals.dataTerminalReady;
    if (signals.requestToSend !== undefined) this.#rts = signals.requestToSend;
    await this.#port
      .set({ dtr: this.#dtr, rts: this.#rts, cts: false, dsr: false, brk: false })
      .catch(() => undefined);
  }
  #dtr = false;
  #rts = false;

  getInfo(): UsbIds {
    return this.#ids;
  }

  /** For `esptool-js`, which closes a port to open it again: what it reads ends, and the port stays open. */
  async close(): Promise<void> {
    this.#end();
    this.readable = null;
  }

  /** What `work` gives, unless the device is gone first. */
  orLost<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.lost]);
  }

  async release(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#watch);
    this.#end();
    await this.#port.close().catch(() => undefined);
  }

  #end(): void {
    const to = this.#to;
    this.#to = undefined;
    // It may be closed already: by whoever has cancelled what it read.
    try {
      to?.close();
    } catch {}
  }

  async #readAll(): Promise<void> {
    const buffer = Buffer.alloc(READ);
    while (!this.#closed) {
      try {
        const { bytesRead } = await this.#port.read(buffer, 0, READ);
        this.#to?.enqueue(Uint8Array.from(buffer.subarray(0, bytesRead)));
      } catch {
        if (!this.#closed) this.#gone();
        return;
      }
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#unlessGone(this.#port.write(Buffer.from(bytes)));
  }

  async #unlessGone<T>(work: Promise<T>): Promise<T> {
    try {
      return await this.orLost(work);
    } catch (error) {
      this.#gone();
      await this.lost;
      throw error;
    }
  }

  #gone(): void {
    this.#lose(
      inputError(
        `the device on ${this.path} is gone`,
        "it was unplugged or lost its power: connect it, and do it again",
      ),
    );
    void this.release();
  }
}

/** Opens it; nobody else may have it. */
export async function openPort(path: string): Promise<SerialPort> {
  const ports = binding();
  try {
    const port = await ports.open({ path, baudRate: BAUD, hupcl: false });
    return new SerialPort(path, port, await idsOf(ports, path));
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

interface Listed {
  readonly path: string;
  readonly isUsb: boolean;
  readonly ids: UsbIds;
}

/** Without udev, Linux has their names only. */
async function listed(ports: Binding): Promise<readonly Listed[]> {
  try {
    return (await ports.list()).map(({ path, vendorId, productId }) => {
      const [usbVendorId, usbProductId] = [vendorId, productId].map((id) => Number.parseInt(id ?? "", 16));
      return {
        path,
        isUsb: !!usbVendorId,
        ids: usbVendorId && usbProductId ? { usbVendorId, usbProductId } : {},
      };
    });
  } catch {
    const names = existsSync("/dev") ? readdirSync("/dev") : [];
    return names
      .filter((name) => /^tty(USB|ACM)\d+$/.test(name))
      .map((name) => ({ path: `/dev/${name}`, isUsb: true, ids: {} }));
  }
}

const idsOf = async (ports: Binding, path: string): Promise<UsbIds> =>
  (await listed(ports)).find((each) => each.path === path)?.ids ?? {};

function cannotOpen(path: string, error: unknown): CommandError {
  const said = error instanceof Error ? error.message : String(error);
  if (/no such file|file not found|ENOENT/i.test(said))
    return inputError(
      `there is no port \`${path}\``,
      "connect the board and see what it is called: ls /dev/ttyUSB* /dev/ttyACM*",
    );
  if (/permission denied|access denied|EACCES/i.test(said))
    return inputError(
      `you may not open \`${path}\``,
      "its group is usually dialout: sudo usermod -a -G dialout $USER, then log in again",
    );
  if (/lock|busy|temporarily unavailable/i.test(said))
    return inputError(`another program has \`${path}\` open`, "end it: a monitor, a modem manager");
  return inputError(
    `\`${path}\` cannot be opened as a serial port`,
    `the system says: ${said.replace(/^Error: /, "")}`,
  );
}
