/** Descriptions as large as one wants: what grows, and how they are written by hand or by a program. */

/** Each gives a description of about so many bytes. */
export const large: Readonly<Record<string, (bytes: number) => string>> = {
  "a zone of hosts": (bytes) =>
    `${head("dns")}  dns {\n    zone "example.com" {\n      primary {\n        ttl = 1h\n        soa { mname = "ns1"; rname = "hostmaster@example.com"; serial = at(2026112101) }\n        ns = ["ns1"]\n        host "ns1" { address = [10.0.2.15] }\n${lines(bytes, (n) => `        host "h${n}" { address = [${address(n)}] }`)}      }\n    }\n  }\n}\n`,
  "rules of a firewall": (bytes) =>
    `${head("firewall")}  firewall {\n    zone lan { nets = [eth0]; source = any }\n    policy { any -> self = drop }\n${lines(bytes, (n) => `    rule "r${n}" { from = lan; to = self; proto = tcp; port = ${1 + (n % 65_000)}; source = ${address(n)}/32; action = accept }`)}  }\n}\n`,
  redirects: (bytes) =>
    `${head("http")}  http {\n    listen { plain = *:80 }\n    server plain {\n${lines(bytes, (n) => `      redirect "/old/${n}" { to = "/new/${n}"; status = 301 }`)}    }\n  }\n}\n`,
  "a long list": (bytes) =>
    `${head()}}\n\nlet all = [\n${lines(bytes, (n) => `  { name = "n${n}", address = ${address(n)}, port = ${n} },`)}]\n`,
  "many values": (bytes) =>
    `${head()}}\n\n${lines(bytes, (n) => (n === 0 ? "let c0 = 1" : `let c${n} = c${n - 1} + ${n % 7}`))}`,
  "a long text": (bytes) => `${head()}}\n\nlet text = "${"lorem ipsum ".repeat(bytes / 12)}"\n`,
  "hosts of a DHCP pool": (bytes) =>
    `${head("dhcp")}  dhcp {\n    pool eth0 {\n      range = 10.0.3.1..10.0.3.250\n      router = 10.0.2.2\n${lines(bytes, (n) => `      host "h${n}" { mac = ${mac(n)}; address = ${address(65_536 + n)} }`)}    }\n  }\n}\n`,
  "settings that are replaced": (bytes) =>
    `${head("dns")}  dns {\n    zone "example.com" {\n      primary {\n        ttl = 1h\n        soa { mname = "ns1"; rname = "hostmaster@example.com"; serial = at(2026112101) }\n        ns = ["ns1"]\n        host "ns1" { address = [10.0.2.15] }\n${lines(bytes, (n) => `        host "h${n}" { default ttl = 5min; ttl = 1h; address = [${address(n)}]; override ttl = ${1 + (n % 50)}min }`)}      }\n    }\n  }\n}\n`,
  "many tests": (bytes) =>
    `${head()}}\n\n${lines(bytes, (n) => `test "t${n}" { assert a.net.eth0.gateway == 10.0.2.2 }`)}`,
  "nested lists": (bytes) =>
    `${head()}}\n\nlet deep = [\n${lines(bytes, (n) => `  ${"[".repeat(40)}${n}${"]".repeat(40)},`)}]\n`,
};

const head = (library?: string): string =>
  `appl 1\n\nuse std/net\n${library === undefined ? "" : `use std/${library}\n`}\nappliance a {\n  net eth0 { address = 10.0.2.15/8; gateway = 10.0.2.2 }\n`;

const address = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

const mac = (n: number): string =>
  `02:00:00:${[n >> 16, n >> 8, n].map((byte) => (byte & 255).toString(16).padStart(2, "0")).join(":")}`;

/** Lines until there are so many bytes. */
function lines(bytes: number, line: (n: number) => string): string {
  let text = "";
  for (let n = 0; text.length < bytes; n++) text += `${line(n)}\n`;
  return text;
}
