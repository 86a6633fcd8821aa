/** Who starts guests: xl and XCP-ng's or Debian's tools, libvirt, Qubes OS. */
import type { Launcher } from "../index.ts";
import { DEFAULT_MEMORY, guestConfiguration } from "./guest.ts";

const file = (path: string, text: string) => ({ path, bytes: new TextEncoder().encode(text) });

export const launchers: Readonly<Record<string, Launcher>> = {
  /** xl.cfg(5); xl opens the image from the folder in which it is run. */
  xl: ({ name, file: image, memory = DEFAULT_MEMORY, nics }) => [
    file(`${image}.cfg`, guestConfiguration({ name, image, memory, nics })),
  ],
  /** https://libvirt.org/formatdomain.html; libvirt wants the whole path of the image. */
  libvirt: ({ name, file: image, memory = DEFAULT_MEMORY, nics }) => [
    file(
      `${image}.xml`,
      `<domain type="xen">
  <name>${name}</name>
  <memory unit="MiB">${memory}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="xenpvh">xenpvh</type>
    <kernel>/var/lib/xen/images/${image}</kernel>
  </os>
  <on_crash>restart</on_crash>
  <devices>
${'    <interface type="bridge"><source bridge="xenbr0"/></interface>\n'.repeat(nics)}    <console type="pty"><target type="xen"/></console>
  </devices>
</domain>
`,
    ),
  ],
  /** A folder for /var/lib/qubes/vm-kernels: Qubes OS wants both files, and gives the second one to the guest. */
  qubes: ({ name, image }) => [
    { path: `${name}.qubes/vmlinuz`, bytes: image },
    file(`${name}.qubes/initramfs`, ""),
    file(`${name}.qubes/default-kernelopts-nopci.txt`, ""),
  ],
};
