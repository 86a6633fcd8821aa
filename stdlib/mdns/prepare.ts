/** Names and services of the description, as they stand in messages. */
import { Bytes } from "../core/bytes";
import { error } from "../core/report";
import { Config, Service as Wanted } from "./config";
import { Name, utf8 } from "./names";
import { FIRST, MOST_RECORDS, Service, SUBTYPES, setUp } from "./records";
import { attach } from "./run";

export function prepare(config: Config): void {
  const all: Service[] = [];
  let bits = FIRST;
  for (let n = 0; n < config.service.length; n++) {
    all.push(serviceOf(config.service[n], bits));
    bits += SUBTYPES + config.service[n].subtypes.length;
  }
  if (bits > MOST_RECORDS) {
    const help = "one appliance tells of twelve services, or of fewer with more subtypes";
    return error("E0757", config.at, "these are more services than one appliance tells of", help);
  }
  setUp(config.host, config.ttl, all, bits);
  attach(config.nets);
}

function serviceOf(wanted: Wanted, first: i32): Service {
  const subtypes: Name[] = [];
  for (let n = 0; n < wanted.subtypes.length; n++)
    subtypes.push(Name.of(`${wanted.subtypes[n]}._sub.${wanted.label}.local`));
  const title = wanted.name;
  return new Service(
    first,
    utf8(title == null ? "" : title),
    Name.of(`${wanted.label}.local`),
    wanted.port,
    txtOf(wanted),
    StaticArray.fromArray(subtypes),
  );
}

/** RFC 6763 6: each with its length before it; nothing is one empty text. */
function txtOf(wanted: Wanted): Bytes {
  const all: u8[] = [];
  for (let n = 0; n < wanted.txt.length; n++) {
    const text = utf8(`${wanted.txt[n].key}=${wanted.txt[n].value}`);
    if (text.length > 255)
      error("E0757", wanted.at, `\`${wanted.txt[n].key}\` and its value are longer than 255 bytes`, "");
    all.push(<u8>text.length);
    for (let m: u32 = 0; m < text.length; m++) all.push(<u8>text.u8(m));
  }
  if (all.length == 0) all.push(0);
  return new Bytes(StaticArray.fromArray(all), 0, <u32>all.length);
}
