/**
 * What the tests that other servers publish expect of conditional requests and ranges, held against this one: Go (`net/http`, fs_test.go: its table of
 * ranges, and TestServeContent), nginx (nginx-tests: range.t, range_if_range.t, not_modified.t) and Apache (httpd-tests: byterange5, 6 and 7).
 */
import { beforeAll, expect, test } from "vitest";
import { type Decide, loadDecisions } from "#tools/http-decisions";

let decided: Decide;
const TAG = '"A"';
const MODIFIED = Date.UTC(2014, 5, 25, 17, 12, 18) / 1000;
const date = (seconds: number): string => new Date(seconds * 1000).toUTCString();

beforeAll(async () => {
  ({ decided } = await loadDecisions());
});

const lines = (...fields: string[]): string => fields.map((field) => `${field}\r\n`).join("");
const many = (count: number): string =>
  Array.from({ length: count }, (_, n) => `${n * 100}-${n * 100 + 1}`).join();

test.each([
  ["0-4", "206 0-4"],
  ["2-", "206 2-10"],
  ["-5", "206 6-10"],
  ["3-7", "206 3-7"],
  ["0-0,-2", "206 0-0 9-10"],
  ["0-1,5-8", "206 0-1 5-8"],
  ["0-1,5-", "206 0-1 5-10"],
  ["5-1000", "206 5-10"],
  ["0-,1-,2-,3-,4-", "200"],
  ["0-9", "206 0-9"],
  ["0-10", "206 0-10"],
  ["0-11", "206 0-10"],
  ["10-11", "206 10-10"],
  ["10-", "206 10-10"],
  ["11-", "416"],
  ["11-12", "416"],
  ["12-12", "416"],
  ["11-100", "416"],
  ["12-100", "416"],
  ["100-", "416"],
  ["100-1000", "416"],
])("Go, 11 bytes: bytes=%s", (range, outcome) => {
  expect(decided(lines(`Range: bytes=${range}`), { size: 11 })).toBe(outcome);
});

test.each([
  ["a date that is ours", [`If-Modified-Since: ${date(MODIFIED)}`], "304"],
  ["a tag that is ours", [`If-None-Match: ${TAG}`], "304"],
  ["a weak tag in a list", [`If-None-Match: "baz", W/${TAG}`], "304"],
  ["a tag in other letters", ['If-None-Match: "a"'], "200"],
  ["a list of nothing", ["If-None-Match: ,"], "200"],
  ["a range", ["Range: bytes=0-4"], "206 0-4"],
  ["a range of our tag", ["Range: bytes=0-4", `If-Range: ${TAG}`], "206 0-4"],
  ["a range of a weak tag", ["Range: bytes=0-4", `If-Range: W/${TAG}`], "200"],
  ["a range behind the end", ["Range: bytes=10-20"], "416"],
  ["a range of another tag", ["Range: bytes=0-4", 'If-Range: "B"'], "200"],
  ["a range of our date", ["Range: bytes=0-4", `If-Range: ${date(MODIFIED)}`], "206 0-4"],
  ["a range of another date", ["Range: bytes=0-4", `If-Range: ${date(MODIFIED + 1)}`], "200"],
  ["If-Match in a list", [`If-Match: "Z", ${TAG}`], "200"],
  ["If-Match of anything", ["If-Match: *"], "200"],
  ["If-Match of another tag", ['If-Match: "B"'], "412"],
  ["If-Match of a weak tag", [`If-Match: W/${TAG}`], "412"],
  ["If-Unmodified-Since our date", [`If-Unmodified-Since: ${date(MODIFIED)}`], "200"],
  ["If-Unmodified-Since an earlier date", [`If-Unmodified-Since: ${date(MODIFIED - 2)}`], "412"],
])("Go, 8 bytes: %s", (_, fields, outcome) => {
  const file = { size: 8, tag: TAG, modified: MODIFIED };
  expect(decided(lines(...fields), file)).toBe(outcome);
  // Ranges are of GET alone (RFC 9110 14.2); Go takes them for HEAD as well.
  if (/^[34]/.test(outcome) && outcome !== "416")
    expect(decided(lines(...fields), file, "HEAD")).toBe(outcome);
});

test.each([
  ["0-8", "206 0-8"],
  ["-10", "206 990-999"],
  ["990-999", "206 990-999"],
  ["990-1990", "206 990-999"],
  ["0-9, -10, 10-19", "206 0-9 990-999 10-19"],
  ["100000-", "416"],
  ["0-10001", "206 0-999"],
  ["0-9, -10, 10000-", "206 0-9 990-999"],
])("nginx, 1000 bytes: bytes=%s", (range, outcome) => {
  expect(decided(lines(`Range: bytes=${range}`))).toBe(outcome);
});

test.each(["alpha", "10-alpha", "10", "10-11 12-"])(
  "bytes=%s is no range: RFC 9110 14.2 wants the whole, where nginx has 416",
  (range) => {
    expect(decided(lines(`Range: bytes=${range}`))).toBe("200");
  },
);

test.each([
  ["what is neither tag nor date", "wrong", MODIFIED, "200"],
  ["the date", date(MODIFIED), MODIFIED, "206 0-9"],
  ["any date, of a file without one", date(MODIFIED), undefined, "200"],
  ["a date of 1970", "Mon, 28 Sep 1970 06:00:00 GMT", Date.UTC(1970, 8, 28, 6) / 1000, "206 0-9"],
])("nginx, If-Range: %s", (_, value, modified, outcome) => {
  expect(decided(lines("Range: bytes=0-9", `If-Range: ${value}`), { modified })).toBe(outcome);
});

test.each([
  ["If-None-Match", TAG, "304"],
  ["If-None-Match", '"foo"', "200"],
  ["If-None-Match", `"foo", "bar", ${TAG} , "baz"`, "304"],
  ["If-None-Match", "*", "304"],
  ["If-None-Match", `W/${TAG}`, "304"],
  ["If-Match", TAG, "200"],
  ["If-Match", '"foo"', "412"],
  ["If-Match", `"foo", "bar", \t${TAG} , "baz"`, "200"],
  ["If-Match", "*", "200"],
  ["If-Match", `W/${TAG}`, "412"],
  ["If-Modified-Since", "Wed, 08 Jul 2037 22:53:52 GMT", "304"],
  ["If-Modified-Since", "Tue, 19 Jan 2038 03:14:07 GMT", "304"],
])("nginx, %s: %s", (name, value, outcome) => {
  const modified = Date.UTC(2037, 6, 8, 22, 53, 52) / 1000;
  expect(decided(lines(`${name}: ${value}`), { tag: TAG, modified })).toBe(outcome);
});

test.each([
  ["0-1,1000-1001", "206 0-1 1000-1001"],
  ["1000-1100,100-200", "206 1000-1100 100-200"],
  ["1000-1100,100-200,2000-2200", "206 1000-1100 100-200 2000-2200"],
  ["1000-1100,100-200,2000-", "206 1000-1100 100-200 2000-7999"],
  ["3000-,100-200,2000-2200", "206 3000-7999 100-200 2000-2200"],
  ["1000-200000", "206 1000-7999"],
  ["100000-110000", "416"],
  ["100000-110000,200000-", "416"],
  ["100000-110000,1000-2000", "206 1000-2000"],
  ["100000-110000,2000-1000", "200"],
  ["7-1", "200"],
  ["foo", "200"],
  ["1-4,x", "200"],
  ["1-4,5-2", "200"],
  [",", "200"],
  ["", "200"],
  // Apache puts parts together that touch or overlap; RFC 9110 15.3.7.2 allows that, and does not ask for it.
  ["0-100,70-100,1000-1001", "206 0-100 70-100 1000-1001"],
  ["5-10,11-12,99-99", "206 5-10 11-12 99-99"],
  // Apache sends up to 200 parts; here more than eight are too many (RFC 9110 14.2 and 17.15).
  [many(2), `206 ${many(2).replaceAll(",", " ")}`],
  [many(8), `206 ${many(8).replaceAll(",", " ")}`],
  [many(10), "200"],
  [many(100), "200"],
])("Apache, 8000 bytes: bytes=%s", (range, outcome) => {
  expect(decided(lines(`Range: bytes=${range}`), { size: 8000 })).toBe(outcome);
  // Without a unit it is no range at all.
  expect(decided(lines(`Range: ${range}`), { size: 8000 })).toBe("200");
});
