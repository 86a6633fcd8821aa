/** Scripted sessions with `appl lsp`: the bundled command, spoken to over its protocol. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type CodeAction,
  CodeActionRequest,
  type CompletionItem,
  type CompletionList,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  type DocumentSymbol,
  DocumentSymbolRequest,
  type Hover,
  HoverRequest,
  type Location,
  type Range,
  ReferencesRequest,
  RenameRequest,
  SignatureHelpRequest,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { geo, git, lock, project } from "./lock-project.ts";
import { Client } from "./lsp-client.ts";

const example = (name: string) => resolve(import.meta.dirname, "../examples/router", name);
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

// ------------------------------------------------------------------------------------------------ writing

/** Labels of what is offered where `§` stands, best first. */
async function offered(text: string): Promise<readonly string[]> {
  return (await items(text)).map(({ label }) => label);
}

async function items(text: string): Promise<readonly CompletionItem[]> {
  const offset = text.indexOf("§");
  const uri = await client.open(example("router.appl"), text.replace("§", ""));
  const position = client.documents.get(uri)!.positionAt(offset);
  const list = (await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri },
    position,
  })) as CompletionList;
  return list.items.toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
}

const put = (before: string, text: string) => router.replace(before, `${text}${before}`);
const change = (before: string, after: string) => router.replace(before, after);

test("what can be written is what the checker would take there", async () => {
  expect(await offered("§")).toEqual(
    expect.arrayContaining(["appl", "use", "appliance", "fragment", "target", "test"]),
  );
  expect(await offered("appl 1\nuse std/d§\n")).toEqual(expect.arrayContaining(["std/dns", "std/dhcp"]));
  expect(await offered('appl 1\nuse "./§"\n')).toEqual(["./router.appl"]);
  expect(await offered(put("  firewall {", "  net more { § }\n"))).toEqual(
    expect.arrayContaining(["address", "mtu", "vlan", "when", "let"]),
  );
  expect(await offered(put("  firewall {", "  §\n"))).toEqual(
    expect.arrayContaining(["net", "icmp", "include", "override"]),
  );
  expect((await offered(put("  firewall {", "  net more { port = § }\n"))).slice(0, 2)).toEqual([
    "eth0",
    "eth1",
  ]);
  expect((await offered(change("nets = [wan]", "nets = [w§]"))).slice(0, 3)).toEqual(["guest", "lan", "wan"]);
  expect((await offered(change("any   -> self", "any   -> §"))).slice(0, 5)).toEqual([
    "any",
    "guest",
    "lan",
    "self",
    "wan",
  ]);
  expect((await offered(change("action = reject }", "action = § }"))).slice(0, 3)).toEqual([
    "accept",
    "drop",
    "reject",
  ]);
  expect(await offered(change("12h", "12§"))).toEqual(["ns", "us", "ms", "s", "min", "h", "d", "w"]);
  expect((await offered(change("source = lan_net", "source = §"))).slice(0, 5)).toEqual([
    "any",
    "[…]",
    "guest_net",
    "lan_net",
    "printer",
  ]);
  expect(await offered(change("qemu.x86_64", "qemu.§"))).toContain("x86_64");
  expect(await offered(change("board = qemu.x86_64", "board = §"))).toEqual(
    expect.arrayContaining(["qemu.x86_64", "apu2.apu2e4"]),
  );
  expect((await offered(change("override net wan", "override net §"))).slice(0, 3)).toEqual([
    "guest",
    "lan",
    "wan",
  ]);
  expect(await offered(change("router.firewall.permits", "router.firewall.§"))).toContain("permits");
  expect(await offered(change("10.20.0.40", "cidr.§"))).toEqual(
    expect.arrayContaining(["subnets", "hosts", "overlaps"]),
  );
  expect(await offered(change("10.20.0.40", "lan_net.§"))).toEqual([
    "family",
    "first",
    "last",
    "length",
    "mask",
  ]);
  expect(await offered(change("let printer ", "let printer : § "))).toEqual(
    expect.arrayContaining(["Ip4", "List", "firewall.Action"]),
  );
  expect(
    await offered(`${router}fragment extra { ntp { servers = [] } }\nappliance other { include § }\n`),
  ).toEqual(["extra"]);
  expect(
    await offered(
      "appl 1\nparam unit : Int = 1\nappliance a { }\nuse std/board/qemu\ntarget t { board = qemu.x86_64; set { § } }\n",
    ),
  ).toEqual(["unit"]);
  expect(await offered("appl 1\n# a §\n")).toEqual([]);
});

test("options come with their types and documentation, blocks with their braces", async () => {
  const all = await items(put("  firewall {", "  net more { § }\n"));
  const mtu = all.find(({ label }) => label === "mtu")!;
  expect(mtu.detail).toBe("Int in 576..1500 = 1500");
  expect((mtu.documentation as { value: string }).value).toContain("The longest packet");
  expect((mtu.textEdit as { newText: string }).newText).toBe("mtu = $0");
  const net = (await items(put("  firewall {", "  ne§\n"))).find(({ label }) => label === "net")!;
  expect((net.textEdit as { newText: string }).newText).toBe(`net \${1:name} {\n  $0\n}`);
});

test("a call says what it wants", async () => {
  const uri = await client.open(example("router.appl"), change("10.20.0.40", "cidr.subnets(lan_net, "));
  const help = await client.connection.sendRequest(
    SignatureHelpRequest.type,
    client.at(uri, "subnets(lan_net, |"),
  );
  expect(help!.signatures[0]!.label).toBe("cidr.subnets(Cidr, Int) -> List<Cidr>");
  expect(help!.activeParameter).toBe(1);
});

test("the outline has everything that has a name", async () => {
  const uri = await client.open(example("router.appl"), router);
  const found = (await client.connection.sendRequest(DocumentSymbolRequest.type, {
    textDocument: { uri },
  })) as DocumentSymbol[];
  expect(found.map(({ name }) => name)).toEqual([
    "lan_net",
    "guest_net",
    "printer",
    "router",
    "lab",
    "box",
    "no rule opens the router to the Internet over ssh",
  ]);
  expect(found[3]!.children!.map(({ name }) => name)).toEqual([
    "net wan",
    "net lan",
    "net guest",
    "firewall",
    "dhcp",
    "resolver",
    "ntp",
    "net wan",
  ]);
});

test("formatting gives the one style, and nothing where the text has it", async () => {
  const options = { tabSize: 2, insertSpaces: true };
  const format = (uri: string) =>
    client.connection.sendRequest(DocumentFormattingRequest.type, { textDocument: { uri }, options });
  const uri = await client.open(example("router.appl"), router);
  expect(await format(uri)).toEqual([]);
  for (const end of ["\n", "\r\n"]) {
    const [want, before] = [router, router.replace("  ntp {", "    ntp   {")].map((text) =>
      text.replaceAll("\n", end),
    ) as [string, string];
    const other = await client.open(example("router.appl"), before);
    expect(TextDocument.applyEdits(client.documents.get(other)!, (await format(other))!)).toBe(want);
  }
});

// ------------------------------------------------------------------------------------------------ names

async function renamed(uri: string, place: string, newName: string): Promise<string> {
  const edit = await client.connection.sendRequest(RenameRequest.type, { ...client.at(uri, place), newName });
  expect(Object.keys(edit!.changes!)).toEqual([uri]);
  return TextDocument.applyEdits(client.documents.get(uri)!, edit!.changes![uri]!);
}

test("a name is changed everywhere it stands for the same thing, and nowhere else", async () => {
  const uri = await client.open(example("router.appl"), router);
  expect(await renamed(uri, "let print|er", "paper")).toBe(
    router
      .replace("let printer  ", "let paper  ")
      .replace("dest = printer", "dest = paper")
      .replace("address = printer", "address = paper"),
  );
  const uplink = await renamed(uri, "net wa|n ", "uplink");
  expect(uplink).toContain("net uplink   { port");
  expect(uplink).toContain("zone wan   { nets = [uplink]");
  expect(uplink).toContain("override net uplink {");
  expect(await renamed(uri, "appliance rout|er", "gate")).toContain("assert not gate.firewall.permits");
});

test("a name that would be a mistake is refused with the mistake", async () => {
  const uri = await client.open(example("router.appl"), router);
  const refusal = (place: string, newName: string) =>
    client.connection.sendRequest(RenameRequest.type, { ...client.at(uri, place), newName }).then(
      () => "done",
      (error: Error) => error.message,
    );
  expect(await refusal("let print|er", "lan_net")).toContain("declared twice (E0107");
  expect(await refusal("let print|er", "let")).toBe("`let` is no name");
  expect(await refusal("mt|u = 1500", "x")).toBe(
    "it is declared in std/net, which is not a part of this description",
  );
  expect(await refusal("app|l 1", "x")).toBe("nothing here has a name that can be changed");
});

// ------------------------------------------------------------------------------------------------ files

test("a file without an appliance is looked at through the one that uses it; both have the unsaved text", async () => {
  const folder = mkdtempSync(join(tmpdir(), "appl-lsp-"));
  const [main, parts] = [join(folder, "main.appl"), join(folder, "parts.appl")];
  writeFileSync(
    main,
    'appl 1\n\nuse std/net\nuse "./parts.appl"\n\nappliance a {\n  include parts.common\n  net eth0 { mtu = parts.size }\n}\n',
  );
  const text =
    "appl 1\n\nuse std/net\n\nlet size = 1400\n\nfragment common {\n  net eth0 { address = dhcp }\n}\n";
  writeFileSync(parts, text);
  const uri = await client.open(parts, text);
  await client.until(uri, errors(0));
  expect(await hover(uri, "si|ze =")).toContain("= `1400`");
  const places = await client.connection.sendRequest(ReferencesRequest.type, {
    ...client.at(uri, "si|ze"),
    context: { includeDeclaration: true },
  });
  expect(places!.map((it) => it.uri.replace(/.*\//, ""))).toEqual(["parts.appl", "main.appl"]);
  await client.change(uri, undefined, text.replace("dhcp", "dchp"));
  const [mistake] = await client.until(uri, errors(1));
  expect(mistake!.code).toBe("E0206");
  await client.change(uri, undefined, text.replace("1400", "9000"));
  const mainUri = pathToFileURL(main).href;
  await client.until(mainUri, errors(1));
  const edit = await client.connection.sendRequest(RenameRequest.type, {
    ...client.at(uri, "fragment com|mon"),
    newName: "shared",
  });
  expect(Object.keys(edit!.changes!).length).toBe(2);
  await client.close(uri);
  await client.until(mainUri, errors(0));
});

test("a package in work is looked at where it lies, saved or not", async () => {
  const base = project({
    "geo/geo.appl": geo("10.0.2.15"),
    "site/site.appl":
      "appl 1\nuse std/net\nuse pkg/acme/geo\nappliance a { net eth0 { address = 10.0.2.7/24; gateway = geo.web } }\n",
  });
  await lock(join(base, "site"), "add", "pkg/acme/geo", "path:../geo");
  const site = join(base, "site/site.appl");
  const uri = await client.open(site, readFileSync(site, "utf8"));
  await client.until(uri, errors(0));
  expect(await hover(uri, "geo.w|eb")).toContain("10.0.2.15");
  const library = join(base, "geo/geo.appl");
  const found = await client.connection.sendRequest(DefinitionRequest.type, client.at(uri, "geo.w|eb"));
  expect((found as Location[]).map((each) => each.uri)).toEqual([pathToFileURL(library).href]);
  await client.open(library, geo("10.0.2.2"));
  await client.until(uri, () => true);
  expect(await hover(uri, "geo.w|eb")).toContain("10.0.2.2");
});

test("old names are not offered, and are written anew all at once or one by one", async () => {
  const text =
    "appl 1\nuse pkg/acme/cache\n\nappliance box {\n  cache { lifetime = 2h; size = 2MiB; memry = 1MiB }\n}\n";
  const work = project({
    "cache.appl":
      "appl 1\nlibrary pkg/acme/cache\nmodule cache {\n  option keep : Duration = 1h\n  option size : Size = 1KiB\n  option memory : Size = 1KiB\n  renamed lifetime -> keep\n  deprecated size -> memory\n}\n",
  });
  for (const args of [
    ["init", "--quiet"],
    ["add", "--all"],
    ["commit", "--quiet", "--message=one"],
  ])
    git(work, ...args);
  const folder = project({ "box.appl": text });
  await lock(
    folder,
    "add",
    "pkg/acme/cache",
    `git+file://${work}?rev=${git(work, "rev-parse", "HEAD").trim()}`,
  );
  const uri = await client.open(join(folder, "box.appl"), text);
  const found = await client.until(uri, errors(3));
  expect(found.map(({ code }) => code)).toEqual(["W0124", "W0125", "E0101"]);
  const actions = async (only?: string[]) =>
    (await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: found[0]!.range,
      context: { diagnostics: [...found], ...(only && { only }) },
    })) as CodeAction[];
  expect((await actions(["quickfix"])).map(({ title }) => title)).toEqual([
    "write `keep`",
    "write `memory`",
    "did you mean `memory`?",
  ]);
  const [all, ...others] = await actions(["source.fixAll"]);
  expect(others).toEqual([]);
  expect(TextDocument.applyEdits(client.documents.get(uri)!, all!.edit!.changes![uri]!)).toBe(
    text.replace("lifetime", "keep").replace("size", "memory"),
  );
  const list = await client.connection.sendRequest(CompletionRequest.type, client.at(uri, "{ |lifetime"));
  const labels = (list as CompletionList).items.map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(["keep", "memory"]));
  expect(labels.filter((it) => it === "size" || it === "lifetime")).toEqual([]);
  await client.close(uri);
});

test("a library is looked at by itself", async () => {
  const file = resolve(import.meta.dirname, "../stdlib/ntp/ntp.appl");
  const uri = await client.open(file, readFileSync(file, "utf8"));
  await client.until(uri, errors(0));
  expect(await hover(uri, "module nt|p")).toContain("module ntp");
  await client.close(uri);
});

test("a byte order mark, CR LF and characters outside of the first plane do not move anything", async () => {
  const text =
    '\ufeffappl 1\r\n\r\n# 😀 é\r\nlet a = "😀"; let b = 7\r\nlet c = b + zero\r\nappliance x { }\r\n';
  const uri = await client.open(example("marked.appl"), text);
  const [mistake] = await client.until(uri, errors(1));
  expect(client.cut(uri, mistake!.range)).toBe("zero");
  expect(await hover(uri, "let c = b|")).toContain("let b : Int\n```\n\n= `7`");
  expect(await definition(uri, "let c = b|")).toBe("marked.appl:4:19");
  await client.close(uri);
});
