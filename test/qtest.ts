/** Registers of a machine in QEMU, read and set from outside: QEMU's test protocol (qemu/docs/devel/testing/qtest.rst), a line each way. */
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { temporaryFolder } from "./appliance.ts";

export class Qtest {
  readonly #path = join(temporaryFolder(), "qtest");
  #socket: Socket | undefined;
  readonly #waiting: ((line: string) => void)[] = [];

  /** For QEMU. */
  readonly args = ["-qtest", `unix:${this.#path},server=on,wait=off`, "-qtest-log", "none"];

  async #ask(line: string): Promise<string> {
    if (this.#socket === undefined) {
      const socket = createConnection(this.#path);
      this.#socket = socket;
      const end = (answer: string) => this.#waiting.shift()?.(answer);
      createInterface(socket).on("line", end);
      socket.once("error", ({ message }) => end(message)).once("close", () => end("QEMU has ended"));
    }
    const answer = new Promise<string>((resolve) => this.#waiting.push(resolve));
    this.#socket.write(`${line}\n`);
    const said = await answer;
    if (!said.startsWith("OK")) throw new Error(`${line}: ${said}`);
    return said.slice(3);
  }

  /** 32 bits at a physical address. */
  async word(address: number): Promise<number> {
    return Number(await this.#ask(`readl 0x${address.toString(16)}`));
  }

  async setWord(address: number, value: number): Promise<void> {
    await this.#ask(`writel 0x${address.toString(16)} 0x${value.toString(16)}`);
  }

  close(): void {
    this.#socket?.destroy();
  }
}
