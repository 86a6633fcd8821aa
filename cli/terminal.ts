import pc from "picocolors";
import yoctoSpinner from "yocto-spinner";

/** Where a command speaks. Progress is shown on a terminal only; a pipe sees results and errors and nothing else. */
export interface Terminal {
  readonly colours: boolean;
  readonly interactive: boolean;
  out(text: string): void;
  error(text: string): void;
  /** Says what is being done now; replaced by the next call, removed by `quiet`. */
  progress(text: string): void;
  quiet(): void;
}

export function processTerminal(): Terminal {
  const interactive = process.stderr.isTTY === true;
  const spinner = interactive ? yoctoSpinner({ stream: process.stderr, handleSignals: false }) : undefined;
  // The cursor is hidden while something turns; Ctrl-C must bring it back. A command that runs on has its own handlers.
  const interrupted = () => {
    spinner?.stop();
    process.exit(130);
  };
  const stopSpinner = () => {
    process.off("SIGINT", interrupted);
    spinner?.stop();
  };
  return {
    colours: pc.isColorSupported && interactive,
    interactive,
    out: (text) => void process.stdout.write(text),
    error: (text) => {
      stopSpinner();
      process.stderr.write(text);
    },
    progress: (text) => {
      if (spinner === undefined) return;
      spinner.text = text;
      if (spinner.isSpinning) return;
      process.once("SIGINT", interrupted);
      spinner.start();
    },
    quiet: stopSpinner,
  };
}

/** A terminal that remembers, for tests. */
export function recordingTerminal(): Terminal & { stdout: string; stderr: string } {
  const record = {
    colours: false,
    interactive: false,
    stdout: "",
    stderr: "",
    out: (text: string) => {
      record.stdout += text;
    },
    error: (text: string) => {
      record.stderr += text;
    },
    progress: () => undefined,
    quiet: () => undefined,
  };
  return record;
}
