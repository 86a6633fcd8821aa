/** What a module costs, in words. */
import { grouped } from "../modules-report.ts";

/** `446 bytes of code and 15,380 of memory`. */
export function bytesText(
  { image, ram }: { readonly image: number; readonly ram: number },
  measured: boolean,
): string {
  if (!measured && image + ram === 0) return "nobody has said how many bytes";
  const about = measured ? "" : "about ";
  return `${about}${grouped(image)} bytes of code and ${grouped(ram)} of memory`;
}
