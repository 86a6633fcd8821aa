/** Set-up: levels are in the code already; here it is seen that all of them mean somebody. */
import { error } from "../core/report";
import { Config } from "./config";
import { names } from "./speakers";

export function prepare(config: Config): void {
  // Where sockets of the host are the network, nobody else is there: that is no mistake of the description.
  if (!hasNetwork()) return;
  for (let n = 0; n < config.module_.length; n++) {
    const name = config.module_[n].key;
    if (isSomebody(name)) continue;
    error(
      "E0784",
      config.at,
      `no module of this image that says anything is called \`${name}\``,
      `there are ${names.join(", ")}`,
    );
  }
}

function isSomebody(name: string): bool {
  for (let n = 0; n < names.length; n++) if (names[n] == name || names[n].startsWith(`${name}/`)) return true;
  return false;
}

function hasNetwork(): bool {
  for (let n = 0; n < names.length; n++) if (names[n].startsWith("net/")) return true;
  return false;
}
