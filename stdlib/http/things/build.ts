/** Makes what answers with values, while the image is built. */
import { Bytes } from "../../core/bytes";
import { error } from "../../core/report";
import { Signal } from "../../core/signal";
import { Auth, ValueEntry } from "../config";
import { bytesOf } from "../site/text";
import { Door, Kind } from "./door";
import { reserve, State } from "./state";

/** An answer is put together in one place, which has a head in it too. */
const MOST: u32 = 12_288;

export function stateOf(head: string, values: Array<ValueEntry>, at: i32): State {
  const names: Bytes[] = [];
  const signals: Signal[] = [];
  for (let n = 0; n < values.length; n++) {
    names.push(bytesOf(`${n == 0 ? "{" : ","}${quoted(values[n].key)}:`));
    signals.push(values[n].value);
  }
  const state = new State(bytesOf(head), StaticArray.fromArray(names), StaticArray.fromArray(signals));
  if (state.most > MOST)
    error("E0768", at, `these are more values than fit into one answer of ${MOST} bytes`, "");
  reserve(state.most);
  return state;
}

export function doorOf(who: Auth): Door {
  const basic = who.basic;
  if (basic != null) return new Door(Kind.basic, bytesOf(basic.user), basic.password);
  const bearer = who.bearer;
  return new Door(bearer == null ? Kind.everybody : Kind.bearer, bytesOf(""), bearer);
}

/** RFC 8259 7. */
function quoted(text: string): string {
  let all = '"';
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n);
    if (code == 34 || code == 92) all += `\\${text.charAt(n)}`;
    else if (code < 32) all += `\\u00${code < 16 ? "0" : "1"}${"0123456789abcdef".charAt(code & 15)}`;
    else all += text.charAt(n);
  }
  return `${all}"`;
}
