import { expect, test } from "vitest";
import { guestConfiguration } from "./guest.ts";
import { launchers } from "./launchers.ts";

const image = new Uint8Array([1, 2, 3]);
const start = { name: "ns1", file: "ns1.xen", image, memory: 16, nics: 2 };
const written = (name: string): Record<string, string> =>
  Object.fromEntries(
    launchers[name]!(start).map(({ path, bytes }) => [path, new TextDecoder("latin1").decode(bytes)]),
  );

test("xl gets its configuration beside the image", () => {
  expect(written("xl")).toEqual({
    "ns1.xen.cfg": `name = "ns1"
type = "pvh"
kernel = "ns1.xen"
memory = 16
vcpus = 1
vif = ["bridge=xenbr0", "bridge=xenbr0"]
on_crash = "restart"
`,
  });
});

test("words, values and awkward names are quoted", () => {
  const text = guestConfiguration({
    name: 'a "b"',
    image: "/x/y",
    memory: 8,
    nics: 0,
    append: "appl.quiet",
    slots: "/x/y.slots",
  });
  expect(text).toBe(`name = "a \\"b\\""
type = "pvh"
kernel = "/x/y"
ramdisk = "/x/y.slots"
extra = "appl.quiet"
memory = 8
vcpus = 1
vif = []
on_crash = "restart"
`);
});

test("libvirt gets a domain with as many devices", () => {
  const text = written("libvirt")["ns1.xen.xml"]!;
  expect(text).toContain('<type arch="x86_64" machine="xenpvh">xenpvh</type>');
  expect(text.match(/<interface /g)).toHaveLength(2);
  expect(text).toContain('<memory unit="MiB">16</memory>');
});

test("Qubes OS gets a folder with the image as its kernel", () => {
  expect(Object.keys(written("qubes"))).toEqual([
    "ns1.qubes/vmlinuz",
    "ns1.qubes/initramfs",
    "ns1.qubes/default-kernelopts-nopci.txt",
  ]);
  expect(written("qubes")["ns1.qubes/vmlinuz"]).toBe("\u0001\u0002\u0003");
});
