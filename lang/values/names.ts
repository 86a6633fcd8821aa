/** Names that are written as strings: each reader gives the canonical form, or the wrong part and the reason. */
import { fault, type Parsed, parsed, shifted } from "./fault.ts";
import { formatIp, parseIp4, parseIp6 } from "./ip.ts";

const MAX_LABEL = 63;
/** RFC 1035 2.3.4, without the root's own dot. */
const MAX_NAME = 253;

/**
 * RFC 1035 2.3.1 with `_` (RFC 8552) and with `*` as the whole first label (RFC 4592). Lower case, without the dot at the end; the
 * root is `.`.
 */
export function parseDomainName(text: string): Parsed<string> {
  if (text === "") return fault("a domain name is not empty", 0, 0);
  if (text === ".") return parsed(".");
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  let at = 0;
  for (const [index, label] of name.split(".").entries()) {
    const wrong = wrongLabel(label, index === 0);
    if (wrong) return shifted(wrong, at);
    at += label.length + 1;
  }
  if (name.length > MAX_NAME)
    return fault(
      `a domain name has at most ${MAX_NAME} characters, and this has ${name.length}`,
      0,
      text.length,
    );
  return parsed(lowerCase(name));
}

/** Only the letters of ASCII: RFC 4343. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

function wrongLabel(label: string, first: boolean) {
  if (label === "") return fault("there is nothing between two dots", 0, 1).fault;
  if (first && label === "*") return undefined;
  const bad = /[^A-Za-z0-9_-]/u.exec(label);
  if (bad) return fault(badCharacter(bad[0]), bad.index, bad.index + bad[0].length).fault;
  if (label.startsWith("-")) return fault("a label does not begin with `-`", 0, 1).fault;
  if (label.endsWith("-"))
    return fault("a label does not end with `-`", label.length - 1, label.length).fault;
  if (label.length > MAX_LABEL)
    return fault(`a label has at most ${MAX_LABEL} characters, and this has ${label.length}`, 0, label.length)
      .fault;
  return undefined;
}

function badCharacter(character: string): string {
  if (character === " ") return "a domain name has no blanks";
  if (character === "*") return "`*` stands only for the whole first label";
  if (character.codePointAt(0)! > 127)
    return `\`${character}\` is written in its ASCII form, which begins with \`xn--\``;
  return `\`${character}\` cannot be in a domain name`;
}

/** One label of a host name: RFC 1123 2.1. */
export function parseHostLabel(text: string): Parsed<string> {
  if (text === "") return fault("a host label is not empty", 0, 0);
  const dot = text.indexOf(".");
  if (dot !== -1) return fault("this is one label of a name, without dots", dot, dot + 1);
  const underscore = text.indexOf("_");
  if (underscore !== -1) return fault("a host label has no `_`", underscore, underscore + 1);
  const wrong = wrongLabel(text, false);
  return wrong ? shifted(wrong, 0) : parsed(lowerCase(text));
}

/** `hostmaster.example.com.` as it stands in a zone file, where the first dot is the sign. */
function mailbox(text: string): string | undefined {
  return /^[\w-]+\.[\w-]+(\.[\w-]+)+\.?$/.test(text) ? text.replace(".", "@").replace(/\.$/, "") : undefined;
}

/** `local@domain` with a dot-atom before the sign: RFC 5321 4.1.2. */
export function parseEmail(text: string): Parsed<string> {
  const sign = text.lastIndexOf("@");
  if (sign === -1) return fault("a mail address has an `@`", 0, text.length, mailbox(text));
  const local = text.slice(0, sign);
  if (local === "") return fault("there is nothing before the `@`", 0, 1);
  if (local.length > 64) return fault("the part before the `@` has at most 64 characters", 0, sign);
  const bad = /[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/u.exec(local);
  if (bad) return fault(`\`${bad[0]}\` cannot stand before the \`@\``, bad.index, bad.index + bad[0].length);
  const dots = /^\.|\.\.|\.$/.exec(local);
  if (dots) return fault("dots stand between other characters", dots.index, dots.index + dots[0].length);
  const domain = parseDomainName(text.slice(sign + 1));
  return domain.ok ? parsed(`${local}@${domain.value}`) : shifted(domain.fault, sign + 1);
}

/** An absolute path of HTTP, without query: RFC 9110 4.1, RFC 3986 3.3. */
export function parseHttpPath(text: string): Parsed<string> {
  if (!text.startsWith("/")) return fault("a path begins with `/`", 0, Math.min(1, text.length), `/${text}`);
  return uriPart(text, 0, /[A-Za-z0-9._~!$&'()*+,;=:@/%-]/, "a path");
}

/** `scheme://host[:port][/path][?query][#fragment]`: RFC 3986. Scheme and host in lower case. */
export function parseUrl(text: string): Parsed<string> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text);
  if (!scheme) return fault("a URL begins with a scheme, like `https://`", 0, text.length);
  const start = scheme[0].length;
  const length = text.slice(start).search(/[/?#]/);
  const end = length === -1 ? text.length : start + length;
  const authority = parseAuthority(text.slice(start, end));
  if (!authority.ok) return shifted(authority.fault, start);
  const rest = uriPart(text.slice(end), end, /[A-Za-z0-9._~!$&'()*+,;=:@/%?#-]/, "a URL");
  if (!rest.ok) return rest;
  return parsed(`${lowerCase(scheme[0])}${authority.value}${rest.value}`);
}

function parseAuthority(text: string): Parsed<string> {
  if (text === "") return fault("there is no host", 0, 0);
  const sign = text.indexOf("@");
  if (sign !== -1)
    return fault("a URL holds no user and no password: they would be part of the image", 0, sign + 1);
  const port = /:(\d*)$/.exec(text);
  const host = port ? text.slice(0, port.index) : text;
  if (port && (port[1] === "" || Number(port[1]) > 65_535))
    return fault("a port is a number up to 65535", port.index, text.length);
  const name = parseHost(host);
  if (!name.ok) return name;
  return parsed(port ? `${name.value}:${Number(port[1])}` : name.value);
}

function parseHost(host: string): Parsed<string> {
  if (host.startsWith("[") && host.endsWith("]")) {
    const ip = parseIp6(host.slice(1, -1));
    return ip.ok ? parsed(`[${formatIp(ip.value)}]`) : shifted(ip.fault, 1);
  }
  if (/^[\d.]+$/.test(host)) {
    const ip = parseIp4(host);
    return ip.ok ? parsed(formatIp(ip.value)) : ip;
  }
  return parseDomainName(host);
}

/** Characters that a URI may have, `%` with two hexadecimal digits behind it. */
function uriPart(text: string, offset: number, allowed: RegExp, what: string): Parsed<string> {
  let at = 0;
  for (const character of text) {
    if (!allowed.test(character)) {
      const reason =
        character === " " ? `${what} has no blanks: write \`%20\`` : `\`${character}\` cannot be in ${what}`;
      return fault(reason, offset + at, offset + at + character.length);
    }
    if (character === "%" && !/^%[0-9A-Fa-f]{2}/.test(text.slice(at, at + 3)))
      return fault("`%` has two hexadecimal digits behind it", offset + at, offset + at + 1);
    at += character.length;
  }
  return parsed(text);
}

const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

/** `type/subtype; name=value`: RFC 9110 8.3.1. */
export function parseMediaType(text: string): Parsed<string> {
  const type = new RegExp(`^(${TOKEN})/(${TOKEN})`).exec(text);
  if (!type) return fault("a media type is written like `text/plain`", 0, text.length);
  let at = type[0].length;
  let canonical = lowerCase(type[0]);
  while (at < text.length) {
    const parameter = new RegExp(`^\\s*;\\s*(${TOKEN})=(${TOKEN}|"[^"\\\\]*")`).exec(text.slice(at));
    if (!parameter) return fault("behind the media type only `; name=value` can follow", at, text.length);
    canonical += `; ${lowerCase(parameter[1]!)}=${parameter[2]}`;
    at += parameter[0].length;
  }
  return parsed(canonical);
}

/** Semantic Versioning 2.0.0. */
export function parseSemver(text: string): Parsed<string> {
  const number = "(0|[1-9]\\d*)";
  const shape = new RegExp(`^${number}\\.${number}\\.${number}(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$`);
  return shape.test(text) ? parsed(text) : fault("a version is written like `1.2.3`", 0, text.length);
}

/** `sha256:` and 64 hexadecimal digits. */
export function parseHash(text: string): Parsed<string> {
  const digits = text.slice(text.indexOf(":") + 1);
  const start = text.length - digits.length;
  if (!text.startsWith("sha256:"))
    return fault("a hash is written `sha256:` and 64 hexadecimal digits", 0, text.length);
  const bad = /[^0-9A-Fa-f]/.exec(digits);
  if (bad) return fault(`\`${bad[0]}\` is no hexadecimal digit`, start + bad.index, start + bad.index + 1);
  if (digits.length !== 64)
    return fault(`a sha256 has 64 hexadecimal digits, and this has ${digits.length}`, start, text.length);
  return parsed(lowerCase(digits));
}
