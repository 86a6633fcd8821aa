/** What operators are told by a running image, read by programs that we did not write: rsyslogd, tshark, Prometheus' own, and its client's parser. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { simulatedImage } from "../tools/simulated.ts";
import { boot, imageOfText, temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";

const description = (body: string): string =>
  `appl 1\nuse std/net\nuse std/log\nuse std/metrics\nappliance told {\n  ${body}\n}\n`;

const clock = String.raw`\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000`;
const forms = [
  {
    over: "TCP",
    stream: "true",
    decoded: "told in:",
    hello: `10\\.77\\.0\\.1 - - \\[${clock}\\] "GET /hello HTTP/1\\.1" 200 6 "-" "curl/[^"]+"`,
    nothing: `10\\.77\\.0\\.1 - - \\[${clock}\\] "GET /no%0athing HTTP/1\\.1" 404 \\d+ "-" "a \\\\x22b\\\\x5cc"`,
  },
  {
    over: "UDP",
    stream: "false",
    decoded: "told in: 19.5/19.5/19.6/19.6/19.6/",
    hello:
      '\\{"time":"[^"]+Z","client":"10\\.77\\.0\\.1","method":"GET",.*"target":"/hello",.*"status":200,"bytes":6\\}',
    nothing:
      '\\{"time":.*"target":"/no%0athing",.*"agent":"a \\\\u0022b\\\\u005cc","status":404,"bytes":\\d+\\}',
  },
];

test.each(forms)(
  "an image on a tap device tells its numbers, its health, and what happens, over $over",
  async ({ stream, decoded, hello, nothing }) => {
    const image = join(temporaryFolder(), "watched.linux");
    await applJson("build", "test/operations.appl@linux", "-p", `stream=${stream}`, "-o", image);
    const { contents } = await applJson<{ contents: string }>("inspect", image);
    const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/operations.sh", image], {
      encoding: "utf8",
      timeout: 60_000,
    });
    const matching = (pattern: string) => expect.stringMatching(new RegExp(`^${pattern}$`));
    const nic = String.raw`eth0: 10\.77\.0\.2 [0-9a-f:]{17}`;
    expect(stdout.split("\n"), stderr).toEqual([
      "192.0.2.80",
      "192.0.2.80",
      `version: "${contents}"`,
      "hello",
      "promtool: content",
      "appl_dns_queries_total,udp 3",
      "appl_dns_queries_total,tcp 1",
      "appl_dns_responses_total,NXDOMAIN 1",
      "appl_http_responses_total,2xx 1",
      "appl_http_responses_total,4xx 1",
      `contents: ${contents}`,
      "health: ok 200",
      "malformed: 0",
      decoded,
      `local3.notice watched log started: watched ${contents}`,
      `local3.notice watched log watched ${contents}`,
      matching(`local3\\.info watched net/stack ${nic}`),
      matching(`local3\\.info watched http ${hello}`),
      matching(`local3\\.info watched http ${nothing}`),
      "console:",
      `watched ${contents}`,
      matching(nic),
      "",
    ]);
  },
);

test("what may not be said is not in the image", async () => {
  const levels = ["info", "none"].map((level) => {
    const path = join(temporaryFolder(), `${level}.appl`);
    writeFileSync(path, description(`net eth0 { address = 10.0.2.15/24 }\n  log { level = ${level} }`));
    return simulatedImage(`${path}@kvm`);
  });
  const [all, none] = (await Promise.all(levels)).map((image) => Buffer.from(image));
  for (const text of ["address conflict", ": no devic", " also uses"].map((said) =>
    Buffer.from(said, "utf16le"),
  ))
    expect([all!.includes(text), none!.includes(text)]).toEqual([true, false]);
});

test("a booted image without a lease is not well, and says why", async () => {
  const image = await imageOfText(
    description(`net eth0 { address = 10.0.2.15/24; gateway = 10.0.2.2 }
  net eth1 { address = dhcp; autoconf = false }
  metrics {}`),
    "kvm",
  );
  const quiet = ["-netdev", "hubport,id=h0,hubid=7", "-device", "virtio-net-device,netdev=h0"];
  const { port, stop } = await boot(image, {
    networks: [{ address: "10.0.2.15", ports: [9100] }],
    args: quiet,
  });
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect([answer.status, await answer.text()]).toEqual([503, "eth1: no lease of a DHCP server\n"]);
  await stop();
});
