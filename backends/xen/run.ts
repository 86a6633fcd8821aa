/** How a guest is started: by `xl`, in the domain that controls the hypervisor. */
import { besideImage } from "../beside-image.ts";
import type { RunCommand, RunOptions } from "../index.ts";
import { DEFAULT_MEMORY, guestConfiguration } from "./guest.ts";

export function run({ image, memory = DEFAULT_MEMORY, nics = 1, append, given }: RunOptions): RunCommand {
  const text = guestConfiguration({
    name: "appl",
    image,
    memory,
    nics,
    append,
    slots: given === undefined ? undefined : besideImage(image),
  });
  const bytes = (content: string) => new TextEncoder().encode(content);
  const configuration = `${image}.cfg`;
  return {
    program: "xl",
    args: ["create", "-c", "-F", configuration],
    files: [
      { path: configuration, bytes: bytes(text) },
      ...(given === undefined ? [] : [{ path: besideImage(image), bytes: bytes(given) }]),
    ],
    install:
      "it is there in dom0 of a Xen host (Debian: apt-get install xen-system-amd64, and start with Xen); elsewhere copy the image and its .cfg to one",
  };
}
