/** What can be read of values of the language's own types: `a.ip`, `f.size`. */
import type { Bench, Operation } from "../../check/core.ts";
import type { Scalar } from "../../types/scalars.ts";
import { mapTypeOf, optional, scalar, type Type } from "../../types/type.ts";
import { mapOf } from "../../values/compare.ts";
import { bitsOf } from "../../values/ip.ts";
import { mediaTypeOf } from "../../values/media.ts";
import { lastOf, networkOf, notOneMachine } from "../../values/network.ts";
import { amountOf } from "../../values/quantity.ts";
import { hashOfFile, hashOfTree, sizeOf } from "../../values/tree.ts";
import { bool, int, type Kind, none, str, type Value, type ValueOf } from "../../values/value.ts";

export interface FieldRow {
  readonly type: Type;
  readonly run: Operation;
}

function field<K extends Kind>(
  kind: K,
  type: Type,
  read: (value: ValueOf<K>, bench: Bench) => Value,
): FieldRow {
  return {
    type,
    run: ([value], bench) => {
      if (value!.kind !== kind) throw new Error(`BUG: a field of a ${kind} in a ${value!.kind}`);
      return read(value as ValueOf<K>, bench);
    },
  };
}

type Fields = Readonly<Record<string, FieldRow>>;

const ip: Fields = {
  family: field("ip", scalar("Int"), ({ family }) => int(family)),
};

const network: Fields = {
  first: field("prefix", scalar("Ip"), (it) => networkOf(it).ip),
  last: field("prefix", scalar("Ip"), lastOf),
  length: field("prefix", scalar("Int"), ({ length }) => int(length)),
  family: field("prefix", scalar("Int"), (it) => int(it.ip.family)),
  mask: field("prefix", scalar("Ip"), ({ ip: address, length }) => {
    const width = BigInt(bitsOf(address.family));
    return {
      kind: "ip",
      family: address.family,
      bits: ((1n << BigInt(length)) - 1n) << (width - BigInt(length)),
    };
  }),
};

const url = (pick: (parts: UrlParts) => string): FieldRow =>
  field("str", scalar("Str"), ({ value }) => str(pick(partsOfUrl(value))));

interface UrlParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

function partsOfUrl(text: string): UrlParts {
  const [, scheme, authority, path] = /^([^:]+):\/\/([^/?#]*)(.*)$/s.exec(text)!;
  return { scheme: scheme!, authority: authority!, path: path! };
}

export const scalarFields: Partial<Record<Scalar, Fields>> = {
  Ip: ip,
  Ip4: ip,
  Ip6: ip,
  Cidr: network,
  Cidr4: network,
  Cidr6: network,
  IfaceAddr: {
    ip: field("prefix", scalar("Ip"), ({ ip: address }) => address),
    network: field("prefix", scalar("Cidr"), networkOf),
    /** False for the network's own address and for the one of all its machines. */
    is_host: field("prefix", scalar("Bool"), (it) => bool(notOneMachine(it) === undefined)),
    length: network["length"]!,
    family: network["family"]!,
    mask: network["mask"]!,
  },
  SocketAddr: {
    /** True for `*:53`. */
    wild: field("socket", scalar("Bool"), ({ ip: address }) => bool(address === undefined)),
    /** The unspecified address of IPv4 for `*`: ask `wild` first. */
    ip: field("socket", scalar("Ip"), ({ ip: address }) => address ?? { kind: "ip", family: 4, bits: 0n }),
    port: field("socket", scalar("Port"), ({ port }) => int(port)),
  },
  Rate: {
    count: field("rate", scalar("Int"), ({ count }) => int(count)),
    per: field("rate", scalar("Duration"), ({ per }) => amountOf("Duration", per)),
  },
  Email: {
    local: field("str", scalar("Str"), ({ value }) => str(value.slice(0, value.lastIndexOf("@")))),
    domain: field("str", scalar("DomainName"), ({ value }) => str(value.slice(value.lastIndexOf("@") + 1))),
  },
  Url: {
    scheme: url(({ scheme }) => scheme),
    host: url(({ authority }) => authority.replace(/:\d*$/, "")),
    path: url(({ path }) => path.replace(/[?#].*$/s, "")),
  },
  DomainName: {
    /** Undefined of a name with one label. */
    parent: field("str", optional(scalar("DomainName")), ({ value }) =>
      value.includes(".") && value !== "." ? str(value.slice(value.indexOf(".") + 1)) : none,
    ),
  },
  File: {
    path: field("file", scalar("Str"), ({ path }) => str(path)),
    name: field("file", scalar("Str"), ({ path }) => str(nameOf(path))),
    size: field("file", scalar("Size"), ({ bytes }) => amountOf("Size", BigInt(bytes.length))),
    hash: field("file", scalar("Hash"), ({ bytes }, bench) => {
      bench.spend(1 + (bytes.length >> 6));
      return hashValue(hashOfFile(bytes));
    }),
    /** By the ending of its name. */
    media: field("file", scalar("MediaType"), ({ path }) => str(mediaTypeOf(nameOf(path)))),
    /** Only known of files in a `Dir`. */
    executable: field("file", scalar("Bool"), ({ executable }) => bool(executable)),
  },
  Dir: {
    path: field("dir", scalar("Str"), ({ path }) => str(path)),
    size: field("dir", scalar("Size"), ({ files }) => amountOf("Size", BigInt(sizeOf(files)))),
    hash: field("dir", scalar("Hash"), ({ files }, bench) => {
      bench.spend(1 + files.size + (sizeOf(files) >> 6));
      return hashValue(hashOfTree(files));
    }),
    files: field("dir", mapTypeOf(scalar("Str"), scalar("File")), ({ files }, bench) => {
      bench.spend(1 + files.size);
      return mapOf([...files].map(([name, value]) => ({ key: str(name), value })));
    }),
  },
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const hashValue = (hex: string): Value => ({ kind: "hash", algorithm: "sha256", hex });

/** Fields of `Range<T>`. */
export const rangeFields: readonly string[] = ["low", "high"];

export const rangeField = (name: string): Operation => {
  return ([value]) => {
    if (value!.kind !== "range") throw new Error("BUG: a field of a range in something else");
    return name === "low" ? value!.low : value!.high;
  };
};
