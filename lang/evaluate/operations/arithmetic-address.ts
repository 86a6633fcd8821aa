/** Addresses: so many further on, and with the length of their network. */
import type { Bench } from "../../check/core.ts";
import type { Scalar } from "../../types/scalars.ts";
import { bitsOf, ip4, ip6 } from "../../values/ip.ts";
import { formatPrefix, notOneMachine } from "../../values/network.ts";
import type { IntValue, IpValue, PrefixValue, Value } from "../../values/value.ts";
import type { ArithmeticRow } from "./calculating.ts";

const countOf = (value: Value | undefined): bigint => (value as IntValue).value;

/** The address so many behind another. */
export function offset({ family, bits }: IpValue, by: bigint, bench: Bench): IpValue {
  const sum = bits + by;
  if (sum < 0n || sum >= 1n << BigInt(bitsOf(family)))
    return bench.fail(`there is no such IPv${family} address`);
  return family === 4 ? ip4(sum) : ip6(sum);
}

function withLength(ip: IpValue, length: bigint, bench: Bench): PrefixValue {
  const most = bitsOf(ip.family);
  if (length < 0n || length > most)
    return bench.fail(
      `the length of an IPv${ip.family} network is from 0 to ${most}, and this is ${length}`,
      1,
    );
  const address: PrefixValue = { kind: "prefix", ip, length: Number(length) };
  const wrong = notOneMachine(address);
  return wrong === undefined
    ? address
    : bench.fail(`${formatPrefix(address)} is no address of a machine: ${wrong}`);
}

export const addressArithmetic: readonly ArithmeticRow[] = (["Ip", "Ip4", "Ip6"] as const).flatMap(
  (type: Scalar): ArithmeticRow[] => [
    {
      operator: "/",
      left: type,
      right: "Int",
      result: "IfaceAddr",
      run: ([ip, length], bench) => withLength(ip as IpValue, countOf(length), bench),
    },
    {
      operator: "+",
      left: type,
      right: "Int",
      result: type,
      run: ([ip, by], bench) => offset(ip as IpValue, countOf(by), bench),
    },
    {
      operator: "+",
      left: "Int",
      right: type,
      result: type,
      run: ([by, ip], bench) => offset(ip as IpValue, countOf(by), bench),
    },
    {
      operator: "-",
      left: type,
      right: "Int",
      result: type,
      run: ([ip, by], bench) => offset(ip as IpValue, -countOf(by), bench),
    },
  ],
);
