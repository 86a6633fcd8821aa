/** Set-up of std/echo: each socket gets who takes its connections. */
import { error } from "../core/report";
import { Socket } from "../core/values";
import { Config } from "./config";
import { listen, reserve } from "./needs/tcp";
import { characters, make, Trials } from "./sessions";

/** What a connection may receive before it is taken. */
const WINDOW: u32 = 16384;
/** For all of them: who comes when it is used up gets less of a window. */
const LEAST: u32 = 262144;
const MOST: u32 = 4194304;

export function prepare(config: Config): void {
  make(<u32>config.connections);
  reserve(<u32>config.connections, WINDOW, min(max(<u32>config.connections * WINDOW, LEAST), MOST));
  serve(config, config.echo, new Trials(true, null, 0));
  serve(config, config.discard, new Trials(false, null, 0));
  if (config.chargen.length > 0)
    serve(config, config.chargen, new Trials(false, characters(), config.amount));
}

function serve(config: Config, sockets: Array<Socket>, trials: Trials): void {
  for (let n = 0; n < sockets.length; n++) {
    const socket = sockets[n];
    const ip = socket.ip;
    if (!listen(ip == null ? 0 : ip.high, ip == null ? 0 : ip.low, <u32>socket.port, trials))
      error("E0750", config.at, `port ${socket.port} is taken already`, "");
  }
}
