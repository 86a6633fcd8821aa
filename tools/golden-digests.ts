/**
 * `npm run golden`, or `npm run golden -- "why it changes"`: writes down the digests of the examples' images as they are now, and appends to
 * the change log what `appl diff` says of those that have changed.
 */
import { buildExamples } from "./golden/build.ts";
import { changesOf, readGolden, updated, writeGolden } from "./golden/golden.ts";

const folder = "examples/golden";
const files = readGolden(folder);
const { built, store } = await buildExamples("examples");
const changes = changesOf(files, built);
writeGolden(folder, updated(files, built, store, process.argv.slice(2).join(" ")));
console.log(
  changes.length === 0
    ? `${built.length} images, all as they were`
    : `changed: ${changes.map(({ now }) => now.name).join(", ")}; read ${folder}/CHANGES.md, and commit it`,
);
