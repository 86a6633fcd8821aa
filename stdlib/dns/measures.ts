/** What the server tells of itself: see `core/measures.ts`. */
import { Measures } from "../core/measures";
import { Dns, tell } from "./counters";
import { tcp } from "./parts";

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
  if (!tcp) return;
  to.counter("dns_connections", "What became of connections over TCP.");
  tell(to, 'event="accepted"', Dns.accepted);
  tell(to, 'event="refused"', Dns.refused);
  tell(to, 'event="evicted"', Dns.evicted);
  tell(to, 'event="expired"', Dns.expired);
  tell(to, 'event="bad_length"', Dns.badLength);
  tell(to, 'event="no_place"', Dns.noPlace);
}
