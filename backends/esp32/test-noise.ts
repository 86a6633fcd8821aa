/** Whether noise of the converter feeds the chip's generator: what has to stand where (ESP-IDF, bootloader_random_esp32.c). */

type Row = readonly [name: string, address: number, mask: number, value: number];

const rows: readonly Row[] = [
  ["clock of the generator", 0x3ff0_00cc, 1 << 15, 1 << 15],
  ["clock of I2S 0", 0x3ff0_00c0, 1 << 4, 1 << 4],
  ["reset of I2S 0", 0x3ff0_00c4, 1 << 4, 0],
  ["DTEST_RTC = 2, ENT_RTC", 0x3ff4_80a8, 7 << 29, (2 << 30) | (1 << 29)],
  ["SAR2_EN_TEST, no coprocessor", 0x3ff4_882c, (1 << 4) | (3 << 8), 1 << 4],
  ["FORCE_XPD_SAR = 3", 0x3ff4_880c, 3 << 18, 3 << 18],
  ["SAR1_DIG_FORCE", 0x3ff4_8800, 1 << 27, 1 << 27],
  ["SAR2_DIG_FORCE", 0x3ff4_8890, 1 << 28, 1 << 28],
  ["SARADC_CTRL", 0x3ff6_6010, 0x0600_7fbc, (1 << 26) | (4 << 7) | (1 << 5) | (1 << 2)],
  ["RSTB_WAIT = 8, START_WAIT = 10", 0x3ff6_6018, 0x00ff_00ff, (10 << 16) | 8],
  ...[0, 1, 2, 3].map((n): Row => ["SAR2_PATT_TAB", 0x3ff6_602c + 4 * n, -1, 0xadad_adad]),
  ["RX_BCK_DIV_NUM = 20", 0x3ff4_f0b0, 0x3f << 6, 20 << 6],
  ["LCD_EN, DATA_ENABLE, its test, no camera", 0x3ff4_f0a8, 0x39, 0x38],
  ["RX_START", 0x3ff4_f008, 1 << 5, 1 << 5],
];

/** What is not as it must be. */
export const lacksForNoise = (register: (address: number) => number): string[] =>
  rows.flatMap(([name, address, mask, value]) =>
    ((register(address) & mask) ^ (value & mask)) === 0 ? [] : [name],
  );
