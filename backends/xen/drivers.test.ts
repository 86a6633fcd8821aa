import { describe, expect, test } from "vitest";
import { answers, connected, echo, everything, frame, type Program, startGuest } from "./test-guest.ts";
import { Asleep, Ended, frames } from "./test-hypervisor.ts";
import { TestNetback } from "./test-netback.ts";

const quiet: Program = { use: everything, hooks: [], own: "" };

describe("a network device", () => {
  test("is connected: rings, a port, what the guest can do, and state 4 on both sides", async () => {
    const guest = await connected();
    const { store, back, xen } = guest;
    expect(back.state).toBe(4);
    expect(store.get("device/vif/0/state")).toBe("4");
    expect(store.get("device/vif/0/request-rx-copy")).toBe("1");
    expect(store.get("device/vif/0/feature-rx-notify")).toBe("1");
    expect(xen.readConsole()).toContain("net: eth0 is connected to vif 0");
    expect(answers(guest, 7)).toBe(true);
  });

  test("carries frames both ways, many times around the rings", async () => {
    const { xen, back, settle } = await connected();
    let [sent, rest] = [0, 4000];
    xen.idle = () => {
      if (rest === 0) throw new Asleep();
      for (let n = 0; n < 3 && rest > 0; n++, sent++, rest--)
        if (!back.receive(frame(sent & 63, 60 + (sent % 1400)), sent % 5 === 0 ? 1 : 0)) break;
    };
    settle();
    expect(back.sent.length).toBe(4000);
    const wrong = back.sent.findIndex(
      ({ bytes }, n) => bytes.length !== 60 + (n % 1400) || bytes[14] !== (n & 63) + (n % 5 === 0 ? 100 : 1),
    );
    expect(wrong).toBe(-1);
    expect([...back.sent[0]!.bytes.subarray(0, 12)]).toEqual([2, 0, 0, 0, 0, 9, 0, 0x16, 0x3e, 0, 0, 2]);
  });

  test("whose other side is never done sending costs frames, and nothing else", async () => {
    const guest = await connected();
    guest.back.holding = true;
    for (let n = 0; n < 100; n++) {
      guest.back.receive(frame(n & 63));
      guest.settle();
    }
    expect(guest.back.sent.length).toBe(64);
    guest.back.holding = false;
    guest.back.release();
    guest.settle();
    expect(answers(guest, 1)).toBe(true);
  });

  test("that closes is lost, and connected again when it waits again", async () => {
    const guest = await connected();
    const { back, xen, store, settle } = guest;
    back.leaves = true;
    back.close();
    settle();
    expect(back.rings).toBeUndefined();
    expect(xen.readConsole()).toContain("net: eth0 has lost vif 0");
    back.leaves = false;
    store.set("device/vif/0/backend", back.path);
    back.setState(2);
    settle();
    expect(xen.readConsole()).toContain("net: eth0 is connected to vif 0");
    expect(answers(guest, 2)).toBe(true);
    for (let n = 0; n < 20; n++) {
      back.close();
      settle();
      expect(answers(guest, n)).toBe(true);
    }
    const ports = [...xen.ports.values()].filter(({ status }) => status !== 0);
    expect(ports.length).toBe(3);
  });

  test("that vanishes makes room for another", async () => {
    const guest = await connected();
    guest.back.die();
    guest.settle();
    expect(guest.xen.readConsole()).toContain("net: eth0 has lost vif 0");
    const next = new TestNetback(guest.xen, guest.store, { device: 3, domain: 5 });
    guest.settle();
    expect(guest.xen.readConsole()).toContain("net: eth0 is connected to vif 3");
    expect(answers({ ...guest, back: next }, 3)).toBe(true);
  });

  test("that appears after the start is taken", async () => {
    const guest = await startGuest(echo);
    guest.settle();
    const back = new TestNetback(guest.xen, guest.store);
    guest.settle();
    expect(answers({ ...guest, back }, 3)).toBe(true);
  });

  test("is connected again after a warm restart", async () => {
    const guest = await connected();
    for (let n = 0; n < 3; n++) {
      guest.restart();
      guest.settle();
      expect(answers(guest, n)).toBe(true);
    }
    const ports = [...guest.xen.ports.values()].filter(({ status }) => status !== 0);
    expect(ports.length).toBe(3);
  });

  test("without a carrier has none", async () => {
    const guest = await connected({ features: { carrier: 0 } });
    expect(guest.xen.readConsole()).toContain("net: eth0 has lost vif 0");
  });
});

describe("XenStore", () => {
  test("may answer a byte at a time, with events in between", async () => {
    const guest = await connected({}, {}, (store) => {
      store.pace = 1;
      store.followers.push((path) => {
        if (path.endsWith("-ring-ref")) store.set("device/vif/0/gossip", "x");
      });
    });
    expect(guest.back.state).toBe(4);
    expect(answers(guest, 3)).toBe(true);
  });

  test("may have others who are faster: the transaction is done again", async () => {
    const guest = await connected({}, {}, (store) => {
      store.disturbances = 20;
    });
    expect(answers(guest, 3)).toBe(true);
  });

  test("that does not answer is waited for, but not for ever", async () => {
    const { xen, settle } = await startGuest(quiet, (_, store) => {
      store.silent = true;
    });
    settle();
    expect(xen.time).toBeLessThan(8_000_000_000n);
    expect(xen.readConsole()).toContain("xenstore does not answer: no device appears or goes any more");
  });

  test("had more to say to a former life: that is nobody's", async () => {
    const guest = await connected();
    guest.store.send(2, 77, "nobody asked any more");
    guest.restart();
    guest.settle();
    expect(answers(guest, 3)).toBe(true);
  });
});

describe("the console", () => {
  const chatter: Program = {
    use: everything,
    hooks: ["poll"],
    own: `import { write } from "./console";
let count: u32 = 0;
export function poll(now: u64): void {
  for (let n = 0; n < 5000; n++) write(97 + (count++ % 26));
}`,
  };

  test("loses what nobody reads, and does not wait", async () => {
    const { xen, settle } = await startGuest(chatter);
    settle();
    expect(xen.readConsole().length).toBe(2048);
    xen.raise(1);
    settle();
    expect(xen.readConsole()).toMatch(/^[a-z]{2048}$/);
  });

  test("is not written to by a reader's nonsense", async () => {
    const { xen, settle } = await startGuest(chatter);
    xen.view(frames.console * 4096, 4096).setUint32(3080, 0x7fff_ffff, true);
    settle();
    expect(xen.bytes(frames.console * 4096, 1024).every((byte) => byte === 0)).toBe(true);
  });
});

test("the time of day is the hypervisor's", async () => {
  const { xen, settle } = await startGuest({
    use: [...everything, "wall"],
    hooks: ["start"],
    own: `import { wall } from "./wall";
import * as log from "./log";
export function start(): void { log.text("time "); log.number(wall() / 1_000_000_000); log.end(); }
`,
  });
  settle();
  expect(xen.readConsole()).toMatch(/^time 170000000[0-9]\r?$/m);
});

describe("the toolstack", () => {
  test("sees what the guest obeys", async () => {
    const { store } = await startGuest(quiet);
    expect(store.get("control/feature-poweroff")).toBe("1");
    expect(store.get("control/feature-reboot")).toBe("1");
    expect(store.get("control/feature-suspend")).toBeUndefined();
  });

  test.each([
    ["poweroff", 0, "power-off requested"],
    ["halt", 0, "power-off requested"],
    ["reboot", 1, "reboot requested"],
  ])("ends the guest by %s", async (word, reason, says) => {
    const { xen, store, settle } = await startGuest(quiet);
    settle();
    store.set("control/shutdown", word);
    expect(settle).toThrow(new Ended(reason));
    expect(store.get("control/shutdown")).toBe("");
    expect(xen.readConsole()).toContain(says);
  });

  test.each(["suspend", "sus", "poweroffs", "", "x".repeat(4000)])(
    "may ask for what is not done: %#",
    async (word) => {
      const { xen, store, settle } = await startGuest(quiet);
      settle();
      store.set("control/shutdown", word);
      settle();
      expect(store.get("control/shutdown")).toBe("");
      if (word !== "")
        expect(xen.readConsole()).toContain(
          "control: suspend and migration are not supported; the request is refused",
        );
    },
  );

  test("is told that memory stays as it is", async () => {
    const { xen, store, settle } = await startGuest(quiet, (_, store) => store.set("memory/target", 16384));
    settle();
    expect(xen.readConsole()).toBe("");
    store.set("memory/target", 8192);
    settle();
    expect(xen.readConsole()).toContain("a memory target of 8192 KiB was set; this guest keeps what it has");
  });
});
