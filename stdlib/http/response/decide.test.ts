import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Decide, loadDecisions, placeInput } from "#tools/http-decisions";
import type { AsInstance } from "#tools/load-as";

let as: AsInstance;
let decided: Decide;
const TAG = '"abc"';
const MODIFIED = 784_111_777;
const date = (seconds: number): string => new Date(seconds * 1000).toUTCString();

beforeAll(async () => {
  ({ as, decided } = await loadDecisions());
});

const place = (text: string): number => placeInput(as, text);

/** RFC 9110 13.2.2 as it is written, with the outcome of each condition. */
function expected(match?: boolean, unmodified?: boolean, none?: boolean, modified?: boolean): string {
  if (match !== undefined ? !match : unmodified === false) return "412";
  if (none !== undefined ? !none : modified === false) return "304";
  return "200";
}

test("all combinations of conditions, in the order of RFC 9110 13.2.2", () => {
  const choices = [undefined, true, false] as const;
  let count = 0;
  for (const method of ["GET", "HEAD"])
    for (const match of choices)
      for (const unmodified of choices)
        for (const none of choices)
          for (const modified of choices) {
            const fields = [
              match === undefined ? "" : `If-Match: ${match ? TAG : '"other"'}\r\n`,
              unmodified === undefined
                ? ""
                : `If-Unmodified-Since: ${date(unmodified ? MODIFIED : MODIFIED - 1)}\r\n`,
              none === undefined ? "" : `If-None-Match: ${none ? '"other"' : TAG}\r\n`,
              modified === undefined
                ? ""
                : `If-Modified-Since: ${date(modified ? MODIFIED - 1 : MODIFIED)}\r\n`,
            ];
            const wanted = expected(match, unmodified, none, modified);
            expect(decided(fields.join(""), { modified: MODIFIED }, method), fields.join("")).toBe(wanted);
            expect(decided(fields.toReversed().join(""), { modified: MODIFIED }, method)).toBe(wanted);
            count++;
          }
  expect(count).toBe(2 * 81);
});

test.each([
  ["no condition", "", "200"],
  ["13.1.1: any", "If-Match: *", "200"],
  ["13.1.1: one of several", 'If-Match: "x", "abc"', "200"],
  ["13.1.1: strong comparison", 'If-Match: W/"abc"', "412"],
  ["13.1.1: no list of tags", "If-Match: abc", "412"],
  ["13.1.2: any", "If-None-Match: *", "304"],
  ["13.1.2: weak comparison", 'If-None-Match: W/"abc"', "304"],
  ["13.1.2: one of several", 'If-None-Match: "x" ,, W/"y","abc"', "304"],
  ["13.1.2: in a second line", 'If-None-Match: "x"\r\nIf-None-Match: "abc"', "304"],
  ["13.1.2: without quotes it is no tag", "If-None-Match: abc", "200"],
  ["13.1.2: an open quote", 'If-None-Match: "abc', "200"],
  ["13.1.2: a comma is part of a tag", 'If-None-Match: "x,", "abc"', "304"],
  ["13.1.2: other letters are another tag", 'If-None-Match: "ABC"', "200"],
  ["13.1.2: w/ in small letters", 'If-None-Match: w/"abc"', "200"],
  ["13.1.3: without a date of ours it means nothing", `If-Modified-Since: ${date(2_000_000_000)}`, "200"],
  ["13.1.4: without a date of ours it means nothing", `If-Unmodified-Since: ${date(0)}`, "200"],
])("%s", (_, fields, status) => {
  expect(decided(`${fields}\r\n`)).toBe(status);
});

test("a content without a tag matches `*` only", () => {
  expect(decided('If-None-Match: ""\r\n', { tag: "" })).toBe("200");
  expect(decided("If-None-Match: *\r\n", { tag: "" })).toBe("304");
  expect(decided('If-Match: ""\r\n', { tag: "" })).toBe("412");
});

test("13.1.3: what is no date means nothing", () => {
  const served = { modified: MODIFIED };
  for (const wrong of [
    "yesterday",
    "Sun, 06 Nov 2094 08:49:37 PST",
    "Sun, 06 Nov 2094 08:49",
    "Sun, 41 Nov 2094 08:49:37 GMT",
  ])
    expect(decided(`If-Modified-Since: ${wrong}\r\n`, served)).toBe("200");
});

test.each([
  ["14.1.2: the first bytes", "bytes=0-499", "206 0-499"],
  ["up to the end", "bytes=500-", "206 500-999"],
  ["the last bytes", "bytes=-500", "206 500-999"],
  ["more than there are", "bytes=900-5000", "206 900-999"],
  ["more of the last ones than there are", "bytes=-5000", "206 0-999"],
  ["the last byte", "bytes=999-999", "206 999-999"],
  ["several", "bytes=0-0,-1, 5-9", "206 0-0 999-999 5-9"],
  ["empty elements of the list", "bytes=,0-1, ,", "206 0-1"],
  ["the unit has no case", "Bytes=0-1", "206 0-1"],
  ["those that are there", "bytes=2000-,0-1,-0", "206 0-1"],
  ["14.4: none is there", "bytes=1000-", "416"],
  ["none of two", "bytes=1000-,5000-6000", "416"],
  ["no bytes at all", "bytes=-0", "416"],
  ["more digits than any number", `bytes=${"9".repeat(40)}-`, "416"],
  ["an end of many digits", `bytes=0-${"9".repeat(40)}`, "206 0-999"],
  ["14.2: the last before the first", "bytes=5-4", "200"],
  ["no number", "bytes=a-b", "200"],
  ["nothing", "bytes=", "200"],
  ["no list", "bytes=0-1 2-3", "200"],
  ["a minus sign alone", "bytes=-", "200"],
  ["a blank inside", "bytes=0 -1", "200"],
  ["another unit", "lines=0-1", "200"],
  ["no unit", "0-1", "200"],
  ["more than eight", `bytes=${"0-0,".repeat(9)}`, "200"],
  ["many that overlap", "bytes=0-,0-,0-", "200"],
])("ranges, %s", (_, range, outcome) => {
  expect(decided(`Range: ${range}\r\n`)).toBe(outcome);
});

test("ranges are for GET alone, of what allows them, and an empty body has none", () => {
  expect(decided("Range: bytes=0-1\r\n", {}, "HEAD")).toBe("200");
  expect(decided("Range: bytes=0-1\r\n", { ranges: false })).toBe("200");
  expect(decided("Range: bytes=0-1\r\n", { size: 0 })).toBe("416");
  expect(decided("Range: bytes=-1\r\n", { size: 0 })).toBe("416");
});

test.each([
  ["our tag", TAG, "206 0-1"],
  ["another tag", '"x"', "200"],
  ["a weak tag", `W/${TAG}`, "200"],
  ["a list", `${TAG}, "x"`, "200"],
  ["any", "*", "200"],
  ["our date", date(MODIFIED), "206 0-1"],
  ["a later date", date(MODIFIED + 1), "200"],
  ["an earlier date", date(MODIFIED - 1), "200"],
])("13.1.5: If-Range with %s", (_, value, outcome) => {
  expect(decided(`Range: bytes=0-1\r\nIf-Range: ${value}\r\n`, { modified: MODIFIED })).toBe(outcome);
});

test("13.2.2: a range that cannot be had is of no matter where a condition fails", () => {
  expect(decided(`If-None-Match: ${TAG}\r\nRange: bytes=5000-\r\n`)).toBe("304");
  expect(decided('If-Match: "x"\r\nRange: bytes=0-1\r\n')).toBe("412");
  expect(decided('If-Range: "x"\r\nRange: bytes=5000-\r\n')).toBe("200");
});

const [BR, GZIP, IDENTITY] = [0, 1, 2];

test.each([
  ["nothing", undefined, IDENTITY],
  ["what browsers say", "gzip, deflate, br, zstd", BR],
  ["gzip", "gzip", GZIP],
  ["x-gzip", "x-gzip", GZIP],
  ["in other letters", "GZip", GZIP],
  ["weights", "br;q=0.5, gzip;q=0.8", GZIP],
  ["weights with blanks", "br ; q=0.5 ,gzip; q=0.501", GZIP],
  ["not at all", "br;q=0, gzip;q=0.0", IDENTITY],
  ["all", "*", BR],
  ["all but one", "*, br;q=0", GZIP],
  ["all but no coding is wanted less", "gzip;q=0.5, *;q=0.1", GZIP],
  ["no coding is wanted more", "identity, gzip;q=0.5, br;q=0.5", IDENTITY],
  ["equally", "identity, gzip", GZIP],
  ["no coding is not acceptable", "identity;q=0, gzip;q=0.1", GZIP],
  ["12.5.3: nothing is acceptable", "identity;q=0", IDENTITY],
  ["nothing at all", "*;q=0", IDENTITY],
  ["an empty field", "", IDENTITY],
  ["what is not known", "zstd, deflate", IDENTITY],
  ["what is no weight", "br;q=2, gzip;q=0.1", GZIP],
  ["a weight of four digits", "br;q=0.1234, gzip;q=0.1", GZIP],
  ["a parameter that is none", "br;v=1, gzip", GZIP],
  ["in two lines", "gzip;q=0.1\r\nAccept-Encoding: br;q=0.2", BR],
])("12.5.3: Accept-Encoding: %s", (_, value, coding) => {
  as.exports["serve"](1, as.string(TAG), 0n, 3, true);
  const field = value === undefined ? "" : `Accept-Encoding: ${value}\r\n`;
  expect(as.exports["chosen"](place(`GET / HTTP/1.1\r\nHost: a\r\n${field}\r\n`))).toBe(coding);
});

test("a form that is not there is not chosen", () => {
  as.exports["serve"](1, as.string(TAG), 0n, 2, true);
  expect(
    as.exports["chosen"](place("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br, gzip;q=0.1\r\n\r\n")),
  ).toBe(GZIP);
});

const readDate = (text: string, now = 1_800_000_000): bigint =>
  as.exports["dateOf"](place(text), BigInt(now));

test("RFC 9110 5.6.7: the three forms of a date", () => {
  for (const text of [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
  ])
    expect(readDate(text)).toBe(784111777n);
  expect(readDate("Sunday, 06-Nov-30 08:49:37 GMT")).toBe(BigInt(Date.UTC(2030, 10, 6, 8, 49, 37) / 1000));
});

test("a date is written as it is read, and as JavaScript writes it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
      const text = as.text(as.exports["dateAt"](BigInt(seconds)));
      expect(text).toBe(date(seconds));
      expect(readDate(text)).toBe(BigInt(seconds));
    }),
  );
});
