import * as a from './assemble.mjs';
import { both, hex, nil, one, single, zeros } from './graphs.mjs';
import { numbered, testRefusals } from './refusals.mjs';

const row = (dtype, ...rest) => a.array(typeof dtype === 'string' ? a.str(dtype) : dtype, ...rest);
const rows = (...items) => ({ rows: [row(...items)] });
const shape2 = a.array(a.int(2));
const record = (size, ...fields) => [size, fields];

function grown(bytes) {
  const more = Buffer.concat([bytes, zeros(64)]);
  more.writeBigUInt64BE(BigInt(more.length), 46);
  return more;
}

const CASES = [
  ['a row of 5 items', single(one, rows('<f8', shape2, a.int(0), a.int(0), a.str('zlib'))), 'A1', 'I'],
  ['a negative length', single(one, rows('<f8', a.array(a.int(-2)), a.int(0), a.int(0))), 'A1', 'I'],
  ['a length of 2.0', single(one, rows('<f8', a.array(a.float(2)), a.int(0), a.int(0))), 'A1', 'I'],
  [
    'a shape of 65 lengths',
    single(one, rows('<f8', a.array(...Array.from({ length: 65 }, () => a.int(1))), a.int(0), a.int(0))),
    'A1',
    'I',
  ],
  ['flags of nil', single(one, rows('<f8', shape2, a.nil, a.int(0))), 'A1', 'I'],
  ['a dtype of nil', single(one, rows(a.nil, shape2, a.int(0), a.int(0))), 'A1', 'I'],
  ...['f8', '|f8', '<f16', '|O', '<V8', '|S0', '|S1000000000', '<M8[m s]', '<M8[0s]', '<M8[05s]', '<f8\n', '<c4'].map(
    (dtype) => [`the dtype ${JSON.stringify(dtype)}`, single({ ...one, dtype }), 'A2', 'I'],
  ),
  ['characters of 2^31 bytes', single({ dtype: '<U999999999', shape: [0], bytes: zeros(0) }), 'A2', 'I'],
  ['a record without a field', single({ dtype: record(4), shape: [1], bytes: zeros(4) }), 'A2', 'I'],
  ['a record of 1 part', single(one, rows(a.array(a.int(8)), shape2, a.int(0), a.int(0))), 'A2', 'I'],
  ['a record of no byte', single({ dtype: record(0, ['a', '|u1', 0]), shape: [2], bytes: zeros(0) }), 'A2', 'I'],
  [
    'a record of 2^31 bytes',
    single({ dtype: record(2 ** 31, ['a', '|u1', 0]), shape: [0], bytes: zeros(0) }),
    'A2',
    'I',
  ],
  ['a field outside its record', single({ dtype: record(4, ['a', '<f4', 1]), shape: [1], bytes: zeros(4) }), 'A2', 'I'],
  [
    'a field twice in a record',
    single({ dtype: record(4, ['a', '|u1', 1], ['a', '|u1', 2]), shape: [1], bytes: zeros(4) }),
    'A2',
    'I',
  ],
  ['a field of an object', single({ dtype: record(8, ['a', '|O', 0]), shape: [1], bytes: zeros(8) }), 'A2', 'I'],
  ['a unit of a multiple of 1', single({ dtype: '<M8[1s]', shape: [1], bytes: zeros(8) }), 'A2', 'C'],
  ['2^63 bytes', single(one, rows('<f8', a.array(a.int(2n ** 60n)), a.int(0), a.int(0))), 'A3', 'I'],
  ['no byte of 2^63', single({ ...one, shape: [0, 2n ** 60n], bytes: zeros(0) }), 'A3', 'I'],
  ['2^62 bytes', single(one, rows('<f8', a.array(a.int(2n ** 59n)), a.int(0), a.int(0))), 'A4', 'I'],
  ['an offset of 64 for the first array', single(one, rows('<f8', shape2, a.int(0), a.int(64))), 'A4', 'I'],
  [
    'arrays without a gap',
    a.payload({
      ...both,
      rows: [row('<f8', shape2, a.int(0), a.int(0)), row('|u1', a.array(a.int(3)), a.int(0), a.int(16))],
    }),
    'A4',
    'I',
  ],
  ['bytes behind the last array', single({ ...one, shape: [1] }), 'A4', 'I'],
  ['bytes behind no array', nil({ change: (bytes) => grown(bytes) }), 'A4', 'I'],
  ['a gap that is not zero', a.payload({ ...both, gap: 1 }), 'A5', 'L'],
  ['a flag of later', single({ ...one, flags: 4 }), 'A6', 'I'],
  ['a flag of 2^64 - 1', single({ ...one, flags: 2n ** 64n - 1n }), 'A6', 'I'],
  ['Fortran order of a vector', single({ ...one, flags: 1 }), 'A6', 'C'],
  ['Fortran order of nothing', single({ dtype: '<f8', shape: [2, 3, 0], bytes: zeros(0), flags: 1 }), 'A6', 'C'],
  ['a compression of later', single({ ...one, compression: 'brotli', stored: zeros(16) }), 'A7', 'I'],
  ['the digest of another array', single(one, { digests: zeros(16) }), 'A8', 'I'],
  ['no digest', single(one, { digests: zeros(0) }), 'A8', 'I'],
  ['a digest too much', nil({ digests: zeros(16) }), 'A8', 'I'],
  ['a bool of 2', single({ dtype: '|b1', shape: [2], bytes: hex('0102') }), 'A9', 'C'],
  [
    'a byte of no field',
    single({ dtype: record(3, ['a', '|u1', 1]), shape: [2], bytes: hex('000100000101') }),
    'A9',
    'C',
  ],
  ['a bool of 2 in a record', single({ dtype: record(1, ['a', '|b1', 0]), shape: [1], bytes: hex('02') }), 'A9', 'C'],
];

// A10 is that of compression.test.mjs.
testRefusals(CASES, numbered('A', 9));
