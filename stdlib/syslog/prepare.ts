/** Set-up: where to, and room for lines that wait. */
import { Config, Facility } from "./config";
import { keep } from "./needs/lines";
import { tcp } from "./parts";
import { set } from "./settings";
import { make } from "./stream";

/** RFC 5424 6.2.1, table 1. */
const codes: StaticArray<i32> = [
  Facility.kern,
  Facility.user,
  Facility.mail,
  Facility.daemon,
  Facility.auth,
  Facility.syslog,
  Facility.lpr,
  Facility.news,
  Facility.uucp,
  Facility.cron,
  Facility.authpriv,
  Facility.ftp,
  Facility.ntp,
  Facility.audit,
  Facility.alert,
  Facility.clock,
  Facility.local0,
  Facility.local1,
  Facility.local2,
  Facility.local3,
  Facility.local4,
  Facility.local5,
  Facility.local6,
  Facility.local7,
];

export function prepare(config: Config): void {
  set(config.to, config.hostname, <u32>codes.indexOf(config.facility));
  keep(<u32>config.queue);
  if (tcp) make();
}
