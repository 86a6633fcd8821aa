/** Whole zones as other servers give them: RFC 5936. */
import { connect } from "node:net";
import { readMessage } from "./message.ts";
import { framed } from "./stream.ts";

/** Name, TTL, class, type, value in hexadecimal. */
export type RecordText = string;

/** Records of the messages of a transfer, in their order. */
export function recordsOf(messages: readonly Uint8Array[]): RecordText[] {
  return messages.flatMap((bytes) =>
    readMessage(bytes).answer.map((e) => `${e.name} ${e.ttl} ${e.class} ${e.type} ${e.value}`),
  );
}

/** Asks for a transfer on 127.0.0.1: the messages until the SOA has come for the second time. */
export function copyOver(port: number, question: Uint8Array): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(framed(question)));
    const messages: Uint8Array[] = [];
    let soas = 0;
    let bytes = Buffer.alloc(0);
    socket.once("error", reject);
    socket.once("close", () => resolve(messages));
    socket.on("data", (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
        const message = bytes.subarray(2, 2 + bytes.readUInt16BE(0));
        bytes = bytes.subarray(2 + message.length);
        messages.push(message);
        soas += readMessage(message).answer.filter(({ type }) => type === 6).length;
        if (soas > 1 || readMessage(message).rcode !== 0) socket.end();
      }
    });
  });
}
