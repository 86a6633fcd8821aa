import { expect, test } from "vitest";
import { didYouMean, nearest } from "./nearest.ts";

test("finds what was mistyped", () => {
  const options = ["address", "gateway", "port", "mtu", "vlan", "dns"];
  expect(nearest("adress", options)).toEqual(["address"]);
  expect(nearest("adrdess", options)).toEqual(["address"]);
  expect(nearest("gatway", options)).toEqual(["gateway"]);
  expect(nearest("MTU", options)).toEqual(["mtu"]);
  expect(nearest("gti", ["git", "web"])).toEqual(["git"]);
});

test("does not guess", () => {
  expect(nearest("tcp", ["udp", "icmp", "any"])).toEqual([]);
  expect(nearest("x", ["y", "port"])).toEqual(["y"]);
  expect(nearest("address", ["gateway", "address"])).toEqual([]);
  expect(nearest("", ["a", "port"])).toEqual(["a"]);
});

test("gives the three nearest, the first of equals first", () => {
  expect(nearest("host0", ["host3", "hosts", "host1", "host0x", "hust0", "ghost0"])).toEqual([
    "host3",
    "hosts",
    "host1",
  ]);
  expect(nearest("primary", ["secondary", "primray", "prmry"])).toEqual(["primray", "prmry"]);
});

test("says it as a question", () => {
  expect(didYouMean("adress", ["address"])).toBe("did you mean `address`?");
  expect(didYouMean("host0", ["host1", "host2", "host3"])).toBe("did you mean `host1`, `host2` or `host3`?");
  expect(didYouMean("zone", ["transfer"])).toBeUndefined();
});
