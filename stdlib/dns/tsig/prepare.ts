/** Set-up of keys. */
import { Bytes } from "../../core/bytes";
import { Digest } from "../../core/hash/digest";
import { Hmac } from "../../core/hash/hmac";
import { Sha256 } from "../../core/hash/sha256";
import { Sha512 } from "../../core/hash/sha512";
import { error } from "../../core/report";
import { Algorithm, Config } from "../config";
import { sha512 } from "../parts";
import { Name, nameFault, OK } from "../zone/name";
import { makeScratch } from "./code";
import { makeExchange } from "./exchange";
import { Key, set } from "./keys";
import { makeNames } from "./record";
import { makeSignatures } from "./signature";

export function makeKeys(config: Config): void {
  const made: Key[] = [];
  for (let n = 0; n < config.tsig.length; n++) {
    const tsig = config.tsig[n];
    const name = new Name();
    const fault = name.parseAbsolute(tsig.label);
    if (fault != OK) {
      error("E0727", tsig.at, nameFault(fault), "");
      continue;
    }
    const algorithm = new Name();
    algorithm.parseAbsolute(nameOf(tsig.algorithm));
    const code = new Hmac(digestOf(tsig.algorithm));
    const running = new Hmac(digestOf(tsig.algorithm));
    made.push(new Key(copyOf(name), copyOf(algorithm), code, running, tsig.key));
  }
  set(made);
  makeScratch();
  makeNames();
  makeSignatures();
  makeExchange();
}

/** RFC 8945 6. */
function nameOf(algorithm: i32): string {
  if (algorithm == Algorithm.hmacSha512) return "hmac-sha512";
  return algorithm == Algorithm.hmacSha384 ? "hmac-sha384" : "hmac-sha256";
}

function digestOf(algorithm: i32): Digest {
  if (sha512 && algorithm == Algorithm.hmacSha384) return new Sha512(48);
  if (sha512 && algorithm == Algorithm.hmacSha512) return new Sha512(64);
  return new Sha256();
}

function copyOf(name: Name): Bytes {
  const bytes = new StaticArray<u8>(name.length);
  for (let n = 0; n < name.length; n++) bytes[n] = name.bytes[n];
  return new Bytes(bytes, 0, name.length);
}
