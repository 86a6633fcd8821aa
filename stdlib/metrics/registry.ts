/** Set-up: takes what modules tell, and makes families of it. One family may be told of by several modules: it is shown in one piece all the same (OpenMetrics 1.0, "MetricFamily"). */
import { Bytes } from "../core/bytes";
import { Measures, Source } from "../core/measures";
import { bytesOf } from "../core/text";
import { Family, Kind, Sample } from "./family";

const PREFIX = "appl_";

@final
class Draft {
  labels: string[] = [];
  samples: Sample[] = [];

  constructor(
    readonly name: string,
    readonly family: Family,
  ) {}
}

@final
export class Registry extends Measures {
  private drafts: Draft[] = [];
  private current: i32 = -1;

  counter(name: string, help: string): void {
    this.family(Kind.counter, name, help);
  }
  gauge(name: string, help: string): void {
    this.family(Kind.gauge, name, help);
  }
  seconds(name: string, help: string): void {
    this.family(Kind.seconds, name, help);
  }

  private family(kind: i32, name: string, help: string): void {
    for (let n = 0; n < this.drafts.length; n++) {
      if (this.drafts[n].name != name) continue;
      this.current = n;
      return;
    }
    this.current = this.drafts.length;
    this.drafts.push(new Draft(name, new Family(kind, bytesOf(PREFIX + name), bytesOf(help))));
  }

  entry(labels: string, counts: StaticArray<u64>, index: i32): void {
    this.add(labels, counts, index, null);
  }
  worked(labels: string, source: Source): void {
    this.add(labels, [], 0, source);
  }

  /** What two modules share is told by both, and shown once. */
  private add(labels: string, counts: StaticArray<u64>, index: i32, source: Source | null): void {
    const draft = this.drafts[this.current];
    if (draft.labels.includes(labels)) return;
    draft.labels.push(labels);
    const text = labels.length == 0 ? "" : `{${labels}}`;
    draft.samples.push(new Sample(bytesOf(text), counts, index, source));
  }

  /** All that was told, in order of names. */
  finish(): StaticArray<Family> {
    const drafts = this.drafts;
    for (let n = 1; n < drafts.length; n++)
      for (let k = n; k > 0 && drafts[k].name < drafts[k - 1].name; k--) {
        const other = drafts[k - 1];
        drafts[k - 1] = drafts[k];
        drafts[k] = other;
      }
    const families: Family[] = [];
    for (let n = 0; n < drafts.length; n++) {
      drafts[n].family.samples = StaticArray.fromArray(drafts[n].samples);
      families.push(drafts[n].family);
    }
    return StaticArray.fromArray(families);
  }
}
