/** `appl init`: what it writes builds and answers, and replaces nothing. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { format } from "#lang";
import { filled } from "../cli/init/fill.ts";
import { kinds } from "../cli/init/kinds.ts";
import { freePort, temporaryFolder } from "./appliance.ts";
import { requireBundle, startAppl } from "./cli-process.ts";
import { appl, applJson } from "./command.ts";

const execute = promisify(execFile);
const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const terminals = spawnSync("script", ["--version"]).status === 0;
const dns = kinds().find(({ name }) => name === "dns")!;

beforeAll(requireBundle);

describe.each(kinds())("kind $name", (kind) => {
  test("is as it comes in the style, and without mistakes under other names", async () => {
    const text = kind.files.get(`${kind.appliance}.appl`)!;
    expect(format("x", text).text).toBe(text);
    const own = ["--kind", kind.name, "--name", "other", "--address", "198.51.100.7/28"];
    await applJson("init", at(`other-${kind.name}`), ...own);
    expect(await appl("check", join(at(`other-${kind.name}`), "other.appl"))).toMatchObject({
      code: 0,
      stderr: "",
    });
  });
});

test("writes a DNS server that answers, and says how to try it", async () => {
  const { code, stdout, stderr } = await appl("init", at("new/dns"), "--kind", "dns");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const file = at("new/dns/ns1.appl");
  expect(stdout).toBe(
    `${file}\n${at("new/dns/example.org.zone")}\n\nnext:\n  appl run ${file} --publish 5353:53/udp\n  dig @127.0.0.1 -p 5353 www.example.com\n`,
  );
  const port = await freePort();
  const running = startAppl(["run", `${file}@host`, "--publish", `${port}:53/udp`]);
  try {
    await running.waitFor(/Ctrl-C ends it/);
    for (const name of ["www.example.com", "example.org"]) {
      const args = ["@127.0.0.1", "-p", String(port), "+short", "+time=2", "+tries=10", name];
      expect((await execute("dig", args)).stdout.trim()).toBe("192.0.2.80");
    }
  } finally {
    await running.end("SIGINT");
  }
});

test("what is there stays, and nothing is written beside it", async () => {
  const { files } = await applJson<{ files: string[] }>("init", at("kept"), "--name", "box");
  writeFileSync(files[1]!, "mine");
  const refused = await appl("init", at("kept"), "--name", "other");
  expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("is there already") });
  expect(readFileSync(files[1]!, "utf8")).toBe("mine");
  expect(readdirSync(at("kept")).toSorted()).toEqual(["box.appl", "example.org.zone"]);
});

test.each([
  [["--kind", "dsn"], "did you mean `dns`? kinds: "],
  [["--kind", "dns", "--name", "my server"], "`my server` is no name of an appliance"],
  [["--kind", "dns", "--name", "for"], "is a word of the language"],
  [["--kind", "dns", "--address", "192.0.2.53"], "no address with the length of its prefix"],
  [["--kind", "dns", "--address", "192.0.2.0/24"], "no machine's address"],
])("%j is refused", async (options, says) => {
  expect(await appl("init", at("wrong"), ...options)).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining(says),
  });
});

test("the gateway is the first address of the network, if that is somebody else's", () => {
  const gateway = (address: string) =>
    /address = \S+?(?: |; gateway = (\S+) )\}/.exec(filled(dns, { name: "x", address }).get("x.appl")!)?.[1];
  expect(gateway("192.0.2.53/24")).toBe("192.0.2.1");
  expect(gateway("10.255.255.7/9")).toBe("10.128.0.1");
  expect(gateway("192.0.2.1/24")).toBeUndefined();
  expect(gateway("192.0.2.1/31")).toBeUndefined();
});

describe.runIf(terminals)("on a terminal", () => {
  /** Types the answers, one after each question. */
  async function talk(words: string, answers: readonly (readonly [RegExp, string])[]) {
    const line = `stty cols 120 rows 40; ${process.execPath} dist/appl.js ${words}`;
    const child = spawn("script", ["-qec", line, "/dev/null"], {
      env: { ...process.env, TERM: "xterm" },
      stdio: "pipe",
    });
    const rest = [...answers];
    let shown = "";
    child.stdout.on("data", (bytes) => {
      shown += bytes;
      if (rest[0]?.[0].test(shown)) child.stdin.write(rest.shift()![1]);
    });
    const code = await new Promise((done) => child.once("close", done));
    return { code, shown };
  }

  test("it asks, says what is wrong with an answer, and takes the usual one", async () => {
    const { code, shown } = await talk(`init ${at("asked")}`, [
      [/Its name/, "3com\r"],
      [/is no name of an appliance/, "\u0015tern\r"],
      [/Its address/, "\r"],
    ]);
    expect(shown).toContain("next:");
    expect(code).toBe(0);
    expect(readFileSync(at("asked/tern.appl"), "utf8")).toContain("appliance tern {");
  });

  test("Ctrl-C leaves nothing behind", async () => {
    const { code } = await talk(`init ${at("cut")}`, [[/Its name/, "\u0003"]]);
    expect(code).toBe(1);
    expect(readdirSync(folder)).not.toContain("cut");
  });
});
