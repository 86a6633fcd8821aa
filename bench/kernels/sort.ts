/** Quicksort of numbers of 32 bits as a benchmark kernel for the code generator, with insertion sort for short pieces. */

/** What the numbers are made of. */
const input: usize = memory.data(16384, 16);
const numbers: usize = memory.data(16384, 16);
/** First and last of the pieces that wait. */
const waiting: usize = memory.data(512, 16);
const output: usize = memory.data(32, 16);
const SHORT: usize = 48;

export function inputAddress(): usize {
  return input;
}
export function outputAddress(): usize {
  return output;
}

function insert(first: usize, last: usize): void {
  for (let at = first + 4; at <= last; at += 4) {
    const number = load<u32>(at);
    let to = at;
    for (; to > first; to -= 4) {
      const before = load<u32>(to - 4);
      if (before <= number) break;
      store<u32>(to, before);
    }
    store<u32>(to, number);
  }
}

function sort(first: usize, last: usize): void {
  let top = waiting;
  while (true) {
    while (last - first > SHORT) {
      const pivot = load<u32>(first + (((last - first) >> 3) << 2));
      let left = first;
      let right = last;
      while (true) {
        while (load<u32>(left) < pivot) left += 4;
        while (load<u32>(right) > pivot) right -= 4;
        if (left > right) break;
        const other = load<u32>(left);
        store<u32>(left, load<u32>(right));
        store<u32>(right, other);
        left += 4;
        right -= 4;
        if (left > right) break;
      }
      // The longer piece waits, so few do.
      if (right - first > last - left) {
        store<u32>(top, <u32>first, 0);
        store<u32>(top, <u32>right, 4);
        first = left;
      } else {
        store<u32>(top, <u32>left, 0);
        store<u32>(top, <u32>last, 4);
        last = right;
      }
      top += 8;
    }
    if (first < last) insert(first, last);
    if (top == waiting) return;
    top -= 8;
    first = load<u32>(top, 0);
    last = load<u32>(top, 4);
  }
}

/** Sorts `size` bytes of numbers, `times` times other ones. */
export function run(size: i32, times: i32): void {
  let sum: u32 = 0;
  for (let n = 0; n < times; n++) {
    let mixed: u32 = n;
    for (let i: usize = 0; i < <usize>size; i += 4) {
      mixed = (mixed ^ load<u32>(input + i)) * 1664525 + 1013904223;
      store<u32>(numbers + i, mixed ^ (mixed >> 15));
    }
    sort(numbers, numbers + size - 4);
    for (let i: usize = 4; i < <usize>size; i += 4) {
      const number = load<u32>(numbers + i);
      sum = (sum ^ number) * 16777619 + u32(load<u32>(numbers + i - 4) <= number);
    }
  }
  store<u32>(output, sum);
}
