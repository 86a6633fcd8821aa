/** Why a command ended, as its exit code. */
export const exit = {
  done: 0,
  /** The description, or another input, is at fault. */
  input: 1,
  /** The command line is at fault. */
  usage: 2,
  /** We are. */
  bug: 3,
} as const;

/** Ends a command with one line for the person and, if there is one, what to do. */
export class CommandError extends Error {
  readonly code: number;
  readonly help: string | undefined;

  constructor(code: number, message: string, help?: string) {
    super(message);
    this.code = code;
    this.help = help;
  }
}

export const usageError = (message: string, help?: string): CommandError =>
  new CommandError(exit.usage, message, help);
export const inputError = (message: string, help?: string): CommandError =>
  new CommandError(exit.input, message, help);
