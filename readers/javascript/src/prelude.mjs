import { digestOf, sameBytes } from './digest.mjs';
import { hex, refuse, refuseUnknown, show } from './errors.mjs';
import { Cursor } from './msgpack.mjs';

export const WIRE = 2;

const MAGIC = Buffer.from('a741415354415445', 'hex');
// The first byte and the fixed bytes behind the magic string and the first byte of the map (section 2).
const FIXED = [
  [9, 'a6646967657374c410', 'the key digest and the head of a bin of 16 bytes'],
  [34, 'a477697265', 'the key wire'],
  [40, 'a473697a65cf', 'the key size and the head of a 64-bit integer'],
  [54, 'a468656164ce', 'the key head and the head of a 32-bit integer'],
].map(([at, text, what]) => ({ at, bytes: Buffer.from(text, 'hex'), what }));

/** The prelude of a payload and the bytes of its header, after the rules P1 to P6. */
export function readPrelude(source) {
  const first = source.read(0, 64);
  if (!sameBytes(first.subarray(0, 8), MAGIC)) {
    refuse('P1', `expected the magic string ${hex(MAGIC)} at the beginning, found ${hex(first.subarray(0, 8))}`);
  }
  if (first.length < 64) refuse('P2', `expected a prelude of 64 bytes, found ${first.length} bytes`);
  const view = new DataView(first.buffer, first.byteOffset, 64);
  for (const { at, bytes, what } of FIXED) {
    const there = first.subarray(at, at + bytes.length);
    if (!sameBytes(there, bytes)) refuse('P2', `expected ${hex(bytes)} at byte ${at} (${what}), found ${hex(there)}`);
  }
  const wire = first[39];
  if (wire < 1 || wire > 127) refuse('P2', `expected a wire version of 1 to 127 at byte 39, found ${wire}`);
  const entries = wire === WIRE ? [0x8a, 0x8a] : [0x80, 0x8f];
  if (first[8] < entries[0] || first[8] > entries[1]) {
    refuse('P2', `expected a map at byte 8 (${hex(Uint8Array.from(entries))}), found ${hex(first.subarray(8, 9))}`);
  }
  const size = view.getBigUint64(46);
  const head = view.getUint32(60);
  if (wire !== WIRE) {
    const writer = writerOf(source.read(0, head));
    refuseUnknown('P3', `expected wire version ${WIRE}, found ${wire}`, writer);
  }
  if (size !== BigInt(source.size)) refuse('P4', `expected ${size} bytes, as the prelude says, found ${source.size}`);
  if (head % 64 !== 0 || head < 64 || head > source.size) {
    refuse(
      'P5',
      `expected a multiple of 64 from 64 to the size ${source.size} as the length of the header, found ${head}`,
    );
  }
  const bytes = source.read(0, head);
  const digest = bytes.slice(18, 34);
  const actual = digestOf(bytes.subarray(0, 18), new Uint8Array(16), bytes.subarray(34));
  if (!sameBytes(digest, actual)) {
    refuse('P6', `expected the digest ${hex(digest)} of the first ${head} bytes, found ${hex(actual)}`);
  }
  return { wire, size: source.size, head, digest, bytes };
}

/** What the header of any wire version says of its writer, for a message: its rules are not known here. */
function writerOf(bytes) {
  try {
    const cursor = new Cursor(bytes, { start: 8, rule: 'H1', where: 'the header' });
    cursor.next();
    for (let left = cursor.length; left > 0; left--) {
      const key = cursor.next() === 'str' ? cursor.text('H3') : refuse('H3', 'a key of the header is no string');
      if (key !== 'writer') {
        cursor.skip();
        continue;
      }
      if (cursor.next() !== 'array' || cursor.length !== 2) break;
      const words = [0, 1].map(() => (cursor.next() === 'str' ? cursor.text('H3') : '?'));
      return nameOf(words);
    }
  } catch {
    // A message of refusal has no use for what is wrong with a header that can't be read.
  }
  return 'a writer that the header does not name';
}

/** A writer [name, version] for a message. */
export function nameOf(writer) {
  return writer.map((word) => show(word).slice(1, -1)).join(' ');
}
