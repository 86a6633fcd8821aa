/** What is told of the slots of an image. */
import { print, type SecretValue, slotSpec } from "#lang";
import type { SlotReport } from "./report.ts";

export function slotReports(secrets: readonly SecretValue[]): SlotReport[] {
  return secrets.flatMap(({ name, type, holds, open, delivery, fallback }) => {
    if (delivery.by !== "boot") return [];
    const spec = slotSpec([holds]);
    if (typeof spec === "string") throw new Error(`BUG: the slot of ${name}: ${spec}`);
    const { wants, form } = spec;
    const known = fallback && print(fallback);
    return [{ name, slot: delivery.slot, secret: !open, type, form, wants, default: known }];
  });
}
