// Loaded before a program with `node --import`: ends the process as `kill -9` does, at the KILL_AT-th time that it changes something below KILL_BELOW.
// A write is done by half before that, so that what is torn is torn. Without KILL_AT the number of times is written to KILL_COUNT.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { KILL_AT, KILL_BELOW, KILL_COUNT } = process.env;
const last = Number(KILL_AT ?? Number.POSITIVE_INFINITY);
const written = new Set();
let touches = 0;

const changes = (name, what, flags) =>
  typeof what === "number"
    ? written.has(what)
    : what.startsWith(KILL_BELOW) && (name !== "openSync" || flags !== "r");

for (const name of ["openSync", "mkdirSync", "renameSync", "writeFileSync", "fchmodSync", "closeSync"]) {
  const original = fs[name];
  fs[name] = (what, ...rest) => {
    if (!changes(name, what, rest[0])) return original(what, ...rest);
    touches += 1;
    if (touches === last) {
      if (name === "writeFileSync") original(what, rest[0].subarray(0, rest[0].length / 2));
      process.kill(process.pid, "SIGKILL");
    }
    const result = original(what, ...rest);
    if (name === "openSync") written.add(result);
    if (name === "closeSync") written.delete(what);
    return result;
  };
}
syncBuiltinESMExports();
if (KILL_COUNT !== undefined) process.on("exit", () => fs.writeFileSync(KILL_COUNT, String(touches)));
