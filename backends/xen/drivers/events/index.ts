/**
 * Event channels, two-level (Xen, include/public/event_channel.h), and the page that the hypervisor shares with its guest. There are no interrupts: the
 * guest sleeps in a hypercall until one of its ports has an event.
 */
import { pvSpan, pvTime } from "../../../common/drivers/x86/pvclock";
import {
  closePort,
  mapFrame,
  NONE,
  openPort,
  Parameter,
  PortStatus,
  parameter,
  poll,
  portStatus,
  Space,
  setParameter,
} from "../calls";
import * as grants from "../grants";
import { exchange, physical, store8, store32 } from "../hw";

/** Where nothing else is: below the frames that the toolstack keeps for itself, and behind the local APIC. */
const INFO: u64 = 0xfef0_0000;
/** struct shared_info: of the first processor's part the selector and the time, then what is pending, then the wall clock. */
const SELECTOR: u64 = INFO + 8;
const TIME: u64 = INFO + 32;
const PENDING: u64 = INFO + 2048;
const WALL: u64 = INFO + 3072;

/** Ports that a former life of this guest may have had. */
const LAST_PORT: u32 = 1024;

/** Ports that end sleep, in memory that the hypervisor reads. */
const MOST_PORTS: u32 = 16;
const memory = new StaticArray<u8>(<i32>(2 * 4 * MOST_PORTS));
const ports = new StaticArray<u32>(<i32>MOST_PORTS);
let place: u64 = 0;
let count: u32 = 0;

export function start(): void {
  mapFrame(Space.sharedInfo, 0, INFO >> 12);
  // Only with this call, or with a hypercall page, does the hypervisor look whether the guest has 64 bits, and write the wall clock where one of 64 bits has it.
  setParameter(Parameter.callback, 0);
  grants.start();
  const unit = <usize>(4 * MOST_PORTS);
  place = physical((changetype<usize>(memory) + unit - 1) & ~(unit - 1));
  count = 0;
  closeLeftovers();
  forget();
}

/** Before a warm restart this guest had ports, of which it knows nothing any more. Those of the toolstack stay. */
function closeLeftovers(): void {
  const store = <u32>parameter(Parameter.storeEvent);
  const console = <u32>parameter(Parameter.consoleEvent);
  for (let port: u32 = 1; port < LAST_PORT; port++) {
    const status = portStatus(port);
    if (status == u32.MAX_VALUE) return;
    if (port == store || port == console) continue;
    if (status == PortStatus.unbound || status == PortStatus.interdomain) closePort(port);
  }
}

/** Events of this port end sleep from now on. */
export function listen(port: u32): void {
  if (count == MOST_PORTS) return;
  ports[<i32>count] = port;
  count += 1;
  publish();
}

/** A port for the domain `remote` to bind to, whose events end sleep; NONE when there is none left. */
export function open(remote: u32): u32 {
  const port = openPort(remote);
  if (port != NONE) listen(port);
  return port;
}

export function close(port: u32): void {
  closePort(port);
  let left: u32 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const each = ports[<i32>n];
    if (each != port) {
      ports[<i32>left] = each;
      left += 1;
    }
  }
  count = left;
  publish();
}

function publish(): void {
  for (let n: u32 = 0; n < count; n++) store32(place + <u64>(4 * n), ports[<i32>n]);
}

/** Until one of the ports has an event since `forget`, or the hypervisor's clock shows `time`; 0: for as long as it takes. */
export function sleep(time: u64): void {
  poll(place, count, time);
}

/** What happened until now does not end sleep. To be called before the devices are looked at. */
export function forget(): void {
  store8(INFO, 0);
  for (let words = exchange(SELECTOR, 0); words != 0; words &= words - 1)
    exchange(PENDING + ctz(words) * 8, 0);
}

/** Nanoseconds of the hypervisor's clock. */
export function systemTime(): u64 {
  return pvTime(TIME);
}

/** Nanoseconds for so many ticks of the time stamp counter. */
export function span(ticks: u64): u64 {
  return pvSpan(TIME, ticks);
}

/** Where the wall clock is: version, seconds, nanoseconds, and the upper half of seconds, 32 bits each. */
export function wallClock(): u64 {
  return WALL;
}
