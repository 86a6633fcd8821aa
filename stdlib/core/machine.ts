/**
 * What of the machine decides how much room there is for what comes. A build writes this file anew for each target (`compiler/assemble/machine.ts`); what stands here
 * is for machines that have room, and for tests. All are constants, so nothing of what is not meant is in an image.
 */

/** It has little RAM: tables and pools are smaller then, and so are defaults of options that say how many. */
export const isSmall: bool = false;
/** What never changes can be left where it is in the image: `Bytes.left`. */
export const leavesConstants: bool = false;
