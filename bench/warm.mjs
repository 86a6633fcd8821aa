// One process that checks a description again and again: what a check takes when everything is loaded. Prints the milliseconds on the clock and of processors of each.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [program, description, times] = process.argv.slice(2);
const { main } = await import(pathToFileURL(resolve(program)).href);
const said = [];
const terminal = {
  out: () => {},
  error: (text) => said.push(text),
  progress: () => {},
  quiet: () => {},
  colours: false,
};
const runs = [];
for (let n = 0; n < Number(times); n++) {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const code = await main(["check", description], terminal);
  if (code !== 0) throw new Error(`the check ended with ${code}: ${said.join("")}`);
  const { user, system } = process.cpuUsage(cpu);
  runs.push({ wall: performance.now() - begin, cpu: (user + system) / 1000 });
}
console.log(JSON.stringify(runs));
