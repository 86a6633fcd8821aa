/** How long an editor waits for `appl lsp`: the bundled command, asked over a real connection right after each keystroke. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CompletionRequest,
  DefinitionRequest,
  HoverRequest,
  RenameRequest,
} from "vscode-languageserver/node";
import { Client } from "../test/lsp-client.ts";
import { folder } from "./appliance.ts";
import { large } from "./large.ts";
import { grouped, median, printTable, type Row } from "./table.ts";

const WARM_UP = 60;
const TIMES = 60;
const GOAL = 50;
const BYTES = 250_000;

export async function lsp(): Promise<void> {
  cpSync("examples/router", join(folder, "router"), { recursive: true });
  const file = join(folder, "router/router.appl");
  const text = readFileSync(file, "utf8");
  const start = performance.now();
  const client = await new Client().start();
  const uri = await client.open(file, text);
  await client.settled(uri);
  const first = performance.now() - start;
  const { connection } = client;

  const value: Typing = { head: "address = dhcp; mtu = 15", texts: ["01", "00"] };
  const mistake: Typing = { head: "guest -> lan   = dr", texts: ["a", "o"] };
  const option: Typing = { head: "net wan   {", texts: [" m", " "] };
  const label: Typing = { head: "zone lan   { nets = [la", texts: ["", "n"] };
  const renamed = () => ({ ...client.at(uri, "let pri|nter"), newName: "paper" });
  const answered = (what: string, typing: Typing, send: (here: Here) => Promise<unknown>) =>
    row(what, client, async (n) => send(await type(client, uri, typing, n)));
  const rows = [
    await answered("a value → its mistakes", value, () => client.settled(uri)),
    await answered("a mistake or its correction → mistakes", mistake, () => client.settled(uri)),
    await answered("hover", value, (here) => connection.sendRequest(HoverRequest.type, here)),
    await answered("options", option, (here) => connection.sendRequest(CompletionRequest.type, here)),
    await answered("labels", label, (here) => connection.sendRequest(CompletionRequest.type, here)),
    await answered("definition", value, () => connection.sendRequest(DefinitionRequest.type, renamed())),
    await answered("rename", value, () => connection.sendRequest(RenameRequest.type, renamed())),
  ];
  printTable(
    `appl lsp, examples/router, from each of ${TIMES} keystrokes to the answer: median, and the time within which 95 of 100 came`,
    [
      { what: "from the start of the process to the first mistakes", measured: `${Math.round(first)} ms` },
      ...rows,
    ],
  );
  await client.close(uri);

  const path = join(folder, "large.appl");
  const rules = large["rules of a firewall"]!(BYTES);
  writeFileSync(path, rules);
  const other = await client.open(path, rules);
  const typing: Typing = { head: 'rule "r1', texts: ["x", ""] };
  const edit = async (n: number) => {
    await type(client, other, typing, n);
    await client.settled(other);
  };
  printTable(`appl lsp, ${BYTES / 1000} KB of rules of a firewall`, [
    await row("a label → its mistakes", client, edit, 1000, 10),
  ]);
  await client.stop();
}

type Here = ReturnType<Client["at"]>;

/** What is written behind a place, again and again: each keystroke puts one text in the place of the one before. The last is what stands there at first. */
interface Typing {
  readonly head: string;
  readonly texts: readonly string[];
}

/** Gives the place behind it. */
async function type(client: Client, uri: string, { head, texts }: Typing, n: number): Promise<Here> {
  const { position: start } = client.at(uri, head);
  const before = texts[(n + texts.length - 1) % texts.length]!;
  const now = texts[n % texts.length]!;
  const behind = (text: string) => ({ line: start.line, character: start.character + text.length });
  await client.change(uri, { start, end: behind(before) }, now);
  return { textDocument: { uri }, position: behind(now) };
}

async function row(
  what: string,
  { process }: Client,
  run: (n: number) => Promise<unknown>,
  goal = GOAL,
  times = TIMES,
): Promise<Row> {
  for (let n = 0; n < WARM_UP && n < times * 2; n++) await run(n);
  const walls: number[] = [];
  const before = processors(process.pid!);
  for (let n = 0; n < times; n++) {
    const start = performance.now();
    await run(n);
    walls.push(performance.now() - start);
  }
  const cpu = (processors(process.pid!) - before) / times;
  const most = walls.toSorted((a, b) => a - b)[Math.ceil(times * 0.95) - 1]!;
  return {
    what,
    measured: `${Math.round(median(walls))}, ${Math.round(most)} ms`,
    goal: `<= ${grouped(goal)}`,
    reached: most <= goal,
    beside: `processors ${Math.round(cpu)} ms`,
  };
}

/** Milliseconds that a process has had: fields 14 and 15 of its line, in hundredths of seconds, counted behind the name. */
function processors(pid: number): number {
  const line = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}
