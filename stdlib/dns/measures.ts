/** What the server tells of itself: see `core/measures.ts`. */
import { Measures } from "../core/measures";
import { Dns, tell } from "./counters";
import { notify, rate, secondary, tcp, transfer, tsig } from "./parts";

export function measure(to: Measures): void {
  to.counter("dns_queries", "Messages that have arrived, by transport.");
  tell(to, 'transport="udp"', Dns.overUdp);
  if (tcp) tell(to, 'transport="tcp"', Dns.overTcp);
  to.counter("dns_responses", "Answers by response code (RFC 1035 4.1.1, 6895 2.3).");
  tell(to, 'rcode="NOERROR"', Dns.responses);
  tell(to, 'rcode="FORMERR"', Dns.responses + 1);
  tell(to, 'rcode="SERVFAIL"', Dns.responses + 2);
  tell(to, 'rcode="NXDOMAIN"', Dns.responses + 3);
  tell(to, 'rcode="NOTIMP"', Dns.responses + 4);
  tell(to, 'rcode="REFUSED"', Dns.responses + 5);
  tell(to, 'rcode="YXDOMAIN"', Dns.responses + 6);
  tell(to, 'rcode="other"', Dns.responses + Dns.OTHER);
  to.counter("dns_unanswered", "Messages that got no answer: they are none, or answers themselves.");
  tell(to, "", Dns.unanswered);
  if (rate) {
    to.counter("dns_rate_limited", "Questions over UDP above the limit of their network.");
    tell(to, "", Dns.limited);
  }
  if (tsig) {
    to.counter("dns_bad_signatures", "Signed questions that were refused (RFC 8945 5.2).");
    tell(to, "", Dns.badSignature);
  }
  if (transfer) {
    to.counter("dns_zones_copied", "Zones that other servers wanted to copy (RFC 5936).");
    tell(to, 'outcome="given"', Dns.copied);
    tell(to, 'outcome="refused"', Dns.copyRefused);
  }
  if (secondary) {
    to.counter("dns_zones_taken", "Zones that were asked for at other servers (RFC 5936, 1995).");
    tell(to, 'outcome="taken"', Dns.zonesTaken);
    tell(to, 'outcome="failed"', Dns.zonesFailed);
    tell(to, 'outcome="expired"', Dns.expiredZones);
  }
  if (notify) {
    to.counter(
      "dns_notify_unanswered",
      "Servers that did not answer when they were told of a zone (RFC 1996).",
    );
    tell(to, "", Dns.notifyUnanswered);
  }
  if (!tcp) return;
  to.counter("dns_connections", "What became of connections over TCP.");
  tell(to, 'event="accepted"', Dns.accepted);
  tell(to, 'event="refused"', Dns.refused);
  tell(to, 'event="evicted"', Dns.evicted);
  tell(to, 'event="expired"', Dns.expired);
  tell(to, 'event="bad_length"', Dns.badLength);
  tell(to, 'event="no_place"', Dns.noPlace);
}
