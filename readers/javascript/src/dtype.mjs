import { refuse, show } from './errors.mjs';

const PATTERN = new RegExp(
  '^(?:\\|[biu]1|[<>][iu][248]|[<>]f[248]|[<>]c(8|16)|\\|S[1-9][0-9]{0,8}|[<>]U[1-9][0-9]{0,8}' +
    '|[<>][mM]8(\\[([1-9][0-9]{0,8})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\\])?)$',
);

const TYPED = {
  b1: Uint8Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  f2: globalThis.Float16Array,
  f4: Float32Array,
  f8: Float64Array,
  M8: BigInt64Array,
  m8: BigInt64Array,
};

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * The dtype that a string names, or undefined: `itemsize` in bytes, `unit` the bytes of what is shuffled (section 5)
 * and of what its byte order turns round, `typed` the constructor of a typed array of such items, where there is one.
 */
export function parseDtype(text) {
  if (typeof text !== 'string' || !PATTERN.test(text)) return undefined;
  const kind = text[1];
  const size = Number.parseInt(text.slice(2), 10);
  const itemsize = kind === 'U' ? 4 * size : size;
  const unit = kind === 'S' ? 1 : kind === 'U' ? 4 : kind === 'c' ? size / 2 : size;
  return { text, kind, itemsize, unit, swapped: text[0] === (LITTLE_ENDIAN ? '>' : '<'), typed: TYPED[kind + size] };
}

/** Whether the multiple of a date's unit is written as 1, which is not canonical (A2). */
export function isUnitOfOne(text) {
  return /\[1[A-Za-z]/.test(text);
}

/**
 * The dtype of an array's row: a string, or a record [item size, [[name, string, offset], ...]], which has `fields`.
 * A refusal by A1 where it is of neither kind, by A2 where it breaks the grammar.
 */
export function rowDtype(value, place) {
  if (typeof value === 'string') {
    const dtype = parseDtype(value) ?? refuse('A2', `expected a dtype at ${place}, found ${show(value)}`);
    checkSize(dtype.itemsize, place);
    return dtype;
  }
  if (!Array.isArray(value)) refuse('A1', `expected a dtype string or a record at ${place}, found ${show(value)}`);
  const [itemsize, rows] = value;
  if (value.length !== 2 || !Array.isArray(rows) || rows.length === 0) {
    refuse('A2', `expected [item size, [field, ...]] at ${place}, found ${show(value)} and in it ${show(rows)}`);
  }
  checkSize(itemsize, place);
  const names = new Set();
  const fields = rows.map((row) => {
    if (!Array.isArray(row) || row.length !== 3 || typeof row[0] !== 'string' || !isNatural(row[2])) {
      refuse('A2', `expected a field [name, dtype string, offset] at ${place}, found ${show(row)}`);
    }
    const [name, text, offset] = row;
    const dtype = parseDtype(text);
    if (dtype === undefined)
      refuse('A2', `expected the dtype of the field ${show(name)} at ${place}, found ${show(text)}`);
    if (names.has(name)) refuse('A2', `the field ${show(name)} stands twice at ${place}`);
    names.add(name);
    if (BigInt(offset) + BigInt(dtype.itemsize) > BigInt(itemsize)) {
      refuse(
        'A2',
        `expected ${show(name)} at ${place} inside ${itemsize} bytes, found ${dtype.itemsize} bytes at ${offset}`,
      );
    }
    return { name, dtype, offset };
  });
  return { text: value, kind: 'V', itemsize, unit: 1, swapped: false, typed: undefined, fields };
}

function checkSize(itemsize, place) {
  if (!isNatural(itemsize) || itemsize < 1 || itemsize > 2 ** 31 - 1) {
    refuse('A2', `expected an item size of 1 to 2^31 - 1 bytes at ${place}, found ${show(itemsize)}`);
  }
}

export function isNatural(value) {
  return (
    (typeof value === 'number' && Number.isInteger(value) && value >= 0) || (typeof value === 'bigint' && value >= 0n)
  );
}

/** The items as numbers of this machine: a typed array over the bytes where it can be, else over a copy. */
export function typedItems(dtype, bytes) {
  if (dtype.typed === undefined) return undefined;
  const turn = dtype.swapped && dtype.unit > 1;
  const aligned = bytes.byteOffset % dtype.typed.BYTES_PER_ELEMENT === 0;
  if (turn || !aligned) bytes = Uint8Array.from(bytes);
  if (turn) for (let at = 0; at < bytes.length; at += dtype.unit) bytes.subarray(at, at + dtype.unit).reverse();
  return new dtype.typed(bytes.buffer, bytes.byteOffset, bytes.length / dtype.typed.BYTES_PER_ELEMENT);
}
