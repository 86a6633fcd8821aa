/** What a request does: it switches an output on for a while. */
import { Message } from "../site/model";
import { Door } from "./door";

@final
export class Deed {
  constructor(
    readonly door: Door,
    /** PUT; else POST. */
    readonly isPut: bool,
    /** Of the outputs of the description. */
    readonly output: i32,
    /** Nanoseconds. */
    readonly length: u64,
    /** What is said to other methods, and to OPTIONS. */
    readonly notAllowed: Message,
    readonly options: Message,
  ) {}
}
