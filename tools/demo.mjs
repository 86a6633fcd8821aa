// The demonstration itself: every line it prints comes from the commands that a user would type.
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { devNull } from "node:os";

const EXAMPLE = "examples/ns1/ns1.appl";
const NAME = "www.example.com";
const IMAGE = "ns1.elf";

say(`appl build ${EXAMPLE}@kvm -o ${IMAGE}`);
process.stdout.write(appl("build", `${EXAMPLE}@kvm`, "-o", IMAGE));

say(`appl run ${EXAMPLE}@host: the same program in Node, and one question`);
await askWhile(`${EXAMPLE}@host`);

if (spawnSync("qemu-system-x86_64", ["--version"]).status === 0) {
  say(`appl run ${EXAMPLE}@kvm: the image, booted in QEMU`);
  await askWhile(`${EXAMPLE}@kvm`);
} else {
  say("QEMU is not here; with it (apt-get install qemu-system-x86) this would boot the image and ask it too");
}

say(`next: npx appl inspect ${IMAGE}; docs/tutorial.md`);

function say(text) {
  console.log(`\n== ${text}`);
}

function appl(...args) {
  const { status, stdout } = spawnSync(process.execPath, ["dist/appl.js", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

/** Starts the appliance on a free port, asks for the address of NAME until it answers, ends it. */
async function askWhile(reference) {
  const port = await freePort();
  // What is compiled once is compiled here, so that the time below is that of a start.
  appl("build", reference, "-o", devNull);
  const begin = performance.now();
  const child = spawn(process.execPath, ["dist/appl.js", "run", reference, "--publish", `${port}:53/udp`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    const answer = await ask(port, child);
    console.log(
      `${NAME} has the address ${answer} (${Math.round(performance.now() - begin)} ms after the command was started)`,
    );
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await ended;
    }
  }
}

function freePort() {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

function ask(port, child) {
  const query = Buffer.concat([
    Buffer.from("a991010000010000000000 00".replaceAll(" ", ""), "hex"),
    ...NAME.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0, 0, 1, 0, 1]),
  ]);
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    const again = setInterval(() => socket.send(query, port, "127.0.0.1"), 20);
    const end = (settle, value) => {
      child.off("exit", exited);
      clearInterval(again);
      clearTimeout(limit);
      socket.close();
      settle(value);
    };
    const limit = setTimeout(() => end(reject, new Error("no answer within 60 s")), 60_000);
    const exited = (code) => end(reject, new Error(`appl ended with ${code}`));
    child.once("exit", exited);
    // One question, one A record: its address is the last four bytes of the answer section.
    socket.on("message", (reply) => {
      if (reply.readUInt16BE(0) !== 0xa991 || reply.readUInt16BE(6) === 0) return;
      end(resolve, [...reply.subarray(query.length + 12, query.length + 16)].join("."));
    });
  });
}
