/** The words that the program was started with. */
import { Assembler, regs, type Section } from "#codegen";
import { givenHelp, givenOptions } from "./given.ts";
import { LINK_SIZE, MOST_LINKS } from "./layout.ts";
import { type LinkOption, linkOptions } from "./links.ts";
import { field } from "./state.ts";
import { answer, complain, named, put, type Texts } from "./texts.ts";

const { rax, rcx, rdx, rbx, rbp, rsi, rdi, r13 } = regs;

const usage = (more: string): string => `
Packets come and go through network devices, the first of them as eth0, in the order in which they are given:
  --tap NAME        a tap device; it is made if it is not there and that is permitted
  --interface NAME  a network device, through a packet socket
  --fd N            a file that is open already: a tap device, a packet socket, or a pair of sockets that keep packets apart
  --mac ADDRESS     the appliance's hardware address on the device before
${more}  --quiet           nothing is written to standard output
  --help            this text
It ends with 0 when SIGTERM or SIGINT asks it to, with 1 when something fails, and with 2 when it was started wrongly${more === "" ? "" : ", with 3 when such a value is missing or wrong"}.
`;

interface Wanted {
  readonly needsLink: boolean;
  readonly hasSlots: boolean;
}

/** Expects the stack as the kernel leaves it, its address in rbx. Returns when every word has been understood. */
export function readArguments(texts: Texts, { needsLink, hasSlots }: Wanted): Section {
  const a = new Assembler();
  const next = a.label();
  const done = a.label();
  a.symbol("boot.arguments");
  a.mov(8, rcx, { base: rbx });
  a.alu("add", 8, rbx, { imm: 8 });
  programName(a, texts);
  a.alu("xor", 4, rbp, rbp);
  a.bind(next);
  a.mov(8, r13, { base: rbx });
  a.test(8, r13, r13);
  a.jump(done, "e");
  a.alu("add", 8, rbx, { imm: 8 });
  for (const name of ["--help", "-h"])
    on(a, texts, name, () => {
      put(a, texts, ["usage: "]);
      a.mov(8, r13, { symbol: "boot.program" });
      put(a, texts, [named, " [OPTION]...\n", usage(hasSlots ? givenHelp : "")]);
      a.mov(4, rdx, { symbol: "boot.line_used" });
      answer(a);
    });
  on(a, texts, "--quiet", () => {
    a.storeImm(8, field("quiet"), 1);
    a.jump(next);
  });
  for (const option of [...linkOptions, ...(hasSlots ? givenOptions : [])])
    onValue(a, texts, option, () => {
      option.take(a, texts);
      a.jump(next);
    });
  complain(a, texts, "usage", "`", named, "` is no option; --help lists them");
  a.bind(done);
  if (needsLink) {
    const fine = a.label();
    a.alu("cmp", 4, { symbol: "boot.links_used" }, { imm: 0 });
    a.jump(fine, "ne");
    complain(
      a,
      texts,
      "usage",
      "it has no network: give --tap NAME, --interface NAME or --fd N; --help says more",
    );
    a.bind(fine);
  }
  a.plain("ret");
  return a.section("boot.arguments");
}

/** rbx: the first word; rcx: how many there are. It may be missing: whoever starts programs may do that. */
function programName(a: Assembler, texts: Texts): void {
  const there = a.label();
  const known = a.label();
  a.test(8, rcx, rcx);
  a.jump(there, "ne");
  a.movAddress(rax, texts.symbol("appl"));
  a.jump(known);
  a.bind(there);
  a.mov(8, rax, { base: rbx });
  a.alu("add", 8, rbx, { imm: 8 });
  a.bind(known);
  a.mov(8, { symbol: "boot.program" }, rax);
}

/** If the word at r13 is `name`. */
function on(a: Assembler, texts: Texts, name: string, then: () => void): void {
  const other = a.label();
  a.movAddress(rdi, texts.symbol(name));
  a.call("boot.match");
  a.jump(other, "ne");
  a.test(1, { base: rdx }, { imm: 255 });
  a.jump(other, "ne");
  then();
  a.bind(other);
}

/** If the word at r13 is `name`, or `name=VALUE`: r13 becomes the value. */
function onValue(a: Assembler, texts: Texts, { name, wants }: LinkOption, then: () => void): void {
  const [other, following, have, bad, fine] = [a.label(), a.label(), a.label(), a.label(), a.label()];
  a.movAddress(rdi, texts.symbol(name));
  a.call("boot.match");
  a.jump(other, "ne");
  a.test(1, { base: rdx }, { imm: 255 });
  a.jump(following, "e");
  a.rm("lea", 8, r13, { base: rdx, disp: 1 });
  a.jump(have);
  a.bind(following);
  a.mov(8, r13, { base: rbx });
  a.test(8, r13, r13);
  a.jump(bad, "e");
  a.alu("add", 8, rbx, { imm: 8 });
  a.bind(have);
  a.test(1, { base: r13 }, { imm: 255 });
  a.jump(fine, "ne");
  a.bind(bad);
  complain(a, texts, "usage", `${name} wants ${wants}`);
  a.bind(fine);
  then();
  a.bind(other);
}

export function argumentRoutines(texts: Texts): Section {
  const a = new Assembler();
  match(a);
  newLink(a, texts);
  nameRequest(a, texts);
  return a.section("boot.arguments_code");
}

/** Equal if the word at r13 is the text at rdi, or that with a `=` behind it; rdx is behind it then. Uses rax. */
function match(a: Assembler): void {
  const [end, no] = [a.label(), a.label()];
  a.symbol("boot.match");
  a.mov(8, rdx, r13);
  const next = a.here();
  a.mov(1, rax, { base: rdi });
  a.test(1, rax, rax);
  a.jump(end, "e");
  a.alu("cmp", 1, rax, { base: rdx });
  a.jump(no, "ne");
  a.unary("inc", 8, rdi);
  a.unary("inc", 8, rdx);
  a.jump(next);
  a.bind(end);
  a.test(1, { base: rdx }, { imm: 255 });
  a.jump(no, "e");
  a.alu("cmp", 1, { base: rdx }, { imm: "=".charCodeAt(0) });
  a.bind(no);
  a.plain("ret");
}

/** → rbp: the next link. */
function newLink(a: Assembler, texts: Texts): void {
  const fine = a.label();
  a.symbol("boot.new_link");
  a.mov(4, rbp, { symbol: "boot.links_used" });
  a.alu("cmp", 4, rbp, { imm: MOST_LINKS });
  a.jump(fine, "b");
  complain(a, texts, "usage", `more than ${MOST_LINKS} network devices are too many`);
  a.bind(fine);
  a.unary("inc", 4, { symbol: "boot.links_used" });
  a.imulImm(8, rbp, rbp, LINK_SIZE);
  a.movAddress(rax, "boot.links");
  a.alu("add", 8, rbp, rax);
  a.plain("ret");
}

/** struct ifreq for the device named at r13, at `boot.request`. Uses rax, rcx, rsi, rdi. */
function nameRequest(a: Assembler, texts: Texts): void {
  const [end, fine] = [a.label(), a.label()];
  a.symbol("boot.name_request");
  a.movAddress(rdi, "boot.request");
  a.alu("xor", 4, rax, rax);
  a.movImm(rcx, 5n);
  a.plain("rep stosq");
  a.movAddress(rdi, "boot.request");
  a.mov(8, rsi, r13);
  const next = a.here();
  a.mov(1, rax, { base: rsi });
  a.test(1, rax, rax);
  a.jump(end, "e");
  a.alu("cmp", 4, rcx, { imm: 15 });
  a.jump(fine, "b");
  complain(a, texts, "usage", "`", named, "` is too long for a network device");
  a.bind(fine);
  a.mov(1, { base: rdi, index: rcx }, rax);
  a.unary("inc", 4, rcx);
  a.unary("inc", 8, rsi);
  a.jump(next);
  a.bind(end);
  a.plain("ret");
}
