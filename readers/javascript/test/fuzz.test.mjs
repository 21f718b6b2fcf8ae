import assert from 'node:assert/strict';
import test from 'node:test';
import zlib from 'node:zlib';

import { checkCanonical, FormatError, inspect, load } from '../index.mjs';
import * as a from './assemble.mjs';
import { floats, graph, REGISTRY } from './graphs.mjs';

const COUNT = Number(process.env.AAS_MUTATIONS ?? 5000);

/** Numbers that are the same in each run (Marsaglia's xorshift, 2003). */
function generator(seed) {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const WORDS = [
  'c0',
  'c1',
  '90',
  '80',
  'a0',
  'c6ffffffff',
  'ddffffffff',
  'dfffffffff',
  'dbffffffff',
  'c9ffffffff06',
  'cb7ff8000000000001',
  'd70600',
  'ff',
  '91',
];

function mutate(bytes, random) {
  let copy = Buffer.from(bytes);
  for (let left = 1 + random(3); left > 0; left--) {
    const at = 39 + random(copy.length - 39);
    const kind = random(4);
    const word = Buffer.from(WORDS[random(WORDS.length)], 'hex');
    if (kind === 0) copy[at] ^= 1 << random(8);
    else if (kind === 1) copy[at] = random(256);
    else if (kind === 2) word.copy(copy, at);
    else copy.copyWithin(at, 39 + random(copy.length - 39), 39 + random(copy.length - 39));
  }
  const head = copy.readUInt32BE(60);
  if (random(8) === 0) copy = copy.subarray(0, 64 + random(copy.length - 64));
  if (random(8) > 0) copy.writeBigUInt64BE(BigInt(copy.length), 46);
  return a.sign(copy, Math.min(head, copy.length));
}

test(`${COUNT} mutations of signed payloads load or are refused`, () => {
  const options = { registry: REGISTRY };
  const row = { dtype: '<f8', shape: [4], bytes: floats(1, 2, 3, 4) };
  const seeds = [
    graph(),
    a.payload({
      items: [a.array(a.arrayRef(0), a.arrayRef(1))],
      root: 'tuple',
      ancillary: [['meta', a.map([[a.str('x'), a.float(1)]])]],
      arrays: [
        { ...row, compression: 'zlib', stored: zlib.deflateSync(row.bytes) },
        {
          ...row,
          compression: 'shuffle-lz4',
          stored: Buffer.concat([Buffer.from([0xf0, 17]), Buffer.alloc(32)]),
          bytes: Buffer.alloc(32),
        },
      ],
    }),
  ];
  const random = generator(20261126);
  const outcomes = {};
  for (let count = 0; count < COUNT; count++) {
    const bytes = mutate(seeds[count % seeds.length], random);
    for (const program of [inspect, load, checkCanonical]) {
      let outcome = 'success';
      try {
        program(bytes, options);
      } catch (error) {
        assert.ok(error instanceof FormatError, `${error.stack}\n${bytes.toString('hex')}`);
        outcome = error.rule;
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  }
  assert.ok(outcomes.success > 100 && Object.keys(outcomes).length > 15, JSON.stringify(outcomes));
});
