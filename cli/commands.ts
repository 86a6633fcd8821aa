import type { ArgumentRow, CommandRow, OptionRow } from "./command.ts";

const locked: OptionRow = {
  flags: "--locked",
  text: "Nothing may differ from appl.lock, and nothing is written into it",
};
const param: OptionRow = {
  flags: "-p, --param <name=value>",
  text: "The value of a param of the description",
  repeated: true,
};
const secret: OptionRow = {
  flags: "--secret <name=file>",
  text: "The value of a secret, or of a param that is chosen at the start: the content of a file",
  repeated: true,
};
const slots: OptionRow = {
  flags: "--slots <file>",
  text: "Values for slots of the machine: lines SLOT=VALUE",
  repeated: true,
};
const passwordFile: OptionRow = {
  flags: "--password-file <file>",
  text: "Where the key's password is (its first line); without, it is asked for",
};
const port: OptionRow = {
  flags: "--port <name>",
  text: "The serial port: /dev/ttyUSB0, COM3 (default: the only one on USB)",
};
const html: OptionRow = {
  flags: "--html <file>",
  text: "Also write it as a page: one file that needs nothing else",
};
const reference: ArgumentRow = { shown: "FILE[:APPLIANCE][@TARGET]", kind: "description" };

/** Every command: what `--help`, the manual and the parser know of it. */
export const commands: readonly CommandRow[] = [
  {
    name: "check",
    args: [reference],
    text: "Find every mistake in a description; no image is made",
    options: [param, locked],
    examples: ["appl check ns1.appl", "appl check ns1.appl@kvm --json"],
    load: async () => (await import("./commands/check.ts")).check,
  },
  {
    name: "build",
    args: [reference],
    text: "Build the image",
    options: [
      {
        flags: "-o, --output <file>",
        text: "Where to write it (default: APPLIANCE.elf, .xen, .linux, .img or .wasm in this folder; APPLIANCE@TARGET.elf for a target of the description)",
      },
      {
        flags: "--launcher <toolstack>",
        text: "Also write what this starts the image with: xl (always for @xen), libvirt, qubes",
        repeated: true,
      },
      {
        flags: "--oci <place>",
        text: "Also write it as a container image: a folder in the OCI layout, or one file if PLACE ends with .tar (@linux)",
      },
      { flags: "--check", text: "Build twice, the second time without the cache, and compare the bytes" },
      param,
      locked,
      {
        flags: "-j, --jobs <number>",
        text: "Threads that make machine code (default: one for each processor); the bytes are the same",
      },
    ],
    examples: ["appl build ns1.appl@kvm -o ns1.elf", "appl build ns1.appl@linux --oci ns1.tar"],
    load: async () => (await import("./commands/build.ts")).build,
  },
  {
    name: "run",
    args: [reference],
    text: "Build and run; Ctrl-C ends it",
    options: [
      {
        flags: "--publish <[address:]host:guest[/udp]>",
        text: "Lead a port of this machine to one of the appliance",
        repeated: true,
      },
      param,
      secret,
      slots,
      locked,
      { flags: "--memory <MiB>", text: "Memory of the virtual machine (default: the target's, else 64)" },
      {
        flags: "--machine <name>",
        text: "Virtual machine: microvm, q35 or pc; for riscv virt, sifive_u or microchip-icicle-kit (default: the first)",
      },
    ],
    examples: [
      "appl run ns1.appl@kvm --publish 5353:53/udp",
      "appl run ns1.appl@linux --publish 5353:53/udp",
    ],
    load: async () => (await import("./commands/run.ts")).run,
  },
  {
    name: "flash",
    args: [{ ...reference, shown: "FILE[:APPLIANCE][@TARGET]|IMAGE" }],
    text: "Build and write into the flash memory of a chip, over a serial port",
    options: [
      port,
      { flags: "--baud <number>", text: "Speed of the serial port (default 460800)" },
      { flags: "--erase", text: "Erase all of the flash memory first, the second slot with it" },
      { flags: "--monitor", text: "Then show the console, as `appl monitor` does" },
      param,
      secret,
      slots,
      locked,
    ],
    examples: ["appl flash ns1.appl@board --port /dev/ttyUSB0", "appl flash ns1.bin --monitor"],
    load: async () => (await import("./commands/flash.ts")).flash,
  },
  {
    name: "monitor",
    args: [{ shown: "[IMAGE]", kind: "image", optional: true }],
    text: "Show the console of a board on a serial port; Ctrl-C or Ctrl-] ends it",
    options: [port, { flags: "--reset", text: "Start the board anew first" }],
    examples: ["appl monitor --port /dev/ttyUSB0", "appl monitor ns1.bin --reset"],
    load: async () => (await import("./commands/monitor.ts")).monitor,
  },
  {
    name: "test",
    args: [reference],
    text: "Run the tests that a description has, on every target",
    options: [param],
    examples: ["appl test router.appl", "appl test router.appl@lab --json"],
    load: async () => (await import("./commands/test.ts")).test,
  },
  {
    name: "simulate",
    args: [reference],
    text: "Run the appliances in a network in virtual time, with the faults that networks have",
    options: [
      { flags: "--for <time>", text: "How long, in virtual time: 10s, 1h (default 10s)" },
      {
        flags: "--seed <number>",
        text: "What all chance follows from (default 1); the same seed, the same events",
      },
      {
        flags: "--ask <question>",
        text: 'What a client asks: "ping [WHOM]", "dig NAME [TYPE] [@WHOM]" or "curl URL [@WHOM]", with `at TIME` behind it',
        repeated: true,
      },
      { flags: "--delay <time>", text: "How long a frame takes on an appliance's cable, one way" },
      { flags: "--jitter <time>", text: "By how much that varies to both sides" },
      { flags: "--bandwidth <rate>", text: "Of an appliance's cable: 10Mbit/s" },
      { flags: "--loss <percent>", text: "How many frames are lost: 1%" },
      { flags: "--duplicate <percent>", text: "How many frames come twice" },
      { flags: "--reorder <percent>", text: "How many frames come late, behind others" },
      { flags: "--corrupt <percent>", text: "How many frames come with one bit that is wrong" },
      { flags: "--mtu <bytes>", text: "Longer frames are lost" },
      {
        flags: "--cut <[appliance=]from..to>",
        text: "An appliance's cables, or all, are cut between these times: 2s..5s",
        repeated: true,
      },
      {
        flags: "--set <what>",
        text: 'What happens on a board: "float closed at 1min", "air 30°C 60% at 2min", "bus0 stuck at 3min"',
        repeated: true,
      },
      { flags: "--pcap <file>", text: "Also write every frame for Wireshark" },
      { flags: "--trace", text: "Show every frame" },
      param,
      secret,
      slots,
      locked,
    ],
    examples: [
      'appl simulate ns1.appl --ask "dig www.example.com" --delay 20ms --loss 1%',
      'appl simulate ns1.appl --ask "ping at 3s" --cut 2s..5s --pcap ns1.pcapng',
      'appl simulate www.appl --ask "curl /" --ask "curl -6 -I /feed" --loss 1%',
    ],
    load: async () => (await import("./commands/simulate.ts")).simulate,
  },
  {
    name: "inspect",
    args: [{ shown: "IMAGE", kind: "image" }],
    text: "What is in an image: digests, target, modules with bytes and reasons, devices, memory map",
    options: [
      html,
      {
        flags: "--trap [line]",
        text: "Where an image failed: a line of its console, or a log of it on standard input",
      },
      {
        flags: "--disassemble <function>",
        text: "The machine code of a function, by its name, the end of that, or its number",
      },
    ],
    examples: [
      "appl inspect ns1.elf",
      "appl inspect ns1.elf --html ns1.html",
      "appl inspect ns1.elf --trap 'unreachable in function 37 + 0x1c'",
      "appl inspect ns1.elf --trap < console.log",
      "appl inspect ns1.elf --disassemble respond/readOpt",
    ],
    load: async () => (await import("./commands/inspect.ts")).inspect,
  },
  {
    name: "diff",
    args: [
      { shown: "A", kind: "build" },
      { shown: "B", kind: "build" },
    ],
    text: "Why two images differ: descriptions, images or digests, compared by cause",
    options: [
      { flags: "--all", text: "Nothing is cut off; code function by function" },
      { flags: "--bytes", text: "Also which bytes differ, by section, offset and symbol" },
      html,
      param,
    ],
    examples: ["appl diff ns1.elf ns1.appl@kvm", "appl diff 9f2c41d07e ns1.appl --json"],
    load: async () => (await import("./commands/diff.ts")).diff,
  },
  {
    name: "why",
    args: [reference, { shown: "[MODULE]", kind: "module", optional: true }],
    text: "Why a module is in the image, why one is not, and what takes the room",
    options: [
      { flags: "--largest", text: "What takes the room: each module with all that is only there for it" },
      { flags: "--not <module>", text: "Why a module is not there" },
      param,
    ],
    examples: [
      "appl why ns1.appl@kvm std/net/arp",
      "appl why ns1.appl --largest",
      "appl why ns1.appl --not std/net/udp",
    ],
    load: async () => (await import("./commands/why.ts")).why,
  },
  {
    name: "init",
    args: [{ shown: "[DIR]", kind: "path", optional: true }],
    text: "Begin: a description that builds and answers, with what it needs",
    options: [
      { flags: "--kind <kind>", text: "What it is to be; asked for on a terminal" },
      { flags: "--name <name>", text: "Its name; asked for on a terminal" },
      {
        flags: "--address <address>",
        text: "Its address with the length of the prefix; asked for on a terminal",
      },
    ],
    examples: ["appl init", "appl init ns1 --kind dns --name ns1 --address 192.0.2.53/24"],
    load: async () => (await import("./commands/init.ts")).init,
  },
  {
    name: "fmt",
    args: [{ shown: "[FILE|DIR…]", kind: "path", optional: true, many: true }],
    text: "Lay out descriptions in the one style; what they say and every comment stay",
    options: [
      { flags: "--check", text: "Change nothing; list the files that differ from the style" },
      { flags: "--stdin", text: "From standard input to standard output" },
    ],
    examples: ["appl fmt", "appl fmt ns1.appl", "appl fmt --check examples"],
    load: async () => (await import("./commands/fmt.ts")).fmt,
  },
  {
    name: "fix",
    args: [{ shown: "[FILE|DIR…]", kind: "path", optional: true, many: true }],
    text: "Write what the safe fixes of the diagnostics say, above all new names for old ones",
    options: [
      { flags: "--check", text: "Change nothing; list what would be fixed" },
      { flags: "--diff", text: "Change nothing; print what would be changed, for `patch` or `git apply`" },
      param,
    ],
    examples: ["appl fix ns1.appl", "appl fix --diff ns1.appl", "appl fix --check examples"],
    load: async () => (await import("./commands/fix.ts")).fix,
  },
  {
    name: "explain",
    args: [reference, { shown: "PATH", kind: "setting" }],
    text: "Where the value of a setting comes from: every definition with its rank, and which one won",
    options: [param],
    examples: [`appl explain ns1.appl 'dns.zone["example.com"].primary.ttl'`, "appl explain ns1.appl dns"],
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  {
    name: "eval",
    args: [{ ...reference, shown: "[FILE[:APPLIANCE][@TARGET]]", optional: true }],
    text: "The finished settings as JSON, defaults included; or the value of an expression",
    options: [
      {
        flags: "-e, --expression <expr>",
        text: "An expression, over what the description declares and its settings",
      },
      param,
    ],
    examples: ["appl eval ns1.appl --json", "appl eval -e 'cidr.subnets(10.20.0.0/16, 24)[3]'"],
    load: async () => (await import("./commands/eval.ts")).evaluate,
  },
  {
    name: "doc",
    args: [{ shown: "[LIBRARY]", kind: "library", optional: true }],
    text: "The manual's page of a library; without an argument, which libraries there are",
    options: [],
    examples: ["appl doc std/dns", "appl doc board"],
    load: async () => (await import("./commands/doc.ts")).doc,
  },
  {
    name: "schema",
    args: [{ shown: "FILE[:APPLIANCE]|LIBRARY", kind: "description" }],
    text: "The JSON Schema of the documents that eval gives",
    options: [param],
    examples: ["appl schema ns1.appl", "appl schema std/dns"],
    load: async () => (await import("./commands/schema.ts")).schema,
  },
  {
    name: "explain-error",
    args: [{ shown: "CODE", kind: "name" }],
    text: "What an error or a warning means, with a wrong and a right example",
    options: [],
    examples: ["appl explain-error E0101"],
    load: async () => (await import("./commands/explain-error.ts")).explainError,
  },
  {
    name: "verify",
    args: [{ shown: "[IMAGE|DIGEST]", kind: "object", optional: true }],
    text: "Hash everything in the cache again, or an image and its sections",
    options: [
      { flags: "--repair", text: "Take away what is bad; the next build makes it again" },
      { flags: "--key <file>", text: "The image has to be signed with this key: a public key, or its file" },
    ],
    examples: ["appl verify", "appl verify ns1.elf", "appl verify ns1.elf --key release.key.pub"],
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  {
    name: "sign",
    args: [{ shown: "IMAGE", kind: "image" }],
    text: "Sign an image's manifest, as minisign does",
    options: [
      { flags: "--key <file>", text: "The secret key: of `appl keygen` or of minisign" },
      passwordFile,
    ],
    examples: ["appl sign ns1.elf --key release.key"],
    load: async () => (await import("./commands/sign.ts")).sign,
  },
  {
    name: "keygen",
    args: [{ shown: "FILE", kind: "name" }],
    text: "Make a key to sign with; the public one becomes FILE.pub",
    options: [
      passwordFile,
      { flags: "--unencrypted", text: "Without a password: whoever has the file can sign" },
    ],
    examples: ["appl keygen release.key", "appl verify ns1.elf --key release.key.pub"],
    load: async () => (await import("./commands/keygen.ts")).keygen,
  },
  {
    name: "gc",
    args: [],
    text: "Remove from the cache what no recent build, lock or tag leads to",
    options: [
      { flags: "--dry-run", text: "Remove nothing; say what would be" },
      { flags: "--keep <n>", text: "How many builds of each appliance and target to keep (default 5)" },
      { flags: "--older-than <time>", text: "Only what was not used for this time: 12h, 30d, 8w" },
    ],
    examples: ["appl gc", "appl gc --keep 1 --older-than 30d --dry-run"],
    load: async () => (await import("./commands/gc.ts")).gc,
  },
  {
    name: "tag",
    args: [
      { shown: "[NAME]", kind: "name", optional: true },
      { shown: "[IMAGE|DIGEST]", kind: "object", optional: true },
    ],
    text: "Name a build, so that it is kept and can be named; without arguments list the tags",
    options: [{ flags: "--remove", text: "Take the tag away" }],
    examples: ["appl tag release-1 ns1.elf", "appl tag --remove release-1"],
    load: async () => (await import("./commands/tag.ts")).tag,
  },
  {
    name: "hash",
    args: [{ shown: "FILE|DIGEST", kind: "object" }],
    text: "The sha256 of a file, as other tools write it",
    options: [{ flags: "--to <form>", text: "hex, sri, nix32, multihash or oci (default)" }],
    examples: ["appl hash ns1.elf", "appl hash --to sri ns1.elf"],
    load: async () => (await import("./commands/hash.ts")).hash,
  },
  {
    name: "lock",
    args: [
      { shown: "[add|update|remove|set]", kind: "name", optional: true },
      { shown: "[NAME]", kind: "name", optional: true },
      { shown: "[SOURCE|NUMBER]", kind: "name", optional: true },
    ],
    text: "Have appl.lock say what the descriptions of this folder use; fetch packages; count serials",
    options: [
      {
        flags: "--folder <folder>",
        text: "The folder of the descriptions and their appl.lock (default: this one)",
      },
      { flags: "--restore", text: "Put back packages that were changed in appl.pkg" },
    ],
    examples: [
      "appl lock",
      "appl lock add pkg/acme/geo git+https://git.example/acme/geo?rev=v1.2.0",
      "appl lock update pkg/acme/geo",
    ],
    load: async () => (await import("./commands/lock.ts")).lock,
  },
  {
    name: "lsp",
    args: [],
    text: "Serve an editor: mistakes, completion, definitions and more while one writes",
    options: [{ flags: "--stdio", text: "Over standard input and output, which is the only way there is" }],
    examples: ["appl lsp"],
    load: async () => (await import("./commands/lsp.ts")).lsp,
  },
];
