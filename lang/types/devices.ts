/** Things of a board that descriptions name. Which ones there are says the target's board, as data: `configure/board.ts`. */

export const devices = ["Pin", "Nic", "Disk"] as const;

export type Device = (typeof devices)[number];

export const isDevice = (name: string): name is Device => (devices as readonly string[]).includes(name);

/** What `Pin<…>` may ask for, and what boards may say of a pin. */
export const pinAbilities = [
  "input",
  "output",
  "analog",
  "dac",
  "touch",
  "i2c",
  "spi",
  "uart",
  "pwm",
] as const;

export const isPinAbility = (name: string): boolean => (pinAbilities as readonly string[]).includes(name);

interface Words {
  /** What a message calls one. */
  readonly noun: string;
  readonly example: string;
}

const words: Readonly<Record<Device, Words>> = {
  Pin: { noun: "pin", example: "gpio4" },
  Nic: { noun: "network device", example: "eth0" },
  Disk: { noun: "disk", example: "disk0" },
};

export const wordsOfDevice = (device: Device): Words => words[device];
