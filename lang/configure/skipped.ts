/** Blocks that the description has and that do not count, because the `when` around them does not hold. */
import type { BodyCore, OpenCore, WhenCore } from "../check/core.ts";
import type { Known } from "./appliance.ts";
import type { SkippedBlock } from "./configuration.ts";

/** Only blocks of modules: what is inside of a block has no module of its own. */
export function skippedBlocks(
  passedOver: Iterable<WhenCore>,
  known: readonly Known[],
): readonly SkippedBlock[] {
  const found: SkippedBlock[] = [];
  for (const { condition, body } of passedOver)
    for (const { settable, head } of opensIn(body)) {
      const { member } = settable;
      const block = member.kind === "blocks" || member.kind === "maybe" ? member.block : undefined;
      const module = known.find((each) => each.module.type === block)?.module;
      if (module) found.push({ module: module.path, head, when: condition.span });
    }
  return found;
}

/** Blocks of a body, also under further conditions and in loops. */
function* opensIn(body: BodyCore): Generator<OpenCore> {
  for (const item of body.items) {
    if (item.item === "open") yield item;
    else if (item.item === "when" || item.item === "for") yield* opensIn(item.body);
  }
}
