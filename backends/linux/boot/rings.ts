/**
 * Frames of a packet socket through memory that the kernel shares with this process (Linux, Documentation/networking/packet_mmap.rst, TPACKET_V2): what
 * has arrived is there without a system call, and all that is to be sent goes with one. The rings lie outside of linear memory, so frames are copied;
 * of what is read there, each length is read once and used only if it fits.
 */
import { Assembler, dataSection, memoryBase, regs, type Section, symbols } from "#codegen";
import { failure, protection, systemCall } from "./kernel.ts";
import { linkFields } from "./layout.ts";

const { rax, rcx, rdx, rbp, rsi, rdi, r8, r9, r10, r11 } = regs;

/** Bytes of a slot, and how many there are. A power of 2, all of them. */
export const rings = { slot: 2048, receive: 512, send: 256 } as const;
const RECEIVE_BYTES = rings.receive * rings.slot;
const SEND_BYTES = rings.send * rings.slot;
const PAGE = 4096;

/** include/uapi/linux/if_packet.h */
const packet = { level: 263, receiveRing: 5, version: 10, sendRing: 13, loss: 14 } as const;
const TPACKET_V2 = 1;
const MAP_SHARED = 1;
/** struct tpacket2_hdr. The status says whose the slot is: bit 0 of those received is the process's, 0 is nobody's to send. */
const slot = { status: 0, length: 4, captured: 8, frame: 12, tag: 24 } as const;
const MINE = 1;
/** The kernel has taken a tag of IEEE 802.1Q out of the frame. */
const TAGGED = 16;
const TAG = 4;
/** What is before a tag. */
const ADDRESSES = 12;
const SEND_REQUEST = 1;
/** What is before a frame that was received, at most: struct tpacket2_hdr, struct sockaddr_ll, the header, aligned. */
const BEFORE = 76;
/** Where the header of a frame to be sent is. */
const SEND_BEGIN = 32;
/** struct virtio_net_hdr, and in it how much of the frame is headers: all of it, then the kernel copies it and keeps no page of the ring. */
const HEADER = 10;
const HEADER_LENGTH = 2;
const ETHERNET = 14;

const link = (name: keyof typeof linkFields, base: regs.Reg) => ({ base, disp: 8 * linkFields[name] });

/** What the options of the socket are set to: 32 bits each. */
const options = {
  version: [TPACKET_V2],
  /** A frame that the kernel cannot send is left out, and those behind it go. */
  loss: [1],
  receiveRing: [PAGE, RECEIVE_BYTES / PAGE, rings.slot, rings.receive],
  sendRing: [PAGE, SEND_BYTES / PAGE, rings.slot, rings.send],
  none: [0, 0, 0, 0],
} as const;

export function ringOptions(): Section {
  const names = Object.keys(options) as (keyof typeof options)[];
  const words = names.flatMap((name) => options[name]);
  const before = (name: keyof typeof options) =>
    names.slice(0, names.indexOf(name)).reduce((sum, each) => sum + 4 * options[each].length, 0);
  const marks = names.map((name) => ({ name: `boot.rings.${name}`, offset: before(name) }));
  return dataSection("boot.rings", "r", 4, new Uint8Array(Uint32Array.from(words).buffer), marks);
}

/** `boot.open_rings`: gives the socket of link rbp its rings, where the kernel has such. Else frames come and go one by one. Keeps rbx, rbp, r13. */
export function openRings(): Section {
  const a = new Assembler();
  const [without, fine] = [a.label(), a.label()];
  const set = (option: Exclude<keyof typeof options, "none">, value: keyof typeof options = option) => {
    a.mov(8, rdi, link("file", rbp));
    const place = { address: `boot.rings.${value}` };
    systemCall(a, "setsockopt", "is there", packet.level, packet[option], place, 4 * options[value].length);
    a.test(8, rax, rax);
  };
  a.symbol("boot.open_rings");
  for (const option of ["version", "loss", "receiveRing", "sendRing"] as const) {
    set(option);
    a.jump(without, "ne");
  }
  a.mov(8, r8, link("file", rbp));
  systemCall(a, "mmap", 0, RECEIVE_BYTES + SEND_BYTES, protection.write, MAP_SHARED, "is there", 0);
  a.test(8, rax, rax);
  a.jump(without, "s");
  a.mov(8, link("ring", rbp), rax);
  a.movImm(rax, BigInt(rings.slot - BEFORE - ETHERNET));
  a.alu("cmp", 8, link("mtu", rbp), rax);
  a.jump(fine, "be");
  a.mov(8, link("mtu", rbp), rax);
  a.bind(fine);
  a.plain("ret");
  a.bind(without);
  set("receiveRing", "none");
  set("sendRing", "none");
  a.plain("ret");
  return a.section("boot.open_rings");
}

/** Goes to `bad` with EFAULT if not all of the edx bytes at rsi are linear memory; rsi becomes their address. Uses rax, rcx. */
function toMemory(a: Assembler, bad: ReturnType<Assembler["label"]>): void {
  a.mov(4, rcx, { symbol: symbols.memoryPages });
  a.shift("shl", 8, rcx, 16);
  a.mov(4, rdx, rdx);
  a.mov(4, rsi, rsi);
  a.rm("lea", 8, rax, { base: rsi, index: rdx });
  a.alu("cmp", 8, rax, rcx);
  a.movImm(rax, failure("fault"));
  a.jump(bad, "a");
  a.alu("add", 8, rsi, memoryBase);
}

/** The address of slot number `next` into r8, of `count` from `begin` on in the ring. rdi: the link. */
function findSlot(a: Assembler, next: keyof typeof linkFields, count: number, begin: number): void {
  a.mov(4, r8, link(next, rdi));
  a.alu("and", 4, r8, { imm: count - 1 });
  a.imulImm(8, r8, r8, rings.slot);
  a.alu("add", 8, r8, link("ring", rdi));
  if (begin > 0) a.alu("add", 8, r8, { imm: begin });
}

/** The next frame to the edx bytes at rsi; → what `read` would give. rdi: the link. Goes to `empty` when there is none. */
export function receiveFromRing(a: Assembler, empty: ReturnType<Assembler["label"]>): void {
  const [bad, next] = [a.label(), a.label()];
  toMemory(a, bad);
  a.bind(next);
  findSlot(a, "received", rings.receive, 0);
  a.test(1, { base: r8, disp: slot.status }, { imm: MINE });
  a.jump(empty, "e");
  a.unary("inc", 4, link("received", rdi));
  a.unary("inc", 4, { symbol: "boot.received" });
  a.mov(4, rcx, { base: r8, disp: slot.captured });
  a.extend(false, 4, 2, r9, { base: r8, disp: slot.frame });
  a.alu("cmp", 4, rcx, { base: r8, disp: slot.length });
  const [skip, copied] = [a.label(), a.label()];
  a.jump(skip, "ne");
  // The header is before the frame, and both are in the slot and fit where they shall go.
  a.alu("sub", 4, r9, { imm: HEADER });
  a.jump(skip, "b");
  a.alu("cmp", 4, rcx, { imm: rings.slot });
  a.jump(skip, "a");
  a.alu("add", 4, rcx, { imm: HEADER });
  a.rm("lea", 4, rax, { base: r9, index: rcx });
  a.alu("cmp", 4, rax, { imm: rings.slot });
  a.jump(skip, "a");
  // With its tag, if it had one: a frame of a virtual network must not look like one of none.
  const plain = a.label();
  a.mov(4, r11, { base: r8, disp: slot.status });
  a.alu("and", 4, r11, { imm: TAGGED });
  a.shift("shr", 4, r11, Math.log2(TAGGED / TAG));
  a.rm("lea", 4, rax, { base: rcx, index: r11 });
  a.alu("cmp", 4, rax, rdx);
  a.jump(skip, "a");
  a.alu("cmp", 4, rcx, { imm: HEADER + ETHERNET });
  a.jump(skip, "b");
  a.mov(8, rdi, rsi);
  a.rm("lea", 8, rsi, { base: r8, index: r9 });
  a.test(4, r11, r11);
  a.jump(plain, "e");
  a.rm("lea", 4, r11, { base: rcx, disp: -(HEADER + ADDRESSES) });
  a.movImm(rcx, BigInt(HEADER + ADDRESSES));
  a.plain("rep movsb");
  a.mov(4, rcx, { base: r8, disp: slot.tag });
  a.bswap(4, rcx);
  a.mov(4, { base: rdi, disp: 0 }, rcx);
  a.alu("add", 8, rdi, { imm: TAG });
  a.mov(4, rcx, r11);
  a.bind(plain);
  a.plain("rep movsb");
  a.jump(copied);
  a.bind(skip);
  a.storeImm(4, { base: r8, disp: slot.status }, 0);
  a.jump(next);
  a.bind(copied);
  a.storeImm(4, { base: r8, disp: slot.status }, 0);
  a.bind(bad);
  a.plain("ret");
}

/** The longest frame, with its header, that the ring takes. */
export const MOST_IN_SLOT = rings.slot - SEND_BEGIN;

/**
 * The edx bytes at rsi and the r10d bytes at r11 as the next frame to send; → the number of the first, or what `write` would give. rdi: the link. It goes
 * with the next `flush`.
 */
export function sendToRing(a: Assembler): void {
  const [bad, bothBad, free] = [a.label(), a.label(), a.label()];
  toMemory(a, bad);
  a.push(rsi);
  a.push(rdx);
  a.mov(4, rsi, r11);
  a.mov(4, rdx, r10);
  toMemory(a, bothBad);
  a.mov(8, r11, rsi);
  a.mov(4, r10, rdx);
  a.pop(rdx);
  a.pop(rsi);
  a.movImm(rax, failure("invalid"));
  a.rm("lea", 4, rcx, { base: rdx, index: r10, disp: -HEADER });
  a.alu("cmp", 4, rcx, { imm: MOST_IN_SLOT - HEADER });
  a.jump(bad, "a");
  findSlot(a, "sent", rings.send, RECEIVE_BYTES);
  a.movImm(rax, failure("again"));
  a.test(4, { base: r8, disp: slot.status }, { imm: -1 });
  a.jump(free, "e");
  a.plain("ret");
  a.bind(free);
  a.unary("inc", 4, link("sent", rdi));
  a.storeImm(4, link("waiting", rdi), 1);
  a.mov(4, r9, rcx);
  a.rm("lea", 8, rdi, { base: r8, disp: SEND_BEGIN });
  a.mov(4, rcx, rdx);
  a.plain("rep movsb");
  const one = a.label();
  a.mov(4, rcx, r10);
  a.test(4, rcx, rcx);
  a.jump(one, "e");
  a.mov(8, rsi, r11);
  a.plain("rep movsb");
  a.bind(one);
  a.mov(2, { base: r8, disp: SEND_BEGIN + HEADER_LENGTH }, r9);
  a.alu("add", 4, r9, { imm: HEADER });
  a.mov(4, { base: r8, disp: slot.length }, r9);
  a.storeImm(4, { base: r8, disp: slot.status }, SEND_REQUEST);
  a.mov(4, rax, rdx);
  a.bind(bad);
  a.plain("ret");
  a.bind(bothBad);
  a.pop(rdx);
  a.pop(rsi);
  a.plain("ret");
}

/** What is in the ring of link rdi goes. A call with nothing to write is how a packet socket is told; if it fails, the next one tells it again. */
export function flushRing(a: Assembler): void {
  const done = a.label();
  a.alu("cmp", 4, link("waiting", rdi), { imm: 0 });
  a.jump(done, "e");
  a.push(rdi);
  a.mov(8, rdi, link("file", rdi));
  systemCall(a, "write", "is there", { address: "boot.rings.none" }, 0);
  a.pop(rdi);
  a.test(8, rax, rax);
  a.jump(done, "s");
  a.storeImm(4, link("waiting", rdi), 0);
  a.bind(done);
  a.plain("ret");
}
