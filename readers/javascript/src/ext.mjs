import { isUnitOfOne, parseDtype } from './dtype.mjs';
import { hex, refuse, show } from './errors.mjs';
import { Complex, Scalar } from './values.mjs';

export const OBJECT = 1;
export const ARRAY = 2;
export const SCALAR = 3;
export const COMPLEX = 4;
export const BIG_INTEGER = 5;
export const FROZENSET = 6;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// The largest integer of this engine, in bytes.
const LARGEST_INTEGER = 2 ** 27;

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The index that the data of an object or an array refers to (B5): one of `count` things. */
export function indexOf(data, count, what, place) {
  if (![1, 2, 4].includes(data.length)) {
    refuse('B5', `expected an index of 1, 2 or 4 bytes at ${place}, found ${data.length}`);
  }
  const view = viewOf(data);
  const index = data.length === 1 ? data[0] : data.length === 2 ? view.getUint16(0) : view.getUint32(0);
  if (index < [0, 0, 0x100, 0, 0x10000][data.length]) {
    refuse('B5', `expected the index ${index} at ${place} in as few bytes as hold it, found ${data.length} bytes`);
  }
  if (index >= count)
    refuse('B5', `expected one of ${count} ${what} at ${place}, found a reference to number ${index}`);
  return index;
}

export function complexOf(data, place) {
  if (data.length !== 16) refuse('B11', `expected the 16 bytes of a complex number at ${place}, found ${data.length}`);
  const view = viewOf(data);
  return new Complex(view.getFloat64(0), view.getFloat64(8));
}

export function bigIntegerOf(data, place) {
  if (data.length > LARGEST_INTEGER) {
    refuse('B11', `expected an integer that this program can hold at ${place}, found one of ${data.length} bytes`);
  }
  const first = data[0];
  const negative = first >= 0x80;
  const unsigned = data.length > 0 ? BigInt(`0x${Buffer.from(data).toString('hex')}`) : 0n;
  const value = negative ? unsigned - (1n << BigInt(8 * data.length)) : unsigned;
  if (value >= -(2n ** 63n) && value < 2n ** 64n) {
    refuse('B11', `expected an integer that 64 bits can't hold at ${place}, found ${hex(data)}`);
  }
  if ((first === 0x00 && data[1] < 0x80) || (first === 0xff && data[1] >= 0x80)) {
    refuse('B11', `expected an integer in as few bytes as hold it and its sign at ${place}, found ${hex(data)}`);
  }
  return value;
}

/** The scalar that data is (B11); `canonical`, its dtype and its bytes are held to the rules C of A2 and A9. */
export function scalarOf(data, place, canonical) {
  const first = data[0];
  if (first === 0x55) {
    const bytes = data.slice(1);
    try {
      return new Scalar('U', utf8.decode(bytes), bytes);
    } catch {
      return refuse('B2', `expected UTF-8 in the scalar at ${place}, found ${hex(bytes)}`);
    }
  }
  if (first === 0x53) return new Scalar('S', data.slice(1), data.slice(1));
  if (first === undefined || data.length < 1 + first) {
    refuse('B11', `expected a dtype string, U or S at ${place}, found ${hex(data)}`);
  }
  const text = Buffer.from(data.subarray(1, 1 + first)).toString('latin1');
  const dtype = parseDtype(text);
  if (dtype === undefined || !'<|'.includes(text[0]) || 'SU'.includes(dtype.kind)) {
    refuse(
      'B11',
      `expected the dtype of a scalar (of the byte order < or |, no S or U) at ${place}, found ${show(text)}`,
    );
  }
  const bytes = data.slice(1 + first);
  if (bytes.length !== dtype.itemsize) {
    refuse('B11', `expected ${dtype.itemsize} bytes of ${text} at ${place}, found ${bytes.length}`);
  }
  if (canonical && isUnitOfOne(text)) refuse('B11', `expected no multiple of 1 at ${place}, found ${show(text)}`);
  if (canonical && dtype.kind === 'b' && bytes[0] > 1)
    refuse('B11', `expected the bool 0 or 1 at ${place}, found ${bytes[0]}`);
  return new Scalar(text, numberOf(dtype, bytes), bytes);
}

/** The value of a little-endian item. */
function numberOf({ kind, itemsize }, bytes) {
  const view = viewOf(bytes);
  const float = (size, at) =>
    size === 8 ? view.getFloat64(at, true) : size === 4 ? view.getFloat32(at, true) : halfOf(view.getUint16(at, true));
  if (kind === 'b') return bytes[0] !== 0;
  if (kind === 'f') return float(itemsize, 0);
  if (kind === 'c') return new Complex(float(itemsize / 2, 0), float(itemsize / 2, itemsize / 2));
  if (kind === 'u') {
    return {
      1: () => view.getUint8(0),
      2: () => view.getUint16(0, true),
      4: () => view.getUint32(0, true),
      8: () => view.getBigUint64(0, true),
    }[itemsize]();
  }
  return {
    1: () => view.getInt8(0),
    2: () => view.getInt16(0, true),
    4: () => view.getInt32(0, true),
    8: () => view.getBigInt64(0, true),
  }[itemsize]();
}

/** A float of 16 bits (IEEE 754 binary16). */
function halfOf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
