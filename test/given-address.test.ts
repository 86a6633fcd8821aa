/** One image for many machines: each has the address that it was given when it started. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { requireQemu } from "../tools/qemu.ts";
import { freePort } from "./appliance.ts";
import { requireBundle, startAppl } from "./cli-process.ts";
import { appl, applJson } from "./command.ts";

const description = "test/given.appl";
const execute = promisify(execFile);

beforeAll(() => {
  requireBundle();
  requireQemu();
});

const given = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).flatMap(([name, value]) => ["-p", `${name}=${value}`]);

test.each([
  [{ address: "10.0.2.15/24" }, "10.0.2.15"],
  [{ address: "192.0.2.7/28", router: "192.0.2.1" }, "192.0.2.7"],
])("given %j it answers there", async (values, address) => {
  const { ok, simulation } = await applJson<{
    ok: boolean;
    simulation: { consoles: readonly { text: string }[]; asks: readonly { answer?: string }[] };
  }>("simulate", `${description}@kvm`, ...given(values), "--ask", "dig ns.example.com");
  expect(ok).toBe(true);
  expect(simulation.asks[0]!.answer).toBe("ns.example.com. 3600 A 192.0.2.53");
  expect(simulation.consoles[0]!.text).toContain(address);
});

test.each<[Readonly<Record<string, string>>, RegExp]>([
  [{}, /boot: `net\/address` is missing; it wants IfaceAddr: /],
  [{ address: "2001:db8::1/64" }, /boot: `net\/address` wants IfaceAddr: .*, where it\.family == 4/],
  [{ address: "127.0.0.1/8" }, /lan: 127\.0\.0\.1 is no machine's address/],
  [{ address: "10.0.2.15/24", router: "10.0.3.1" }, /lan: 10\.0\.3\.1 is no gateway: it is not in this/],
])("given %j its console says what is wrong", async (values, says) => {
  const { stdout } = await appl("simulate", `${description}@kvm`, ...given(values), "--for", "2s");
  expect(stdout).toMatch(says);
});

test.each(["kvm", "linux"])("on %s, in a network that is made for what it was given", async (target) => {
  const port = await freePort();
  const running = startAppl([
    ...["run", `${description}@${target}`, "--publish", `${port}:53/udp`],
    ...given({ address: "10.9.8.7/24", router: "10.9.8.2" }),
  ]);
  await running.waitFor(/lan: 10\.9\.8\.7/);
  const args = ["@127.0.0.1", "-p", String(port), "+short", "+time=2", "+tries=10", "ns.example.com"];
  expect((await execute("dig", args)).stdout.trim()).toBe("192.0.2.53");
  await running.end("SIGTERM");
});

test("without a default for the address nothing is asked of a machine that has none", async () => {
  const { code, stderr } = await appl("simulate", `${description}@kvm`, "--ask", "ping");
  expect(code).toBe(2);
  expect(stderr).toContain("ns has no address of IPv4");
});
