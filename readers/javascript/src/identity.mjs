import { createHash } from 'node:crypto';

import { readBytes } from './arrays.mjs';
import { digestOf } from './digest.mjs';
import { readHeader } from './header.mjs';
import { readGraph } from './loader.mjs';
import { Cursor, integerForm } from './msgpack.mjs';
import { AT_ONCE, sourceOf } from './source.mjs';

/**
 * The identity of a payload (section 7): `aas:sha256:` and the SHA-256 of the payload that has the same graph, no
 * compressed array, nothing ancillary and no writer. A `FormatError` where the payload is not canonical.
 */
export function identity(input) {
  const source = sourceOf(input);
  try {
    readGraph(source, undefined, true);
    const header = readHeader(source);
    const places = placesOf(header.arrays);
    const hash = createHash('sha256').update(headOf(header, places));
    let end = 0;
    header.arrays.forEach(({ nbytes }, i) => {
      hash.update(Buffer.alloc(places[i] - end));
      const bytes = readBytes(source, header, i);
      for (let at = 0; at < bytes.length; at += AT_ONCE) hash.update(bytes.subarray(at, at + AT_ONCE));
      end = places[i] + nbytes;
    });
    return `aas:sha256:${hash.digest('hex')}`;
  } finally {
    source.close();
  }
}

/** Where each array begins when none is compressed (A4). */
function placesOf(arrays) {
  let end = 0;
  return arrays.map(({ nbytes }) => {
    const place = Math.ceil(end / 64) * 64;
    end = place + nbytes;
    return place;
  });
}

/** The first bytes of that payload, up to its arrays. */
function headOf(header, places) {
  const { bytes, body, digests, arrays } = header;
  const prelude = Buffer.from(bytes.subarray(0, 64));
  const parts = [
    prelude,
    key('body'),
    bin(body),
    key('digests'),
    bin(digests),
    key('writer'),
    Buffer.from([0x92, 0xa0, 0xa0]),
    key('critical'),
    criticalOf(header, places),
    key('ancillary'),
    Buffer.from([0x80]),
    key('pad'),
  ];
  const length = parts.reduce((sum, part) => sum + part.length, 2);
  const pad = (64 - (length % 64)) % 64;
  const head = Buffer.concat([...parts, Buffer.from([0xc4, pad]), Buffer.alloc(pad)]);
  const end = arrays.length === 0 ? 0 : places.at(-1) + arrays.at(-1).nbytes;
  head.writeBigUInt64BE(BigInt(head.length + end), 46);
  head.writeUInt32BE(head.length, 60);
  head.fill(0, 18, 34);
  head.set(digestOf(head), 18);
  return head;
}

/** The map `critical`: its own bytes but for the rows of arrays, which lose their compression and move. */
function criticalOf({ bytes, criticalStart }, places) {
  const cursor = new Cursor(bytes, { start: criticalStart, rule: 'H1', where: 'the header' });
  const parts = [];
  const copy = (step) => {
    const start = cursor.position;
    step();
    parts.push(bytes.subarray(start, cursor.position));
  };
  // The map, four keys with their values, and the key and the length of `arrays`.
  copy(() => cursor.next());
  for (let left = 8; left > 0; left--) copy(() => cursor.skip());
  copy(() => cursor.skip());
  copy(() => cursor.next());
  for (const place of places) {
    cursor.next();
    const items = cursor.length;
    parts.push(Buffer.from([0x94]));
    for (let left = 3; left > 0; left--) copy(() => cursor.skip());
    for (let left = items - 3; left > 0; left--) cursor.skip();
    parts.push(integerForm(place));
  }
  return Buffer.concat(parts);
}

function key(name) {
  return Buffer.from([0xa0 | name.length, ...Buffer.from(name)]);
}

/** A bin in the form of `body` and `digests`: 4 bytes of length. */
function bin(bytes) {
  const form = Buffer.from([0xc6, 0, 0, 0, 0]);
  form.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([form, bytes]);
}
