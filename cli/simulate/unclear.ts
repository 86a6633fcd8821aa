/** What a simulation is to do and cannot: on the command line, or in a test. */
export class Unclear extends Error {
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}
