/** Values that a machine is given when it starts. `prepare` makes an empty place for each; it is filled before any other module starts. */
import { Bytes } from "../bytes";
import { Condition, holds, Pattern } from "./conditions";

/** What every slot knows of itself, from the declaration in the description. */
@final
export class Declared {
  constructor(
    /** In the description: `xfr`. Empty where the value is written there. */
    public name: string,
    /** What machines look for: `tsig/xfr`. */
    public slot: string,
    /** Its value is shown to nobody. */
    public secret: bool,
    /** For people: the type, and how a value is written. */
    public wants: string,
    public conditions: Array<Condition>,
    public patterns: Array<Pattern>,
  ) {}
}

export abstract class Slot {
  /** It has a value: one that was given, or its default. */
  has: bool = false;
  /** A machine has said what it is; only of use while slots are filled. */
  given: bool = false;

  /** Somebody needs it who cannot do without. */
  isVital: bool = false;
  /** A bit for each of those who can: they do nothing then. */
  owners: u64 = 0;

  constructor(readonly declared: Declared) {}

  /** Takes the value that the text says. False: it says none, or one that is refused; then what was there stays. */
  abstract take(text: Bytes): bool;

  /** Do all conditions of its type hold? */
  protected allows(value: i64, length: i64, text: Bytes): bool {
    const conditions = this.declared.conditions;
    const patterns = this.declared.patterns;
    for (let n = 0; n < conditions.length; n++)
      if (!holds(conditions[n], patterns, value, length, text)) return false;
    return true;
  }
}
