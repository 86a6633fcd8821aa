/** Makes sites, while the image is built. Knows nothing of how they are described. */
import { Bytes } from "../../core/bytes";
import { DirFile } from "../../core/values";
import { Compiled, compilePattern, compileRegex } from "../pattern/compile";
import { matches, reserve } from "../pattern/match";
import { UNDATED } from "../response/resource";
import { apply, Lines, Rule } from "./fields";
import { Folder } from "./folder";
import { install, Message, Mount, Page, Part, PartKind, Redirect, Reply, Site } from "./model";
import { Packer } from "./packer";
import { statusLine } from "./status-text";
import { bytesOf, sentBytesOf } from "./text";

/** Statuses of which each site has a message. */
const ERRORS: StaticArray<i32> = [
  400, 401, 403, 404, 405, 408, 412, 413, 414, 416, 417, 421, 429, 431, 501, 503, 505,
];
/** What an answer to OPTIONS and 405 lists: RFC 9110 10.2.1. */
const ALLOW = "GET, HEAD, OPTIONS";

/** Where files of a folder are, and how they are shown. */
export class FolderOptions {
  index: string[] = ["index.html"];
  notFound: string = "";
  hasTags: bool = true;
  hasRanges: bool = true;
  charset: string = "utf-8";
  isClean: bool = true;
  isHidden: bool = false;
  modified: i64 = UNDATED;
}

@final
export class SiteBuilder {
  site: Site = new Site();
  rules: Rule[] = [];
  private redirects: Redirect[] = [];
  private replies: Reply[] = [];
  private mounts: Mount[] = [];
  /** Path → its page. */
  private pages: Map<string, Page> = new Map<string, Page>();
  private order: Page[] = [];

  constructor(
    public number: u32,
    private packer: Packer,
  ) {}

  rule(pattern: string): Rule {
    const compiled = compilePattern(pattern);
    reserve(compiled.program);
    const rule = new Rule(compiled.program, pattern == "*" || pattern == "/**");
    this.rules.push(rule);
    return rule;
  }

  /** After all rules. */
  redirect(text: string, isRegex: bool, to: string, status: i32): void {
    const compiled = isRegex ? compileRegex(text) : compilePattern(text);
    reserve(compiled.program);
    this.redirects.push(new Redirect(compiled.program, this.moved(status), partsOf(to, compiled)));
  }

  /** Without its Location. */
  private moved(status: i32): Message {
    return this.message(status, "", "", "");
  }

  /** After all rules and redirects. */
  reply(pattern: string, status: i32, body: string, media: string): void {
    const message = this.message(status, body, media, "");
    if (pattern.includes("*") || pattern.includes("{")) {
      const compiled = compilePattern(pattern);
      reserve(compiled.program);
      this.replies.push(new Reply(compiled.program, message));
      return;
    }
    const page = this.add(pattern);
    if (page != null) page.message = message;
  }

  /** The head of an answer with values, which nobody keeps if no rule says otherwise: RFC 9111 5.2.2.5. Up to its length. */
  stateHead(path: string): string {
    const lines = new Lines();
    lines.set("Content-Type", "application/json", true);
    lines.set("Cache-Control", "no-store", false);
    apply(this.rules, path, lines);
    return `${statusLine(200)}${lines.text(false)}${lines.text(true)}Content-Length: `;
  }

  /** What is said when something was done. */
  done(): Message {
    return this.message(204, "", "", "Cache-Control: no-store\r\n");
  }

  /** What somebody hears who has no token, or the wrong one: RFC 6750 3. */
  wantsToken(): Message {
    return this.refusal(401, `WWW-Authenticate: Bearer realm="appliance"\r\n`);
  }

  /** What is said of other methods where something is done: RFC 9110 15.5.6. */
  notAllowed(allow: string): Message {
    return this.refusal(405, `Allow: ${allow}\r\n`);
  }

  /** Which methods there are: RFC 9110 9.3.7. */
  options(allow: string): Message {
    return this.message(204, "", "", `Allow: ${allow}\r\n`);
  }

  /** After all replies. */
  files(mount: string, options: FolderOptions, files: Array<DirFile>): void {
    const folder = new Folder(this, this.packer, mount, options, files);
    folder.add();
    this.mounts.push(new Mount(bytesOf(folder.prefix), folder.missing()));
  }

  /** A page, unless there is one already, or a redirect leads away from there. */
  add(path: string): Page | null {
    if (this.pages.has(path)) return null;
    const bytes = bytesOf(path);
    for (let n = 0; n < this.redirects.length; n++)
      if (matches(this.redirects[n].program, bytes, bytes.length)) return null;
    const page = new Page(this.number, bytes);
    this.pages.set(path, page);
    this.order.push(page);
    return page;
  }

  has(path: string): bool {
    return this.pages.has(path);
  }

  /** An answer without a path of its own, or whose path does not matter. */
  private message(status: i32, body: string, media: string, more: string): Message {
    const lines = new Lines();
    if (media.length > 0) lines.set("Content-Type", media, true);
    apply(this.rules, "", lines);
    const bytes = sentBytesOf(body);
    // RFC 9110 8.6: 204 has no length.
    const length = status == 204 ? "" : `Content-Length: ${bytes.length}\r\n`;
    const head = `${statusLine(status)}${lines.text(false)}${lines.text(true)}${more}${length}`;
    return new Message(<u32>status, sentBytesOf(head), bytes);
  }

  finish(): Site {
    const errors: Message[] = [];
    for (let n = 0; n < ERRORS.length; n++) errors.push(this.error(ERRORS[n]));
    const site = this.site;
    site.errors = StaticArray.fromArray(errors);
    site.options = this.options(ALLOW);
    site.moved = this.moved(301);
    site.redirects = StaticArray.fromArray(this.redirects);
    site.replies = StaticArray.fromArray(this.replies);
    site.mounts = StaticArray.fromArray(longestFirst(this.mounts));
    return site;
  }

  private error(status: i32): Message {
    const more =
      status == 405 || status == 501
        ? `Allow: ${ALLOW}\r\n`
        : status == 429 || status == 503
          ? "Retry-After: 1\r\n"
          : status == 401
            ? `WWW-Authenticate: Basic realm="appliance", charset="UTF-8"\r\n`
            : "";
    return this.refusal(status, more);
  }

  /** A status that is its own text. */
  private refusal(status: i32, more: string): Message {
    const text = statusLine(status).substring(9).replace("\r\n", "\n");
    return this.message(status, text, "text/plain; charset=utf-8", more);
  }

  all(): Page[] {
    return this.order;
  }
}

function longestFirst(mounts: Mount[]): Mount[] {
  const sorted: Mount[] = [];
  for (let n = 0; n < mounts.length; n++) {
    let at = 0;
    while (at < sorted.length && sorted[at].prefix.length >= mounts[n].prefix.length) at += 1;
    sorted.splice(at, 0);
    sorted.push(mounts[n]);
    for (let m = sorted.length - 1; m > at; m--) {
      const other = sorted[m - 1];
      sorted[m - 1] = sorted[m];
      sorted[m] = other;
    }
  }
  return sorted;
}

/** `/posts/{slug}/{1}?{query}` in parts. */
function partsOf(to: string, compiled: Compiled): StaticArray<Part> {
  const parts: Part[] = [];
  const pieces = to.split("{");
  parts.push(new Part(PartKind.text, sentBytesOf(pieces[0]), 0));
  for (let n = 1; n < pieces.length; n++) {
    const end = pieces[n].indexOf("}");
    const name = pieces[n].substring(0, end);
    let kind = name == "path" ? PartKind.path : name == "query" ? PartKind.query : PartKind.host;
    let number = compiled.names.indexOf(name);
    if (number >= 0) kind = PartKind.caught;
    number = max(number, 0) / 2;
    parts.push(new Part(kind, bytesOf(""), <u32>number));
    parts.push(new Part(PartKind.text, sentBytesOf(pieces[n].substring(end + 1)), 0));
  }
  return StaticArray.fromArray(parts);
}

/** After all sites are complete. */
export function installAll(builders: SiteBuilder[], packer: Packer): void {
  const all: Site[] = [];
  const pages: Page[] = [];
  for (let n = 0; n < builders.length; n++) {
    all.push(builders[n].finish());
    const own = builders[n].all();
    for (let m = 0; m < own.length; m++) pages.push(own[m]);
  }
  install(all, new SiteBuilder(0, packer).finish(), pages);
}

/** No bytes. */
export const nothing = new Bytes(new StaticArray<u8>(0), 0, 0);
