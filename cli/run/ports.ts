/** Ports of this machine that lead to the appliance. */
import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";
import type { BuildReport } from "#compiler";
import { type CommandError, inputError, usageError } from "../exit.ts";
import { type Publication, parsePublication } from "../publish.ts";

/** What the options `--publish` say. */
export function publicationsOf(given: unknown): Publication[] {
  const texts = Array.isArray(given) ? given.filter((text) => text !== "undefined") : [];
  const publications = texts.map((text) => {
    const publication = parsePublication(String(text));
    if (publication !== undefined) return publication;
    const what = text === "true" ? "wants a value" : `\`${text}\` is not`;
    throw usageError(
      `--publish ${what} of the form [ADDRESS:]HOST:GUEST[/udp], ports from 1 to 65535, ADDRESS an IPv4 address`,
      "for example --publish 5353:53/udp",
    );
  });
  publications.forEach((each, n) => {
    if (publications.slice(0, n).some((other) => placeOf(other) === placeOf(each)))
      throw usageError(`--publish gives ${placeOf(each)} to two ports of the appliance`);
  });
  return publications;
}

/** `127.0.0.1:5353/udp` */
export const placeOf = ({ address, host, protocol }: Publication): string => `${address}:${host}/${protocol}`;

/** `FILE@kvm --publish 5353:53` is easily written for a DNS server, and would lead nowhere. */
export function requireProtocols(publications: readonly Publication[], report: BuildReport): void {
  const tcp = publications.find(({ protocol }) => protocol === "tcp");
  if (tcp === undefined || report.modules.some(({ path }) => path.endsWith("/tcp"))) return;
  throw inputError(
    `--publish ${tcp.host}:${tcp.guest} is a TCP port, and nothing in ${report.appliance} speaks TCP`,
    `for UDP write --publish ${tcp.host}:${tcp.guest}/udp`,
  );
}

/** That the ports are free, said before an emulator says it in its words. */
export async function requireFree(publications: readonly Publication[]): Promise<void> {
  for (const each of publications) await (each.protocol === "udp" ? tryUdp(each) : tryTcp(each));
}

async function tryUdp(publication: Publication): Promise<void> {
  const socket = await openUdp(publication);
  await new Promise<void>((resolve) => socket.close(resolve));
}

export function openUdp(publication: Publication): Promise<Socket> {
  const socket = createSocket("udp4");
  return new Promise((resolve, reject) => {
    socket.once("error", (error) => {
      socket.close();
      reject(cannotOpen(publication, error));
    });
    socket.bind({ port: publication.host, address: publication.address, exclusive: true }, () =>
      resolve(socket),
    );
  });
}

async function tryTcp(publication: Publication): Promise<void> {
  const server = await openTcp(publication);
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

export function openTcp(publication: Publication): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(cannotOpen(publication, error)));
    server.listen({ port: publication.host, host: publication.address, exclusive: true }, () =>
      resolve(server),
    );
  });
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program uses it",
  EACCES: "ports below 1024 are for the administrator",
  EADDRNOTAVAIL: "this machine has no such address",
};

export function cannotOpen(publication: Publication, error: NodeJS.ErrnoException): CommandError {
  const { host, guest, protocol } = publication;
  const other = host < 1024 ? host + 5300 : host === 65535 ? host - 1 : host + 1;
  return inputError(
    `cannot open ${placeOf(publication)}: ${reasons[error.code ?? ""] ?? error.message}`,
    error.code === "EADDRNOTAVAIL"
      ? "leave the address out, or give one of this machine"
      : `choose another port: --publish ${other}:${guest}${protocol === "udp" ? "/udp" : ""}`,
  );
}
