/** Network devices, opened before the first instruction of compiled code: what carries frames, and how. */
import { Assembler, regs, type Section } from "#codegen";
import { systemCall } from "./kernel.ts";
import { linkFields, linkFlags } from "./layout.ts";
import { complain, named, reason, type Texts } from "./texts.ts";

const { rax, rcx, rdx, rbp, rsi, rdi, r8, r13, r14 } = regs;

export interface LinkOption {
  readonly name: string;
  readonly wants: string;
  /** r13: the value; rbp: the link before, 0 if there is none. Keeps rbx, sets rbp. */
  readonly take: (a: Assembler, texts: Texts) => void;
}

/** include/uapi/linux/{if_tun,if_packet,sockios,fcntl}.h */
const tun = {
  setOffload: 0x400454d0,
  setInterface: 0x400454ca,
  getInterface: 0x800454d2,
  setHeader: 0x400454d8,
} as const;
const TUN_F_CSUM = 1;
const iff = { tap: 2, plain: 0x1000, header: 0x4000 } as const;
const interfaceCalls = { index: 0x8933, address: 0x8927, mtu: 0x8921 } as const;
const packet = { level: 263, header: 15, ignoreOutgoing: 23 } as const;
const AF_PACKET = 17;
/** ETH_P_ALL in the order of the network. */
const ALL_PROTOCOLS = 0x0300;
const SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0x800 | 0x8_0000;
const O_RDWR_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x8_0000;
const O_NONBLOCK = 0x800;
const F_GETFL = 3;
const F_SETFL = 4;
const HEADER_BYTES = 10;
/** Where struct ifreq has what is asked for. */
const ANSWER = 16;

const link = (name: keyof typeof linkFields) => ({ base: rbp, disp: 8 * linkFields[name] });
const request = (disp: number) => ({ symbol: "boot.request", disp });
const address = { address: "boot.request" } as const;

export const linkOptions: readonly LinkOption[] = [
  { name: "--tap", wants: "the name of a tap device", take: openTap },
  { name: "--interface", wants: "the name of a network device", take: openInterface },
  { name: "--fd", wants: "the number of an open file", take: useFile },
  { name: "--mac", wants: "a hardware address", take: setAddress },
];

/** What the last system call gave is in rax: below 0 it has failed. */
function must(a: Assembler, then: () => void): void {
  const fine = a.label();
  a.test(8, rax, rax);
  a.jump(fine, "ns");
  then();
  a.bind(fine);
}

const begin = (a: Assembler, flags: number): void => {
  a.mov(8, link("file"), rax);
  a.mov(8, link("large"), rax);
  a.storeImm(8, link("flags"), flags);
  a.storeImm(8, link("mtu"), 1500);
};

/** A call about the file of this link. */
function control(a: Assembler, what: number, argument: Parameters<typeof systemCall>[4] = address): void {
  a.mov(8, rdi, link("file"));
  systemCall(a, "ioctl", "is there", what, argument);
}

function openTap(a: Assembler, texts: Texts): void {
  a.call("boot.new_link");
  a.call("boot.name_request");
  systemCall(a, "open", { address: texts.symbol("/dev/net/tun") }, O_RDWR_NONBLOCK_CLOEXEC, 0);
  must(a, () => complain(a, texts, "trouble", "cannot open /dev/net/tun: ", reason));
  begin(a, linkFlags.present | linkFlags.header);
  a.storeImm(2, request(ANSWER), iff.tap | iff.plain | iff.header);
  control(a, tun.setInterface);
  must(a, () => complain(a, texts, "trouble", "cannot use `", named, "` as a tap device: ", reason));
  a.call("boot.tap_ready");
}

function openInterface(a: Assembler, texts: Texts): void {
  a.call("boot.new_link");
  a.call("boot.name_request");
  systemCall(a, "socket", AF_PACKET, SOCK_RAW_NONBLOCK_CLOEXEC, 0);
  must(a, () => complain(a, texts, "trouble", "cannot open a packet socket: ", reason));
  begin(a, linkFlags.present | linkFlags.header);
  const refused = (...what: string[]) =>
    complain(a, texts, "trouble", "cannot use `", named, "`: ", ...what, reason);
  control(a, interfaceCalls.address);
  must(a, () => refused());
  a.call("boot.take_address");
  control(a, interfaceCalls.mtu);
  must(a, () => refused());
  a.mov(4, rax, request(ANSWER));
  a.mov(8, link("mtu"), rax);
  control(a, interfaceCalls.index);
  must(a, () => refused());
  // struct sockaddr_ll, in the place of the request.
  a.mov(4, rcx, request(ANSWER));
  a.storeImm(8, request(0), 0);
  a.storeImm(8, request(8), 0);
  a.storeImm(4, request(16), 0);
  a.storeImm(2, request(0), AF_PACKET);
  a.storeImm(2, request(2), ALL_PROTOCOLS);
  a.mov(4, request(4), rcx);
  a.storeImm(4, { symbol: "boot.number" }, 1);
  const set = (option: number) => {
    a.mov(8, rdi, link("file"));
    systemCall(a, "setsockopt", "is there", packet.level, option, { address: "boot.number" }, 4);
  };
  set(packet.header);
  must(a, () => refused("packets with headers: "));
  // Not known before Linux 4.20: then what others send through this device is looked at and thrown away.
  set(packet.ignoreOutgoing);
  a.call("boot.open_rings");
  a.mov(8, rdi, link("file"));
  systemCall(a, "bind", "is there", address, 20);
  must(a, () => refused());
  // A socket with a ring sends nothing else. Another one does that, and with protocol 0 gets nothing.
  const noRing = a.label();
  a.alu("cmp", 8, link("ring"), { imm: 0 });
  a.jump(noRing, "e");
  systemCall(a, "socket", AF_PACKET, SOCK_RAW_NONBLOCK_CLOEXEC, 0);
  must(a, () => complain(a, texts, "trouble", "cannot open a packet socket: ", reason));
  a.mov(8, link("large"), rax);
  a.mov(8, rdi, rax);
  a.storeImm(2, request(2), 0);
  systemCall(a, "bind", "is there", address, 20);
  must(a, () => refused());
  a.mov(8, rdi, link("large"));
  systemCall(a, "setsockopt", "is there", packet.level, packet.header, { address: "boot.number" }, 4);
  must(a, () => refused("packets with headers: "));
  a.bind(noRing);
}

function useFile(a: Assembler, texts: Texts): void {
  const [digit, end, bad, fine, sockets, done] = [1, 2, 3, 4, 5, 6].map(() => a.label()) as Labels;
  a.alu("xor", 4, r14, r14);
  a.mov(8, rsi, r13);
  a.bind(digit);
  a.extend(false, 4, 1, rax, { base: rsi });
  a.test(4, rax, rax);
  a.jump(end, "e");
  a.alu("sub", 4, rax, { imm: 0x30 });
  a.alu("cmp", 4, rax, { imm: 9 });
  a.jump(bad, "a");
  a.imulImm(8, r14, r14, 10);
  a.alu("add", 8, r14, rax);
  a.alu("cmp", 8, r14, { imm: 0x3fff_ffff });
  a.jump(bad, "a");
  a.unary("inc", 8, rsi);
  a.jump(digit);
  a.bind(bad);
  complain(a, texts, "usage", "--fd wants the number of an open file, and not `", named, "`");
  a.bind(end);
  a.call("boot.new_link");
  a.mov(8, rdi, r14);
  systemCall(a, "fcntl", "is there", F_GETFL, 0);
  must(a, () => complain(a, texts, "trouble", "cannot use file ", named, ": ", reason));
  a.mov(8, rdx, rax);
  a.alu("or", 4, rdx, { imm: O_NONBLOCK });
  a.mov(8, rdi, r14);
  systemCall(a, "fcntl", "is there", F_SETFL, "is there");
  a.mov(8, rax, r14);
  begin(a, linkFlags.present);
  control(a, tun.getInterface);
  a.test(8, rax, rax);
  a.jump(sockets, "s");
  a.extend(false, 4, 2, rax, request(ANSWER));
  a.mov(4, rcx, rax);
  a.alu("and", 4, rcx, { imm: iff.tap | iff.plain });
  a.alu("cmp", 4, rcx, { imm: iff.tap | iff.plain });
  a.jump(fine, "e");
  complain(a, texts, "trouble", "file ", named, " is a tun device without IFF_TAP and IFF_NO_PI");
  a.bind(fine);
  a.test(4, rax, { imm: iff.header });
  const noHeader = a.label();
  a.jump(noHeader, "e");
  a.storeImm(8, link("flags"), linkFlags.present | linkFlags.header);
  a.call("boot.tap_ready");
  a.jump(done);
  a.bind(noHeader);
  control(a, interfaceCalls.address);
  a.call("boot.other_address");
  a.jump(done);
  // Nothing says which address it should be: any of those that everybody may take (IEEE 802-2014 8.4).
  a.bind(sockets);
  systemCall(a, "getrandom", { address: "boot.request", disp: ANSWER + 2 }, 6, 0);
  a.call("boot.take_address");
  a.movImm(rax, 0xfeff_ffff_ffffn);
  a.alu("and", 8, link("mac"), rax);
  a.bit("bts", 8, link("mac"), 41);
  a.bind(done);
}
type Labels = [Label, Label, Label, Label, Label, Label];
type Label = ReturnType<Assembler["label"]>;

/** Six pairs of hexadecimal digits with colons between them. */
function setAddress(a: Assembler, texts: Texts): void {
  const [pair, digit, have, bad, last, known] = [1, 2, 3, 4, 5, 6].map(() => a.label()) as Labels;
  a.test(8, rbp, rbp);
  a.jump(known, "ne");
  complain(a, texts, "usage", "--mac comes behind the device that it is for");
  a.bind(known);
  a.mov(8, rsi, r13);
  a.alu("xor", 4, r14, r14);
  a.movImm(rcx, 6n);
  a.bind(pair);
  a.movImm(r8, 2n);
  a.bind(digit);
  a.extend(false, 4, 1, rax, { base: rsi });
  a.unary("inc", 8, rsi);
  a.rm("lea", 4, rdx, { base: rax, disp: -0x30 });
  a.alu("cmp", 4, rdx, { imm: 9 });
  a.jump(have, "be");
  a.alu("or", 4, rax, { imm: 0x20 });
  a.rm("lea", 4, rdx, { base: rax, disp: 10 - 0x61 });
  a.alu("cmp", 4, rax, { imm: 0x61 });
  a.jump(bad, "b");
  a.alu("cmp", 4, rax, { imm: 0x66 });
  a.jump(bad, "a");
  a.bind(have);
  a.shift("shl", 8, r14, 4);
  a.alu("or", 8, r14, rdx);
  a.unary("dec", 4, r8);
  a.jump(digit, "ne");
  a.extend(false, 4, 1, rax, { base: rsi });
  a.unary("inc", 8, rsi);
  a.unary("dec", 4, rcx);
  a.jump(last, "e");
  a.alu("cmp", 4, rax, { imm: ":".charCodeAt(0) });
  a.jump(pair, "e");
  a.bind(bad);
  complain(
    a,
    texts,
    "usage",
    "--mac wants an address of one device, like 02:00:00:00:00:01, and not `",
    named,
    "`",
  );
  a.bind(last);
  a.test(4, rax, rax);
  a.jump(bad, "ne");
  a.bit("bt", 8, r14, 40); // a group's
  a.jump(bad, "b");
  a.mov(8, link("mac"), r14);
}

/** Routines about the link rbp. */
export function linkRoutines(): Section {
  const a = new Assembler();
  // Checksums are left to each other, behind headers of the usual length.
  a.symbol("boot.tap_ready");
  a.storeImm(4, { symbol: "boot.number" }, HEADER_BYTES);
  control(a, tun.setHeader, { address: "boot.number" });
  control(a, tun.setOffload, TUN_F_CSUM);
  control(a, interfaceCalls.address);
  // The device's own address is that of the host on it: ours is another one, always the same beside that.
  a.symbol("boot.other_address");
  a.alu("xor", 1, request(ANSWER + 7), { imm: 1 });
  a.symbol("boot.take_address");
  a.mov(8, rax, request(ANSWER + 2));
  a.bswap(8, rax);
  a.shift("shr", 8, rax, 16);
  a.mov(8, link("mac"), rax);
  a.plain("ret");
  return a.section("boot.links_code");
}
