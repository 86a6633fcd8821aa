/** What `actions.appl` is given when it starts. */
import { pbkdf2Sync } from "node:crypto";

export const TOKEN = "a.token.that.nobody.can.guess.00";

/** As passlib writes it: base64 without padding, with a point in the place of the plus sign. */
export function hashOf(password: string, rounds: number): string {
  const salt = Buffer.from("0123456789abcdef");
  const text = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "").replaceAll("+", ".");
  return `$pbkdf2-sha256$${rounds}$${text(salt)}$${text(pbkdf2Sync(password, salt, rounds, 32, "sha256"))}`;
}
