import { linkSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { lookAt, reasonOf } from "../inputs.ts";
import { keyName, publicKeyText, writePublicKey, writeSecretKey } from "../signing/format.ts";
import { lockedKey, newKey, publicKeyOf } from "../signing/keys.ts";
import { password } from "../signing/password.ts";

const result = z.object({
  ok: z.literal(true),
  id: z.string().describe("Tells keys apart; it is in every signature"),
  secret: z.string().describe("Where the secret key is"),
  public: z.string().describe("Where the public key is"),
  key: z.string().describe("The public key itself"),
});
type Result = z.output<typeof result>;

export const keygen = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const secret = args[0]!;
  const open = `${secret}.pub`;
  const [file, unencrypted] = [options["passwordFile"], options["unencrypted"] === true];
  if (unencrypted && file !== undefined)
    throw usageError("`--unencrypted` and `--password-file` exclude each other");
  for (const path of [secret, open])
    if (lookAt(path) !== undefined)
      throw inputError(
        `there is a \`${path}\` already`,
        "a key that is lost cannot be made again: choose another name",
      );
  const chosen = unencrypted ? undefined : await password(file, "password for the new key", terminal);
  if (chosen === "") throw inputError("the password is empty", "`--unencrypted` makes a key without one");
  if (chosen !== undefined && file === undefined) {
    const again = await password(undefined, "the same again", terminal);
    if (again !== chosen) throw inputError("the two passwords differ");
  }
  const key = newKey();
  const known = publicKeyOf(key);
  create(secret, writeSecretKey(await lockedKey(key, chosen)), 0o600);
  create(open, writePublicKey(known), 0o644);
  const id = keyName(known.id);
  return {
    code: exit.done,
    json: { ok: true, id, secret, public: open, key: publicKeyText(known) },
    text: `${secret}\n  key ${id}; keep it secret${unencrypted ? ": it has no password" : ""}\n${open}\n  ${publicKeyText(known)}\n`,
  };
});

/** Complete or not there, and never in the place of another one. */
function create(path: string, text: string, mode: number): void {
  const draft = join(dirname(path), `.appl-${process.pid}.key`);
  try {
    writeFileSync(draft, text, { mode, flag: "wx" });
    linkSync(draft, path);
  } catch (error) {
    throw inputError(`cannot write \`${path}\`: ${reasonOf(error)}`);
  } finally {
    rmSync(draft, { force: true });
  }
}
