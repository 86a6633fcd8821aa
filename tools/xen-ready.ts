/** Makes what boots Xen, where that is not done yet: it fetches packages, which cannot be done in a network of one's own. */
import { dom0Kernel } from "./xen.ts";

dom0Kernel();
