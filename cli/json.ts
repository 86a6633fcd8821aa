/** Shapes that several commands print with `--json`. */
import * as z from "zod";

/** What `--json` prints when a command could not be carried out at all. */
const failure = z.object({
  ok: z.literal(false),
  error: z.object({
    code: z.number().describe("The exit code: 1 input, 2 usage, 3 our mistake"),
    text: z.string(),
    help: z.string().optional(),
  }),
});

/** All that a command with the result `json` may print with `--json`. */
export const documented = (json: z.ZodType): z.ZodType => z.union([json, failure]);

const place = z.object({
  file: z.string(),
  start: z.object({ offset: z.number(), line: z.number().optional(), column: z.number().optional() }),
  end: z.object({ offset: z.number(), line: z.number().optional(), column: z.number().optional() }),
});

export const diagnostic = z
  .object({
    code: z.string().describe("E0101, W0101"),
    severity: z.enum(["error", "warning"]),
    text: z.string(),
    primary: place.extend({ label: z.string() }),
    related: z.array(place.extend({ label: z.string() })),
    helps: z.array(
      z.object({
        text: z.string(),
        edit: place
          .extend({ replacement: z.string(), safe: z.boolean().describe("`appl fix` makes it") })
          .optional(),
      }),
    ),
    notes: z.array(z.string()),
  })
  .describe("Lines and columns count from 1, offsets from 0 in UTF-16 code units");

export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export const slotRow = z.object({
  name: z.string().describe("Of the param or secret"),
  slot: z.string().describe("What machines look for"),
  secret: z.boolean(),
  type: z.string(),
  form: z
    .string()
    .describe("How a value is written: text, name, bytes, number, mac, ip, prefix, network, socket"),
  wants: z.string().describe("The same for people, and which values are refused"),
  default: z.string().optional().describe("Missing if it must be given"),
});

export const sourcePlace = z.object({ file: z.string(), line: z.number(), column: z.number() });

export const reason = z.object({
  kind: z.enum(["block", "need", "target"]),
  from: z.string().optional().describe("The module that asks; none for the description and the target"),
  text: z.string().describe("Name of the need, or what the description says"),
  interface: z.string().optional(),
  place: sourcePlace.optional(),
  part: z
    .object({
      name: z.string(),
      when: z.string(),
      place: sourcePlace.optional(),
      asked: z.object({ text: z.string(), place: sourcePlace.optional() }).optional(),
    })
    .optional()
    .describe("The part of the asking module that has this need, and what made its condition hold"),
});

export const moduleReport = z.object({
  path: z.string(),
  doc: z.string().optional(),
  bytes: z.number().describe("Machine code or WebAssembly of this module in the image"),
  parts: z.array(z.object({ name: z.string(), on: z.boolean() })),
  needs: z.record(z.string(), z.string()).describe("Name of each need and the module that meets it"),
  reasons: z.array(reason),
  settings: z
    .array(z.object({ label: z.string().optional(), options: z.record(z.string(), z.string()) }))
    .describe("The options of each block of this module, as they would be written"),
});

export const mapRow = z.object({
  name: z.string(),
  access: z.enum(["rx", "r", "rw"]),
  address: z.number(),
  size: z.number(),
  stored: z.number().describe("Bytes of it that are in the file"),
});
