/** Which steps are done again after an edit, and which digests change: the table of docs/architecture.md, on a real appliance. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { backends } from "../backends/index.ts";
import { childAssembler } from "../cli/edges/asc.ts";
import { libraryFiles } from "../cli/edges/library-files.ts";
import { nodeFiles } from "../cli/edges/node-files.ts";
import { nodeSha256 } from "../cli/edges/tool.ts";
import { build } from "../compiler/index.ts";
import { MemoryBlobs } from "../compiler/store/blobs.ts";
import type { Entry, Files } from "../lang/index.ts";

type Change = (text: string) => string;

interface Edit {
  /** Path of the file and what is done to it: the user's, or the library's. */
  readonly edit?: readonly [path: string, change: Change];
  readonly tool?: string;
  /** The steps that are done, in their order. */
  readonly done: readonly string[];
  /** Functions of which machine code is made again. */
  readonly compiled?: number;
  /** What is not as it was, of recipe, contents and image. */
  readonly changed: readonly string[];
}

const replace =
  (from: string | RegExp, to: string): Change =>
  (text) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`nothing to replace: ${from}`);
    return changed;
  };
const description = "ns1.appl";
const zone = "example.org.zone";

const read = ["look", "configure"];
const everything = [...read, "program", "snapshot", "code", "image"];
const none: readonly string[] = [];
const all = ["recipe", "contents", "image"];

const edits: Readonly<Record<string, Edit>> = {
  nothing: { done: ["look"], changed: none },
  "a comment": { edit: [description, replace("# An auth", "# Another auth")], done: read, changed: none },
  "blank lines and indentation": {
    edit: [description, (text) => text.replaceAll("  ", "     ").replaceAll("\n", "\n\n")],
    done: read,
    changed: none,
  },
  "a `let` by another name": {
    edit: [description, (text) => text.replaceAll(/\bweb\b/g, "sites")],
    done: read,
    changed: none,
  },
  "a block that stands elsewhere": {
    edit: [
      description,
      (text) =>
        text
          .replace(/ {2}net eth0 .*\n/, "")
          .replace(/\}\s*$/, "  net eth0 { address = 10.0.2.15/24; gateway = 10.0.2.2 }\n}\n"),
    ],
    done: read,
    changed: none,
  },
  "a setting": {
    edit: [description, replace("ttl = 5min", "ttl = 1min")],
    done: [...read, "snapshot", "image"],
    changed: all,
  },
  "a setting that says what was the default": {
    edit: [description, replace("10.0.2.2 }", "10.0.2.2; mtu = 1500 }")],
    done: read,
    changed: none,
  },
  "a file": {
    edit: [zone, replace("MX   10", "MX   20")],
    done: [...read, "snapshot", "image"],
    changed: all,
  },
  "a comment in a file": {
    edit: [zone, replace("; serial", "; the serial")],
    done: [...read, "snapshot"],
    changed: ["recipe"],
  },
  "a comment in the library's code": {
    edit: ["stdlib/dns/server/chaos.ts", (text) => `// A comment.\n\n${text}`],
    done: [...read, "program"],
    changed: none,
  },
  // Set-up code says line numbers when it fails, so it is another program.
  "a comment above assertions in the library's code": {
    edit: ["stdlib/core/bytes.ts", (text) => `// A comment.\n\n${text}`],
    done: [...read, "program", "snapshot"],
    changed: none,
  },
  "documentation in the library's interface": {
    edit: ["stdlib/dns/dns.appl", replace("## A and AAAA, chosen", "## Records A and AAAA, chosen")],
    done: read,
    changed: none,
  },
  "the library's code, its interface being the same": {
    edit: ["stdlib/dns/server/chaos.ts", replace("c >= 65", "c >= 64")],
    done: everything,
    compiled: 1,
    changed: all,
  },
  "another default in the library's interface": {
    edit: ["stdlib/dns/dns.appl", replace("= 1232B ", "= 1220B ")],
    done: [...read, "snapshot", "image"],
    changed: all,
  },
  "one more option in the library's interface": {
    edit: ["stdlib/dns/dns.appl", replace("  option rate ", "  option more : Int = 5\n  option rate ")],
    done: [...read, "program", "snapshot"],
    changed: ["recipe"],
  },
  "another compiler that makes the same": { tool: "another", done: everything, changed: ["recipe"] },
};

const folder = "examples/ns1";
const shared = new MemoryBlobs();
const assembler = childAssembler();
afterAll(() => assembler.close());

/** Files with one of them changed. */
function edited(files: Files, edit: Edit["edit"]): Files {
  return {
    list: (path): readonly Entry[] | undefined => files.list(path),
    read(path) {
      const bytes = files.read(path);
      if (bytes === undefined || path !== edit?.[0]) return bytes;
      return new TextEncoder().encode(edit[1](new TextDecoder().decode(bytes)));
    },
  };
}

async function ns1({ edit, tool = "one" }: Pick<Edit, "edit" | "tool"> = {}) {
  const { built, steps, diagnostics } = await build({
    path: description,
    backends: backends.filter(({ name }) => name === "kvm"),
    files: edited(nodeFiles(folder), edit),
    libraries: edited(nodeFiles("."), edit),
    libraryFiles: () => libraryFiles(),
    edges: { assembler, blobs: shared, tool, sha256: nodeSha256 },
  });
  expect(diagnostics).toEqual([]);
  return {
    digests: built!.report.digests,
    done: steps.filter(({ done }) => done).map(({ step }) => step),
    compiled: steps.find(({ functions }) => functions)?.functions?.compiled,
  };
}

let first: Awaited<ReturnType<typeof ns1>>;
beforeAll(async () => {
  first = await ns1();
});

test.each(Object.entries(edits))("%s", async (_, { done, compiled, changed, ...edit }) => {
  // What was built before is the first one again.
  await ns1();
  const second = await ns1(edit);
  const names = ["recipe", "contents", "image"] as const;
  expect({
    done: second.done,
    changed: names.filter((name) => second.digests[name] !== first.digests[name]),
    ...(compiled !== undefined && { compiled: second.compiled }),
  }).toEqual({ done, changed, ...(compiled !== undefined && { compiled }) });
});
