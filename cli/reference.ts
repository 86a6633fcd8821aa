/** `FILE[:APPLIANCE][@TARGET]`: how every command names the thing it works on. */
export interface Reference {
  readonly file: string;
  readonly appliance?: string;
  readonly target?: string;
}

const NAME = "[A-Za-z_][A-Za-z0-9_-]*";
const pattern = new RegExp(`^(?<file>.+?)(?::(?<appliance>${NAME}))?(?:@(?<target>${NAME}))?$`);

/** The parts of `text`; undefined when it names no file. */
export function parseReference(text: string): Reference | undefined {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { file, appliance, target } = groups;
  if (file === undefined || file.startsWith("@") || file.startsWith(":")) return undefined;
  return {
    file,
    ...(appliance === undefined ? {} : { appliance }),
    ...(target === undefined ? {} : { target }),
  };
}

export function printReference({ file, appliance, target }: Reference): string {
  return `${file}${appliance === undefined ? "" : `:${appliance}`}${target === undefined ? "" : `@${target}`}`;
}
