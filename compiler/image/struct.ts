/** Binary headers as data: a struct is its fields in order, little-endian, without padding, and reads what it writes. */

export interface Field<T> {
  readonly size: number;
  read(from: DataView, at: number): T;
  write(to: DataView, at: number, value: T): void;
}

export type Value<F> = F extends Field<infer T> ? T : never;

export const u8: Field<number> = {
  size: 1,
  read: (from, at) => from.getUint8(at),
  write: (to, at, value) => to.setUint8(at, value),
};
export const u16: Field<number> = {
  size: 2,
  read: (from, at) => from.getUint16(at, true),
  write: (to, at, value) => to.setUint16(at, value, true),
};
export const u32: Field<number> = {
  size: 4,
  read: (from, at) => from.getUint32(at, true),
  write: (to, at, value) => to.setUint32(at, value, true),
};
/** Addresses and sizes: integers that a number holds exactly. */
export const u64: Field<number> = {
  size: 8,
  read: (from, at) => Number(from.getBigUint64(at, true)),
  write: (to, at, value) => to.setBigUint64(at, BigInt(value), true),
};

/** Fields in the order in which they are listed. */
export function struct<T extends object>(fields: { readonly [K in keyof T]: Field<T[K]> }): Field<T> {
  const names = Object.keys(fields) as (keyof T)[];
  return {
    size: names.reduce((sum, name) => sum + fields[name].size, 0),
    read(from, at) {
      const value: Partial<T> = {};
      let place = at;
      for (const name of names) {
        value[name] = fields[name].read(from, place);
        place += fields[name].size;
      }
      return value as T;
    },
    write(to, at, value) {
      let place = at;
      for (const name of names) {
        fields[name].write(to, place, value[name]);
        place += fields[name].size;
      }
    },
  };
}

/** The bytes of one value. */
export function encode<T>(field: Field<T>, value: T): Uint8Array {
  const bytes = new Uint8Array(field.size);
  field.write(new DataView(bytes.buffer), 0, value);
  return bytes;
}
