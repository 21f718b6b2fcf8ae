/** Payloads put together by hand from FORMAT.md, apart from the code of the reader. */

import { createXXHash128 } from 'hash-wasm';

const hasher = await createXXHash128();

export function xxh3(bytes) {
  return Buffer.from(hasher.init().update(bytes).digest('binary'));
}

const raw = (...bytes) => Buffer.from(bytes);

function big(first, size, value) {
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), 1);
  return Buffer.concat([raw(first), bytes.subarray(9 - size)]);
}

export const nil = raw(0xc0);
export const bool = (value) => raw(value ? 0xc3 : 0xc2);

export function int(value) {
  if (value >= -32 && value < 128) return raw(Number(value) & 0xff);
  const sizes = [1, 2, 4, 8];
  const fits = (size) =>
    value > 0 ? BigInt(value) < 2n ** BigInt(8 * size) : BigInt(value) >= -(2n ** BigInt(8 * size - 1));
  const size = sizes.find(fits);
  return big((value > 0 ? 0xcc : 0xd0) + sizes.indexOf(size), size, value);
}

export function float(value) {
  const bytes = Buffer.alloc(9, 0xcb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function head(length, fixed, limit, ...forms) {
  if (length <= limit) return raw(fixed | length);
  const size = [1, 2, 4].find((bytes, i) => forms[i] && length < 2 ** (8 * bytes));
  return big(forms[[1, 2, 4].indexOf(size)], size, length);
}

export const str = (text) =>
  Buffer.concat([head(Buffer.byteLength(text), 0xa0, 31, 0xd9, 0xda, 0xdb), Buffer.from(text)]);
export const bin = (bytes) => Buffer.concat([head(bytes.length, 0, -1, 0xc4, 0xc5, 0xc6), bytes]);
export const array = (...items) => Buffer.concat([head(items.length, 0x90, 15, undefined, 0xdc, 0xdd), ...items]);
export const map = (entries) =>
  Buffer.concat([head(entries.length, 0x80, 15, undefined, 0xde, 0xdf), ...entries.flat()]);

export function ext(code, data) {
  const fixed = [1, 2, 4, 8, 16].indexOf(data.length);
  const first = fixed >= 0 ? raw(0xd4 + fixed) : head(data.length, 0, -1, 0xc7, 0xc8, 0xc9);
  return Buffer.concat([first, raw(code & 0xff), data]);
}

const index = (value) => big(0, value < 256 ? 1 : value < 65536 ? 2 : 4, value).subarray(1);
export const object = (value) => ext(1, index(value));
export const arrayRef = (value) => ext(2, index(value));
export const scalar = (dtype, bytes) => ext(3, Buffer.concat([raw(dtype.length), Buffer.from(dtype), bytes]));
export const complex = (real, imag) => ext(4, Buffer.concat([float(real).subarray(1), float(imag).subarray(1)]));
export const frozenset = (...elements) => ext(6, array(...elements));

const bin32 = (bytes) => Buffer.concat([big(0xc6, 4, bytes.length), bytes]);

/** The packed row [dtype, shape, flags, offset] or [..., compression, stored] of an array. */
function rowOf({ dtype, shape, flags = 0, compression }, offset, stored) {
  const text =
    typeof dtype === 'string'
      ? str(dtype)
      : array(int(dtype[0]), array(...dtype[1].map(([name, field, at]) => array(str(name), str(field), int(at)))));
  const items = [text, array(...shape.map(int)), int(flags), int(offset)];
  return array(...items, ...(compression ? [str(compression), int(stored.length)] : []));
}

/**
 * A payload of the packed `items` of the body (the root's value, then the records), `objects` and `types` (rows of
 * name, version, fields, results), and `arrays` (each `dtype`, `shape`, `bytes`, perhaps `flags`, `compression` and
 * `stored`).
 * Every other option replaces what follows from these; `padForm` makes the packed pad from the bytes that are to fill.
 */
export function payload({
  items,
  objects = [],
  types = [],
  arrays = [],
  root,
  backend = 'numpy',
  writer = ['test', '1'],
  ancillary = [],
  critical,
  rows,
  digests,
  body,
  writerForm,
  padForm,
  entries,
  gap = 0,
  wire = 2,
  size,
  change = (bytes) => bytes,
}) {
  const places = [];
  const runs = [];
  let end = 0;
  for (const { bytes, stored = bytes } of arrays) {
    const place = Math.ceil(end / 64) * 64;
    runs.push(Buffer.alloc(place - end, gap), stored);
    places.push(place);
    end = place + stored.length;
  }
  rows ??= arrays.map((row, i) => rowOf(row, places[i], row.stored ?? row.bytes));
  critical ??= [
    ['backend', str(backend)],
    ['root', str(root)],
    [
      'types',
      array(
        ...types.map(([name, version, fields, results]) =>
          array(str(name), int(version), array(...fields.map(str)), array(...results.map(str))),
        ),
      ),
    ],
    ['objects', array(...objects.map(int))],
    ['arrays', array(...rows)],
  ];
  const packed = (pairs) => map(pairs.map(([key, value]) => [typeof key === 'string' ? str(key) : key, value]));
  const parts = entries ?? [
    str('body'),
    bin32(body ?? array(...items)),
    str('digests'),
    bin32(digests ?? Buffer.concat(arrays.map(({ bytes }) => xxh3(bytes)))),
    str('writer'),
    writerForm ?? array(...writer.map(str)),
    str('critical'),
    packed(critical),
    str('ancillary'),
    packed(ancillary),
    str('pad'),
  ];
  const header = Buffer.concat([Buffer.alloc(64), ...parts]);
  const left = 64 - ((header.length + 2) % 64 || 64);
  const pad = padForm?.(left) ?? bin(Buffer.alloc(left));
  const payload = Buffer.concat([header, pad, ...runs]);
  Buffer.from('a7414153544154458aa6646967657374c410', 'hex').copy(payload, 0);
  Buffer.from('a477697265', 'hex').copy(payload, 34);
  payload[39] = wire;
  Buffer.from('a473697a65cf', 'hex').copy(payload, 40);
  payload.writeBigUInt64BE(BigInt(size ?? payload.length), 46);
  Buffer.from('a468656164ce', 'hex').copy(payload, 54);
  const headLength = header.length + pad.length;
  payload.writeUInt32BE(headLength, 60);
  const changed = change(payload);
  return sign(changed, headLength);
}

/** The payload with the digest that its header has. */
export function sign(payload, headLength = payload.readUInt32BE(60)) {
  payload.fill(0, 18, 34);
  xxh3(payload.subarray(0, headLength)).copy(payload, 18);
  return payload;
}
