/** What the client of DHCP tells of itself: see `core/measures.ts`. */
import { Measures } from "../../core/measures";
import { Dhcp, tell } from "./counters";

export function measure(to: Measures): void {
  to.counter("dhcp_messages_received", "Messages of DHCP servers.");
  tell(to, "", Dhcp.messagesIn);
  to.counter("dhcp_messages_sent", "Messages to DHCP servers.");
  tell(to, "", Dhcp.messagesOut);
  to.counter("dhcp_messages_ignored", "Messages of DHCP servers that were not used.");
  tell(to, 'reason="unusable"', Dhcp.ignored);
  tell(to, 'reason="unexpected"', Dhcp.unexpected);
  to.counter("dhcp_leases", "What became of leases.");
  tell(to, 'event="renewed"', Dhcp.renewals);
  tell(to, 'event="expired"', Dhcp.expiries);
  tell(to, 'event="refused"', Dhcp.refusals);
  tell(to, 'event="declined"', Dhcp.conflicts);
}
