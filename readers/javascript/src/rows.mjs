import { COMPRESSIONS, EXPANSION } from './compression.mjs';
import { isNatural, isUnitOfOne, rowDtype } from './dtype.mjs';
import { FormatError, refuse, refuseUnknown, show } from './errors.mjs';
import { nameOf } from './prelude.mjs';

const FORTRAN = 1;
const JAX = 2;
const LIMIT = 2n ** 63n;
const JAX_KINDS = 'biufc';

/**
 * The rows of arrays (section 5), after the rules A1 to A4, A6, A7 and as much of A8 and A10 as rows tell.
 *
 * Each row has `dtype` (see `dtype.mjs`), `shape`, `order` (`C` or `F`), `jax`, `nbytes`, `offset` (from `head`),
 * `compression` (or undefined), `stored` (bytes), `digest`, and `disorder`, the first breach of a canonical rule.
 */
export function readRows(rows, digests, { head, size }, writer) {
  const arrays = rows.map((row, i) => readRow(row, i, nameOf(writer)));
  let end = 0;
  arrays.forEach((array, i) => {
    const place = Math.ceil(end / 64) * 64;
    if (array.offset !== place) refuse('A4', `expected array ${i} at offset ${place}, found ${array.offset}`);
    if (BigInt(array.stored) > BigInt(size - head - place)) {
      refuse('A4', `expected ${array.stored} bytes of array ${i} at offset ${place}, found ${size - head - place}`);
    }
    array.stored = Number(array.stored);
    end = place + array.stored;
  });
  if (head + end !== size)
    refuse('A4', `expected the payload to end at byte ${head + end}, where its arrays end, found ${size}`);
  if (digests.length !== 16 * arrays.length) {
    refuse('A8', `expected digests of 16 bytes for ${arrays.length} arrays, found ${digests.length} bytes`);
  }
  arrays.forEach((array, i) => {
    if (BigInt(array.stored) * BigInt(EXPANSION) < array.nbytes) {
      refuse(
        'A10',
        `expected at least a ${EXPANSION}th part of ${array.nbytes} bytes for array ${i}, found ${array.stored}`,
      );
    }
    array.nbytes = Number(array.nbytes);
    array.digest = digests.slice(16 * i, 16 * i + 16);
  });
  return arrays;
}

function readRow(row, i, writer) {
  const place = `row ${i} of arrays`;
  if (!Array.isArray(row) || (row.length !== 4 && row.length !== 6)) {
    refuse('A1', `expected 4 or 6 items in ${place}, found ${show(row)}`);
  }
  const [text, shape, flags, offset, compression, stored] = row;
  const dtype = rowDtype(text, place);
  if (!Array.isArray(shape) || shape.length > 64 || !shape.every(isNatural)) {
    refuse('A1', `expected a shape of at most 64 natural numbers in ${place}, found ${show(shape)}`);
  }
  if (!isNatural(flags)) refuse('A1', `expected flags in ${place}, found ${show(flags)}`);
  if (!isNatural(offset)) refuse('A1', `expected an offset in ${place}, found ${show(offset)}`);
  if (row.length === 6) {
    if (typeof compression !== 'string') refuse('A1', `expected a compression in ${place}, found ${show(compression)}`);
    if (!isNatural(stored)) refuse('A1', `expected the number of stored bytes in ${place}, found ${show(stored)}`);
  }
  // A length of 0 makes an array empty, but no other length too large to be one.
  const most = shape.reduce((product, length) => product * (BigInt(length) || 1n), BigInt(dtype.itemsize));
  if (most >= LIMIT) refuse('A3', `expected less than 2^63 bytes in ${place}, found a shape and a dtype of more`);
  const nbytes = shape.some((length) => BigInt(length) === 0n) ? 0n : most;
  if (BigInt(flags) > 3n) {
    refuseUnknown('A6', `expected no flags but 1 and 2 in ${place}, found ${flags}`, writer);
  }
  if ((flags & JAX) !== 0 && (!JAX_KINDS.includes(dtype.kind) || dtype.text?.[0] === '>')) {
    refuse('A6', `expected a dtype that JAX has in ${place}, found ${show(text)} with flag 2`);
  }
  if (row.length === 6 && !COMPRESSIONS.has(compression)) {
    const names = [...COMPRESSIONS.keys()].join(', ');
    refuseUnknown('A7', `expected one of ${names} in ${place}, found ${show(compression)}`, writer);
  }
  const fortran = (flags & FORTRAN) !== 0;
  return {
    dtype,
    shape,
    order: fortran ? 'F' : 'C',
    jax: (flags & JAX) !== 0,
    nbytes,
    offset,
    compression,
    stored: stored ?? nbytes,
    disorder: disorderOf(dtype, shape, fortran, place),
  };
}

function disorderOf(dtype, shape, fortran, place) {
  const texts = dtype.fields ? dtype.fields.map((field) => field.dtype.text) : [dtype.text];
  const one = texts.find(isUnitOfOne);
  if (one !== undefined) return new FormatError('A2', `expected no multiple of 1 in ${place}, found ${show(one)}`);
  const both = shape.some((length) => length === 0) || shape.filter((length) => length !== 1).length <= 1;
  if (fortran && both) {
    return new FormatError('A6', `expected no flag 1 for an array that is in both orders in ${place}, found it`);
  }
  return undefined;
}
