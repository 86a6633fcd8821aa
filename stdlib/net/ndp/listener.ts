/** Who takes what routers tell. */
import { RouterListener } from "../routers";

let to: RouterListener | null = null;

export function listenWith(listener: RouterListener): void {
  to = listener;
}

export function listener(): RouterListener | null {
  return to;
}
