import assert from 'node:assert/strict';
import test from 'node:test';
import zlib from 'node:zlib';

import { inspect, load } from '../index.mjs';
import { floats, single } from './graphs.mjs';

const values = Float64Array.from({ length: 1000 }, (_, i) => i % 7);
const bytes = floats(...values);
const row = { dtype: '<f8', shape: [1000], bytes };

/** All first bytes of items of `unit` bytes, then all second ones, and so on. */
function shuffle(run, unit) {
  const items = run.length / unit;
  return Buffer.from(run.map((_, at) => run[(at % items) * unit + Math.floor(at / items)]));
}

/** One LZ4 block of literals alone. */
function literals(run) {
  const more = run.length - 15;
  const lengths = more < 0 ? [] : [...Array(Math.floor(more / 255)).fill(255), more % 255];
  return Buffer.concat([Buffer.from([Math.min(run.length, 15) << 4, ...lengths]), run]);
}

/** One zstd frame of raw blocks, which states its content's size. */
function rawFrame(run, head = [0xa0]) {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(run.length);
  const block = Buffer.from([(run.length << 3) | 1, run.length >> 5, run.length >> 13]);
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...head]),
    ...(head[0] === 0xa0 ? [size] : []),
    block,
    run,
  ]);
}

const compressed = (compression, stored, changes = {}) => single({ ...row, compression, stored, ...changes });

test('zlib', () => {
  const array = inspect(compressed('zlib', zlib.deflateSync(bytes))).array(0);
  assert.deepEqual(array.values, values);
});

test('an LZ4 block of literals, unshuffled', () => {
  assert.deepEqual(load(compressed('shuffle-lz4', literals(shuffle(bytes, 8)))).values, values);
});

test('an LZ4 block of matches, which may overlap what they write', () => {
  // 'ab' and 18 more of it, then 'xyz' and 300 bytes that begin 3 back, then 'end!!'.
  const block = Buffer.from([0x2e, 97, 98, 2, 0, 0x3f, 120, 121, 122, 3, 0, 255, 26, 0x50, ...Buffer.from('end!!')]);
  const run = Buffer.from(`${'ab'.repeat(10)}${'xyz'.repeat(101)}end!!`.slice(0));
  const array = load(
    single({ dtype: '|u1', shape: [run.length], bytes: run, compression: 'shuffle-lz4', stored: block }),
  );
  assert.equal(Buffer.from(array.bytes).toString(), run.toString());
});

test('what is shuffled is the item, of a complex number its parts, of U its characters', () => {
  for (const [dtype, unit, count] of [
    ['<f4', 4, 2000],
    ['<c16', 8, 500],
    ['>c8', 4, 1000],
    ['<U5', 4, 400],
    ['|S8', 1, 1000],
    ['<M8[s]', 8, 1000],
    ['|b1', 1, 8000],
  ]) {
    const array = load(
      single({ dtype, shape: [count], bytes, compression: 'shuffle-lz4', stored: literals(shuffle(bytes, unit)) }),
    );
    assert.deepEqual(Buffer.from(array.bytes), bytes, dtype);
  }
  const record = [8, [['a', '<f8', 0]]];
  const array = load(
    single({ dtype: record, shape: [1000], bytes, compression: 'shuffle-lz4', stored: literals(bytes) }),
  );
  assert.deepEqual(Buffer.from(array.bytes), bytes);
});

test('an array of no bytes may be compressed', () => {
  const empty = { dtype: '<f8', shape: [0], bytes: Buffer.alloc(0) };
  assert.equal(load(single({ ...empty, compression: 'zlib', stored: zlib.deflateSync('') })).bytes.length, 0);
  assert.equal(load(single({ ...empty, compression: 'shuffle-lz4', stored: Buffer.from([0]) })).bytes.length, 0);
});

const without = { skip: zlib.zstdDecompressSync === undefined && `Node.js ${process.version} has no zstd` };

test('one zstd frame, unshuffled', without, () => {
  const made = zlib.zstdCompressSync(shuffle(bytes, 8), { pledgedSrcSize: bytes.length });
  assert.deepEqual(load(compressed('shuffle-zstd', made)).values, values);
  assert.deepEqual(load(compressed('shuffle-zstd', rawFrame(shuffle(bytes, 8)))).values, values);
  const checked = zlib.zstdCompressSync(shuffle(bytes, 8), {
    pledgedSrcSize: bytes.length,
    params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 },
  });
  assert.deepEqual(load(compressed('shuffle-zstd', checked)).values, values);
});

test('a zstd frame is refused by A7 where there is no zstd', { skip: !without.skip && 'this Node.js has zstd' }, () => {
  assert.throws(() => load(compressed('shuffle-zstd', rawFrame(shuffle(bytes, 8)))), {
    rule: 'A7',
    message: /written by test 1/,
  });
});

const zstd = zlib.zstdDecompressSync
  ? [
      ['two zstd frames', 'shuffle-zstd', Buffer.concat([rawFrame(bytes), rawFrame(Buffer.alloc(0))])],
      ['a zstd frame that states no size', 'shuffle-zstd', rawFrame(bytes, [0x00, 0x70])],
      ['a zstd frame of fewer bytes', 'shuffle-zstd', rawFrame(bytes.subarray(8))],
      ['half a zstd frame', 'shuffle-zstd', rawFrame(bytes).subarray(0, 4000)],
      ['a skippable zstd frame', 'shuffle-zstd', Buffer.from('502a4d180400000000000000'.padEnd(32, '0'), 'hex')],
      ['a head of a zstd frame', 'shuffle-zstd', rawFrame(bytes).subarray(0, 8)],
    ]
  : [];

const deflated = zlib.deflateSync(bytes);
const BAD = [
  ['bytes that are no zlib stream', 'zlib', Buffer.alloc(100, 7)],
  ['a gzip stream', 'zlib', zlib.gzipSync(bytes)],
  ['a raw deflate stream', 'zlib', zlib.deflateRawSync(bytes)],
  ['a zlib stream with a dictionary', 'zlib', zlib.deflateSync(bytes, { dictionary: bytes })],
  ['half a zlib stream', 'zlib', deflated.subarray(0, -8)],
  [
    'a zlib stream with another checksum',
    'zlib',
    Buffer.concat([deflated.subarray(0, -1), Buffer.from([deflated.at(-1) ^ 1])]),
  ],
  ['bytes behind a zlib stream', 'zlib', Buffer.concat([deflated, Buffer.alloc(1)])],
  ['a zlib stream behind a zlib stream', 'zlib', Buffer.concat([deflated, deflated])],
  ['a zlib stream of fewer bytes', 'zlib', zlib.deflateSync(bytes.subarray(8))],
  ['a zlib stream of more bytes', 'zlib', zlib.deflateSync(Buffer.concat([bytes, bytes]))],
  ['no zlib stream', 'zlib', Buffer.alloc(0)],
  ['half an LZ4 block', 'shuffle-lz4', literals(bytes).subarray(0, 4000)],
  ['an LZ4 block of fewer bytes', 'shuffle-lz4', literals(bytes.subarray(8))],
  ['an LZ4 block of more bytes', 'shuffle-lz4', literals(Buffer.concat([bytes, bytes]))],
  ['an LZ4 block that ends in a match', 'shuffle-lz4', Buffer.from([0x1f, 1, 1, 0, ...Array(31).fill(255), 75])],
  ['an LZ4 match before the first byte', 'shuffle-lz4', Buffer.from([0x1f, 1, 9, 0, ...Array(31).fill(255), 75, 0])],
  ['an LZ4 match of offset 0', 'shuffle-lz4', Buffer.from([0x1f, 1, 0, 0, ...Array(31).fill(255), 75, 0])],
  ['an LZ4 length without an end', 'shuffle-lz4', Buffer.alloc(40, 255)],
  ['an LZ4 match beyond the array', 'shuffle-lz4', Buffer.from([0x1f, 1, 1, 0, ...Array(40).fill(255), 75, 0])],
  ['no LZ4 block', 'shuffle-lz4', Buffer.alloc(0)],
  ...zstd,
];

for (const [what, compression, stored] of BAD) {
  test(`A10: ${what}`, () => {
    const payload = compressed(compression, stored);
    assert.throws(() => inspect(payload).array(0), { rule: 'A10', message: /expected .* found/ });
    assert.throws(() => load(payload), { rule: 'A10' });
  });
}

test('A10: the rows alone show an expansion beyond 1032, before anything is allocated', () => {
  const huge = { dtype: '|u1', shape: [2 ** 45], bytes, compression: 'zlib', stored: deflated };
  assert.throws(() => inspect(single(huge)), { rule: 'A10' });
});
