// tcp-client.mjs HOST: asks an appliance's services for trying the network, as a client of the kernel's TCP, and says in lines what came of it.
import { createHash } from "node:crypto";
import { connect } from "node:net";

const [host] = process.argv.slice(2);
const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Sends `data`, closes its half, and gives what comes until the other half is closed. */
function talk(port, data) {
  return new Promise((resolve) => {
    const chunks = [];
    const socket = connect({ host, port, allowHalfOpen: true });
    const finish = (error) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ error, got: Buffer.concat(chunks) });
    };
    const timer = setTimeout(() => finish("timeout"), 20_000);
    socket.on("connect", () => socket.end(data));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => finish(undefined));
    socket.on("error", ({ code }) => finish(code));
  });
}

const bytes = (length, salt) => Buffer.from({ length }, 0).map((_, n) => n * 31 + (n >> 8) * salt);
const say = (what, { error, got }, good) =>
  console.log(`${what}: ${error ?? (good(got) ? "good" : `bad, ${got.length} bytes`)}`);

say("echo", await talk(7, "hello"), (got) => got.toString() === "hello");
say("nobody", await talk(99), () => false);
const large = bytes(3_000_000, 7);
say("large echo", await talk(7, large), (got) => digest(got) === digest(large));
say("discard", await talk(9, large), (got) => got.length === 0);
/** RFC 864: lines of 72 of 95 characters. */
const line = (n) =>
  `${Array.from({ length: 72 }, (_, i) => String.fromCharCode(32 + ((n + i) % 95))).join("")}\r\n`;
const page = Array.from({ length: 95 }, (_, n) => line(n)).join("");
say(
  "chargen",
  await talk(19),
  (got) => got.length === 8 << 20 && got.toString("latin1").startsWith(page + page),
);
const many = Array.from({ length: 50 }, (_, n) => bytes(100_000, n));
const echoes = await Promise.all(many.map((data) => talk(7, data)));
console.log(`parallel: ${echoes.filter(({ got }, n) => digest(got) === digest(many[n])).length}`);
let one = 0;
for (let n = 0; n < 2000; n++) if ((await talk(7, "x")).got.toString() === "x") one += 1;
console.log(`one after another: ${one}`);
