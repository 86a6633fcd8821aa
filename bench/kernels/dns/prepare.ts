/** Settings 0: `[[zone, [file index, path]]…, questions…]`, as many sets of questions as are left. */
import { Reader, readFile } from "../../../stdlib/core/settings";
import { Config, Primary, Zone } from "../../../stdlib/dns/config";
import { prepare as prepareZones } from "../../../stdlib/dns/prepare";
import { define } from "./main";

export function prepare(): void {
  const settings = Reader.of(0);
  const sets = settings.array() - 1;
  const config = new Config();
  for (let left = settings.array(); left > 0; left--) {
    settings.array();
    const zone = new Zone();
    zone.label.domainName = settings.text();
    const primary = new Primary();
    primary.master = readFile(settings);
    zone.primary = primary;
    config.zone.push(zone);
  }
  prepareZones(config);
  for (let set = 0; set < sets; set++) define(set, settings.bytes());
}

export function collect(): void {
  __collect();
}
