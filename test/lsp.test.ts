/** Scripted sessions with `appl lsp`: the bundled command, spoken to over its protocol. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  CodeActionRequest,
  DefinitionRequest,
  type Hover,
  HoverRequest,
  type Location,
  type Range,
  ReferencesRequest,
} from "vscode-languageserver/node";
import { Client } from "./lsp-client.ts";

const example = (name: string) => resolve(import.meta.dirname, "../lang/test/examples", name);
const router = readFileSync(example("router.appl"), "utf8");

let client: Client;
beforeAll(async () => {
  client = await new Client().start();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr).toBe("");
});

const errors = (count: number) => (found: readonly unknown[]) => found.length === count;

async function hover(uri: string, place: string, n = 1): Promise<string> {
  const found = (await client.connection.sendRequest(
    HoverRequest.type,
    client.at(uri, place, n),
  )) as Hover | null;
  return (found?.contents as { value: string } | undefined)?.value ?? "";
}

async function definition(uri: string, place: string, n = 1): Promise<string> {
  const found = (await client.connection.sendRequest(DefinitionRequest.type, client.at(uri, place, n))) as
    | Location[]
    | null;
  return (found ?? [])
    .map(
      ({ uri: at, range }) =>
        `${at.replace(/.*\//, "")}:${range.start.line + 1}:${range.start.character + 1}`,
    )
    .join(" ");
}

test("mistakes appear while one writes, with other places and quick fixes, and go when they are mended", async () => {
  const uri = await client.open(example("router.appl"), router);
  await client.until(uri, errors(0));
  const { position } = client.at(uri, "mt|u = 1492");
  await client.change(uri, { start: position, end: { ...position, character: position.character + 1 } }, "");
  const [mistake] = await client.until(uri, errors(1));
  expect(mistake).toMatchObject({ code: "E0101", severity: 1, source: "appl" });
  expect(client.cut(uri, mistake!.range)).toBe("mt");
  const actions = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: mistake!.range,
    context: { diagnostics: [mistake!] },
  });
  const [action] = actions as {
    title: string;
    edit: { changes: Record<string, { range: Range; newText: string }[]> };
  }[];
  expect(action!.title).toContain("did you mean `mtu`?");
  const [edit] = action!.edit.changes[uri]!;
  await client.change(uri, edit!.range, edit!.newText);
  await client.until(uri, errors(0));
  expect(client.text(uri)).toBe(router);
});

test("what is set in two places names the other one", async () => {
  const uri = await client.open(
    example("both.appl"),
    `appl 1
use std/net
fragment one { net eth0 { mtu = 1400 } }
appliance a { include one; net eth0 { address = dhcp; mtu = 1500 } }
`,
  );
  const [mistake] = await client.until(uri, errors(1));
  expect(mistake!.code).toBe("E0402");
  expect(mistake!.relatedInformation!.map(({ location }) => client.cut(uri, location.range))).toEqual([
    "mtu = 1400",
  ]);
  await client.close(uri);
});

test("hovering shows type, documentation, value, and who gave it", async () => {
  const uri = await client.open(example("router.appl"), router);
  expect(await hover(uri, "lan_n|et }")).toBe("```appl\nlet lan_net : Cidr4\n```\n\n= `10.20.0.0/22`");
  const mtu = await hover(uri, "mt|u = 1492");
  expect(mtu).toContain("mtu : Int in 576..1500 = 1500");
  expect(mtu).toContain("option of module `net`");
  expect(mtu).toContain("RFC 894");
  expect(mtu).toMatch(
    /`1492` router\.appl:69:\d+: override, wins\n- `1500` router\.appl:16:\d+: plain\n- `1500` stdlib\/net\/net\.appl:\d+:\d+: option default/,
  );
  expect(await hover(uri, "nets = [w|an]")).toContain('net "wan"');
  expect(await hover(uri, "permi|ts")).toContain("fn permits(packet: Packet) -> Bool");
});

test("definitions are found in the file, in libraries, and through labels", async () => {
  const uri = await client.open(example("router.appl"), router);
  expect(await definition(uri, "source = lan_n|et")).toBe("router.appl:11:5");
  expect(await definition(uri, "nets = [l|an]")).toBe("router.appl:17:7");
  expect(await definition(uri, "masque|rade")).toMatch(/^firewall\.appl:\d+:\d+$/);
  expect(await definition(uri, "use std/fi|rewall")).toBe("firewall.appl:1:1");
  expect(await definition(uri, "apu2.apu|2e4 {")).toMatch(/^apu2\.appl:\d+:5$/);
  const places = await client.connection.sendRequest(ReferencesRequest.type, {
    ...client.at(uri, "net la|n "),
    context: { includeDeclaration: true },
  });
  expect(places!.map(({ range }) => range.start.line + 1)).toEqual([17, 22, 53, 65, 66]);
});
