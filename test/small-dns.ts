/** A DNS server that asks for little: what images for small machines are tested with. */
export interface SmallDns {
  /** Libraries beside `net` and `dns`, and what stands before the appliance. */
  readonly uses?: readonly string[];
  readonly before?: string;
  /** Of www.example.com. */
  readonly address?: string;
  /** Names of targets and their boards. */
  readonly targets: Readonly<Record<string, string>>;
}

export const smallDns = ({ uses = ["board/qemu"], before = "", address = "192.0.2.80", targets }: SmallDns) =>
  `appl 1
use std/net
use std/dns
${uses.map((name) => `use std/${name}\n`).join("")}${before}
appliance small {
  net eth0 { address = 10.0.2.15/24; gateway = 10.0.2.2 }
  dns {
    tcp = false
    zone "example.com" {
      primary {
        soa { mname = "ns1"; rname = "hostmaster@example.com"; serial = at(1) }
        ns  = ["ns1"]
        host "ns1" { address = [10.0.2.15] }
        host "www" { address = [${address}] }
      }
    }
  }
}

${Object.entries(targets)
  .map(([name, board]) => `target ${name} { board = ${board} }\n`)
  .join("")}`;
