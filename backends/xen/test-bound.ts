/** What a guest may do because of one wake, whatever the other sides say: it comes to an end. */
import { expect } from "vitest";
import type { TestXen } from "./test-hypervisor.ts";

/** Accesses to shared memory: several times around a device's rings with the grants of their pages, and a conversation with XenStore. */
export const BOUND = 400_000;

export function bounded(guest: { readonly xen: TestXen; settle(): void }): void {
  const { xen } = guest;
  const [before, polls] = [xen.accesses, xen.polls];
  guest.settle();
  expect(xen.accesses - before).toBeLessThan(BOUND);
  expect(xen.polls - polls).toBeLessThan(1000);
}
