/** A thread that compiles functions until none is left, and then says what it has. */
import { parentPort, workerData } from "node:worker_threads";
import { workOff } from "#codegen";
import { type Given, taker } from "./code-crew.ts";

const given = workerData as Given;
parentPort!.postMessage(workOff(given, taker(given)));
