/** All pins that the description has, in its order. */
import { Input } from "./input";
import { Output } from "./output";

export const outputs: Array<Output> = [];
export const inputs: Array<Input> = [];
