import { COMPRESSIONS } from './compression.mjs';
import { digestOf, sameBytes } from './digest.mjs';
import { hex, refuse, refuseUnknown } from './errors.mjs';
import { nameOf } from './prelude.mjs';
import { NDArray } from './values.mjs';

/** The bytes of one array before compression, after A7, A10 and A8. */
export function readBytes(source, header, i) {
  const row = header.arrays[i];
  const stored = source.read(header.head + row.offset, row.stored);
  let bytes = stored;
  if (row.compression !== undefined) {
    const undo = COMPRESSIONS.get(row.compression);
    if (undo === undefined) {
      const expected = `expected a compression that this Node.js ${process.version} has for array ${i}`;
      refuseUnknown('A7', `${expected}, found ${row.compression}`, nameOf(header.writer));
    }
    bytes = undo(stored, row.nbytes, row.dtype.unit, `array ${i}`);
  }
  const digest = digestOf(bytes);
  if (!sameBytes(row.digest, digest)) {
    refuse('A8', `expected the digest ${hex(row.digest)} of array ${i}, found ${hex(digest)}`);
  }
  return bytes;
}

export function readArray(source, header, i) {
  const array = new NDArray(header.arrays[i]);
  array.bytes = readBytes(source, header, i);
  return array;
}

/** Refuses bytes between arrays that are not zeros (A5). */
export function checkGaps(source, header) {
  let end = 0;
  header.arrays.forEach((row, i) => {
    const gap = source.read(header.head + end, row.offset - end);
    const at = gap.findIndex((byte) => byte !== 0);
    if (at >= 0)
      refuse(
        'A5',
        `expected zeros before array ${i}, found ${hex(gap.subarray(at, at + 1))} at byte ${header.head + end + at}`,
      );
    end = row.offset + row.stored;
  });
}

/** Refuses bytes of records that belong to no field, and bytes of bools that are neither 0 nor 1 (A9). */
export function checkItems({ dtype }, bytes, i) {
  const { itemsize, fields } = dtype;
  const check = (begin, end, most) => {
    for (let item = 0; item < bytes.length; item += itemsize) {
      for (let at = item + begin; at < item + end; at++) {
        if (bytes[at] > most)
          refuse('A9', `expected ${most === 1 ? '0 or 1' : '0'} at byte ${at} of array ${i}, found ${bytes[at]}`);
      }
    }
  };
  if (fields === undefined) {
    if (dtype.kind === 'b') check(0, 1, 1);
    return;
  }
  let end = 0;
  for (const field of fields.toSorted((one, other) => one.offset - other.offset)) {
    if (field.offset > end) check(end, field.offset, 0);
    end = Math.max(end, field.offset + field.dtype.itemsize);
  }
  check(end, itemsize, 0);
  const bools = fields.filter((field) => field.dtype.kind === 'b').map((field) => field.offset);
  for (const offset of new Set(bools)) check(offset, offset + 1, 1);
}
