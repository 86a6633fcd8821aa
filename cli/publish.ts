/** `[ADDRESS:]HOST:GUEST[/udp|/tcp]`: a port of this machine that leads to a port of the appliance. */
export interface Publication {
  readonly address: string;
  readonly host: number;
  readonly guest: number;
  readonly protocol: "udp" | "tcp";
}

const pattern =
  /^(?:(?<address>\d{1,3}(?:\.\d{1,3}){3}):)?(?<host>\d{1,5}):(?<guest>\d{1,5})(?:\/(?<protocol>udp|tcp))?$/;

/** Undefined when `text` is not of this form. Without an address only this machine can reach it; without a protocol it is tcp, as in other tools. */
export function parsePublication(text: string): Publication | undefined {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const host = Number(groups["host"]);
  const guest = Number(groups["guest"]);
  const address = groups["address"] ?? "127.0.0.1";
  if (![host, guest].every((port) => port >= 1 && port <= 65535)) return undefined;
  if (!address.split(".").every((part) => Number(part) <= 255)) return undefined;
  return { address, host, guest, protocol: groups["protocol"] === "udp" ? "udp" : "tcp" };
}
