/**
 * Noise for the chip's generator of random numbers where no radio runs: the second analog-digital converter measures a reference voltage of the chip, again and
 * again, and I²S leads what it finds to the generator (ESP32 Technical Reference Manual, 24; ESP-IDF, bootloader_random_esp32.c). It needs the PLL, and has the
 * converter to itself.
 */
import { change } from "../change";
import { store32 } from "../hw";

/** Clocks of peripherals. */
const PERIPHERALS: u64 = 0x3ff0_00c0;
const I2S0: u32 = 1 << 4;
const RADIO: u64 = 0x3ff0_00cc;
const GENERATOR: u32 = 1 << 15;

/** RTC_CNTL_TEST_MUX: the reference of 1.1 V is led to where the converter can measure it. */
const TEST: u64 = 0x3ff4_80a8;
const REFERENCE: u32 = 3 << 30;
const TO_CONVERTER: u32 = (2 << 30) | (1 << 29);

/** SENS_SAR_*: who may use the converters, and their power. */
const READ_1: u64 = 0x3ff4_8800;
const DIGITAL_1: u32 = 1 << 27;
const POWER: u64 = 0x3ff4_880c;
const ALWAYS_ON: u32 = 3 << 18;
const FORCE: u64 = 0x3ff4_882c;
const TESTED: u32 = 1 << 4;
/** The coprocessor for low power is not started. */
const COPROCESSOR: u32 = 3 << 8;
const READ_2: u64 = 0x3ff4_8890;
const DIGITAL_2: u32 = 1 << 28;

/** SYSCON_SARADC_*: the converters' own control. */
const CONTROL: u64 = 0x3ff6_6010;
const DIVIDER: u32 = 0xff << 7;
const DIVIDER_4: u32 = 4 << 7;
/** Mode 0 is one converter, here the second, whose result has nothing beside it and goes to I²S. */
const MODE: u32 = 3 << 3;
const SECOND: u32 = (1 << 2) | (1 << 5);
const WITH_NUMBER: u32 = 1 << 25;
const TO_I2S: u32 = 1 << 26;
const STATES: u64 = 0x3ff6_6018;
const WAITS: u32 = 0x00ff_00ff;
const WAITS_8_AND_10: u32 = (10 << 16) | 8;
/** What is measured, sixteen times: the test channel with 12 bits and 3 dB. */
const PATTERNS: u64 = 0x3ff6_602c;
const PATTERN: u32 = 0xadad_adad;

/** I²S 0. */
const CONFIG: u64 = 0x3ff4_f008;
const RECEIVE: u32 = 1 << 5;
const CONFIG_2: u64 = 0x3ff4_f0a8;
const CAMERA: u32 = 1 << 0;
const LCD: u32 = (1 << 5) | (1 << 4) | (1 << 3);
const RATE: u64 = 0x3ff4_f0b0;
const RECEIVE_DIVIDER: u32 = 0x3f << 6;
const RECEIVE_20: u32 = 20 << 6;

/** From now on, until the chip is reset. */
export function feed(): void {
  change(RADIO, 0, GENERATOR);
  change(TEST, REFERENCE, TO_CONVERTER);
  change(FORCE, 0, TESTED);
  change(PERIPHERALS, 0, I2S0);
  change(FORCE, COPROCESSOR, 0);
  for (let n: u64 = 0; n < 4; n++) store32(PATTERNS + 4 * n, PATTERN);
  change(POWER, 0, ALWAYS_ON);
  change(READ_1, 0, DIGITAL_1);
  change(READ_2, 0, DIGITAL_2);
  change(CONTROL, DIVIDER, DIVIDER_4 | SECOND);
  change(STATES, WAITS, WAITS_8_AND_10);
  change(CONTROL, MODE | WITH_NUMBER, 0);
  change(RATE, RECEIVE_DIVIDER, RECEIVE_20);
  change(CONTROL, 0, TO_I2S);
  change(CONFIG_2, CAMERA, LCD);
  change(CONFIG, 0, RECEIVE);
}
