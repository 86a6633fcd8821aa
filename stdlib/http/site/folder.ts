/** The files of a folder as pages. */
import { Bytes } from "../../core/bytes";
import { DirFile } from "../../core/values";
import { writeDate } from "../response/date";
import { Coding, Resource, UNDATED, Variant } from "../response/resource";
import { FolderOptions, SiteBuilder } from "./builder";
import { apply, Lines } from "./fields";
import { isText } from "./media";
import { Packed, Packer } from "./packer";
import { encoded } from "./path";
import { statusLine } from "./status-text";
import { bytesOf, sentBytesOf, sizeOf } from "./text";

/** Digits of the content's hash in a tag: 128 bits. */
const TAG = 32;

@final
export class Folder {
  /** Ends with a slash. */
  prefix: string;

  constructor(
    private site: SiteBuilder,
    private packer: Packer,
    mount: string,
    private options: FolderOptions,
    private files: Array<DirFile>,
  ) {
    this.prefix = mount.endsWith("/") ? mount : `${mount}/`;
  }

  /** What is there by its own name goes before what only stands for it. */
  add(): void {
    const shown: DirFile[] = [];
    for (let n = 0; n < this.files.length; n++)
      if (this.isShown(this.files[n].path)) shown.push(this.files[n]);
    for (let n = 0; n < shown.length; n++) this.page(encoded(shown[n].path), shown[n]);
    for (let i = 0; i < this.options.index.length; i++)
      for (let n = 0; n < shown.length; n++) this.index(shown[n], this.options.index[i]);
    if (this.options.isClean)
      for (let n = 0; n < shown.length; n++) {
        const path = shown[n].path;
        if (path.endsWith(".html")) this.page(encoded(path.substring(0, path.length - 5)), shown[n]);
      }
    for (let n = 0; n < shown.length; n++) this.redirects(shown[n].path);
  }

  private isShown(path: string): bool {
    return this.options.isHidden || !(path.startsWith(".") || path.includes("/."));
  }

  private page(path: string, file: DirFile): void {
    const whole = this.prefix + path;
    const page = this.site.add(whole);
    if (page != null) page.resource = this.resource(whole, file, 200);
  }

  private index(file: DirFile, name: string): void {
    const path = file.path;
    if (path == name || path.endsWith(`/${name}`))
      this.page(encoded(path.substring(0, path.length - name.length)), file);
  }

  /** The names of the folders that this path goes through lead to the folders, where there is something to see. */
  private redirects(path: string): void {
    let slash = path.indexOf("/");
    while (slash >= 0) {
      const folder = this.prefix + encoded(path.substring(0, slash));
      if (this.site.has(`${folder}/`)) {
        const page = this.site.add(folder);
        if (page != null) page.location = sentBytesOf(`${folder}/`);
      }
      slash = path.indexOf("/", slash + 1);
    }
  }

  /** What is shown where nothing is. */
  missing(): Resource | null {
    for (let n = 0; n < this.files.length; n++)
      if (this.files[n].path == this.options.notFound) return this.resource("", this.files[n], 404);
    return null;
  }

  private resource(path: string, file: DirFile, status: i32): Resource {
    const bodies = this.packer.bodies(file);
    const isVaried = bodies[<i32>Coding.br] != null || bodies[<i32>Coding.gzip] != null;
    const plain = this.variant(path, file, status, Coding.identity, bodies, isVaried);
    const resource = new Resource(plain);
    resource.modified = this.options.modified;
    resource.hasRanges = this.options.hasRanges && status == 200;
    if (bodies[<i32>Coding.br] != null)
      resource.variants[<i32>Coding.br] = this.variant(path, file, status, Coding.br, bodies, isVaried);
    if (bodies[<i32>Coding.gzip] != null)
      resource.variants[<i32>Coding.gzip] = this.variant(path, file, status, Coding.gzip, bodies, isVaried);
    return resource;
  }

  private variant(
    path: string,
    file: DirFile,
    status: i32,
    coding: u32,
    bodies: StaticArray<Packed | null>,
    isVaried: bool,
  ): Variant {
    const body = bodies[<i32>coding]!;
    const variant = new Variant(coding, body.bytes, body.sums);
    const suffix = coding == Coding.br ? "-br" : coding == Coding.gzip ? "-gz" : "";
    const mark = file.hash.substring(0, TAG) + suffix;
    const lines = this.lines(path, file, status, isVaried, mark);
    if (this.options.hasTags && status == 200) variant.tag = bytesOf(`"${mark}"`);
    variant.boundary = sentBytesOf(mark);
    variant.media = sentBytesOf(this.mediaOf(file));
    let text = statusLine(status);
    variant.common = sizeOf(text);
    text += lines.text(false);
    variant.content = sizeOf(text);
    text += lines.text(true);
    if (suffix.length > 0) text += `Content-Encoding: ${coding == Coding.br ? "br" : "gzip"}\r\n`;
    variant.length = sizeOf(text);
    text += `Content-Length: ${body.bytes.length}\r\n`;
    variant.head = sentBytesOf(text);
    return this.packer.same(variant, file, text);
  }

  private mediaOf(file: DirFile): string {
    const hasCharset = this.options.charset.length > 0 && isText(file.media);
    return hasCharset ? `${file.media}; charset=${this.options.charset}` : file.media;
  }

  private lines(path: string, file: DirFile, status: i32, isVaried: bool, mark: string): Lines {
    const lines = new Lines();
    if (status == 200) {
      if (this.options.hasTags) lines.set("ETag", `"${mark}"`, false);
      if (this.options.modified != UNDATED)
        lines.set("Last-Modified", dateText(this.options.modified), false);
      if (this.options.hasRanges) lines.set("Accept-Ranges", "bytes", true);
    }
    if (isVaried) lines.set("Vary", "Accept-Encoding", false);
    lines.set("Content-Type", this.mediaOf(file), true);
    apply(this.site.rules, path, lines);
    return lines;
  }
}

function dateText(seconds: i64): string {
  const bytes = new Bytes(new StaticArray<u8>(32), 0, 32);
  writeDate(bytes, 0, seconds);
  let text = "";
  for (let n: u32 = 0; n < 29; n++) text += String.fromCharCode(<i32>bytes.u8(n));
  return text;
}
