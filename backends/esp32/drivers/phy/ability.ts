/** What two ends of a cable can agree on (IEEE 802.3 28B.3). */
export enum Ability {
  /** Nothing that is known. */
  none,
  half10,
  full10,
  half100,
  full100,
}
