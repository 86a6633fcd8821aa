import { readFileSync } from "node:fs";
import { inDom0 } from "./tools/xen.ts";
const t = Date.now();
const { imageOf, imageOfText } = await import("./test/appliance.ts");
const site = (a: string) => `appl 1
use std/net
use std/http
appliance site {
  net eth0 { address = [10.0.2.16/24, 2001:db8::16/64] }
  http { listen { plain = *:80 }
    limits { per_client = none }
    server main { files "/" { root = dir "${a}" } } }
}
`;
import { mkdirSync, writeFileSync, copyFileSync } from "node:fs";
mkdirSync("/tmp/xen/site/assets", { recursive: true });
writeFileSync("/tmp/xen/site/index.html", "<h1>hello</h1>\n".repeat(20));
writeFileSync("/tmp/xen/site/large.bin", Buffer.alloc(300_000, (n: number) => 7).map((_, i) => (i * 7919) >> 5));
writeFileSync("/tmp/xen/site/assets/site.css", "a {}\n");
writeFileSync("/tmp/xen/s.appl", site("./site"));
const ns1 = await imageOf("examples/ns1/ns1.appl", "xen");
const www = await imageOf("/tmp/xen/s.appl", "xen");
const dhcp = await imageOfText(readFileSync("examples/ns1/ns1.appl", "utf8").replace("address = 10.0.2.15/24; gateway = 10.0.2.2", "address = dhcp; autoconf = false").replace('zone "example.org" { primary { master = file "./example.org.zone" } }', ""), "xen");
console.log("built", Date.now() - t, ns1.length, www.length, dhcp.length);
const got = await inDom0({ limit: 280_000, files: {
  "run.sh": readFileSync("test/xen/run.sh"), "ns1.xen": ns1, "site.xen": www, "dhcp.xen": dhcp, "crash.xen": ns1, cycles: "5", questions: "www.example.com A\nwww.example.org A\nexample.org TXT\nmissing.example.com A\nhost.dev.example.org A\n",
  "site/index.html": readFileSync("/tmp/xen/site/index.html"), "site/large.bin": readFileSync("/tmp/xen/site/large.bin"), "site/assets/site.css": "a {}\n" } });
console.log(got.said, got.status);
writeFileSync("/tmp/xen/console.log", got.console);
console.log(Date.now() - t);
