/** Addresses of the network that is made around an appliance when it is tried here: the 256 that its own is one of. */

/** What they have in common, with the point behind it: `10.0.2.`. */
export const commonPart = (guest: string): string => guest.slice(0, guest.lastIndexOf(".") + 1);

/** The lowest two of the usual ones that the appliance has not itself: for this machine, and for its DNS server. */
export function neighbours(guest: string): [host: string, dns: string] {
  const [host, dns] = [2, 3, 4].map((last) => `${commonPart(guest)}${last}`).filter((each) => each !== guest);
  return [host!, dns!];
}
