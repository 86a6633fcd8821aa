/** What a media type means for how a body is sent. */

/** Is it text, so that it has a character set? `application/json` has none: RFC 8259 8.1. */
export function isText(media: string): bool {
  return (
    media.startsWith("text/") ||
    media.endsWith("+xml") ||
    media == "application/xml" ||
    media == "application/javascript"
  );
}

/** Is it worth while to make it smaller? Pictures, sound, films and archives are small already. */
export function isPackable(media: string): bool {
  return (
    isText(media) ||
    media.endsWith("+json") ||
    media == "application/json" ||
    media == "application/wasm" ||
    media == "application/rtf" ||
    media == "application/vnd.ms-fontobject" ||
    media == "font/ttf" ||
    media == "font/otf" ||
    media == "image/bmp" ||
    media == "image/x-icon" ||
    media == "image/vnd.microsoft.icon"
  );
}
