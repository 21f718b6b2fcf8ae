import assert from 'node:assert/strict';
import test from 'node:test';

import { checkCanonical, load } from '../index.mjs';
import * as a from './assemble.mjs';
import { changed, critical, graph, hex, nil, one, single, value, zeros } from './graphs.mjs';
import { numbered, testRefusals } from './refusals.mjs';

const mesh = (types, changes = {}) => graph({ types, ...changes });
const names = (...list) => a.array(...list.map(a.str));
const usual = {
  body: [a.str('body'), hex('c60000000291c0')],
  digests: [a.str('digests'), hex('c600000000')],
  writer: [a.str('writer'), a.array(a.str('t'), a.str('1'))],
  critical: [a.str('critical'), a.map(critical({}).map(([key, form]) => [a.str(key), form]))],
  ancillary: [a.str('ancillary'), a.map([])],
  pad: [a.str('pad')],
};
const header = (changes) => ({ entries: Object.values({ ...usual, ...changes }).flat() });

const CASES = [
  ['nothing', Buffer.alloc(0), 'P1', 'I'],
  ['another file', Buffer.from('\x89PNG\r\n\x1a\n and more'), 'P1', 'I'],
  ['63 bytes', nil().subarray(0, 63), 'P2', 'I'],
  ['a map of 9 entries', nil({ change: changed({ 8: '89' }) }), 'P2', 'I'],
  ['no map', nil({ change: changed({ 8: '9a' }) }), 'P2', 'I'],
  ['another key than digest', nil({ change: changed({ 10: '44' }) }), 'P2', 'I'],
  ['another key than wire', nil({ change: changed({ 35: '57' }) }), 'P2', 'I'],
  ['wire version 0', nil({ wire: 0 }), 'P2', 'I'],
  ['wire version 128', nil({ wire: 128 }), 'P2', 'I'],
  ['a size of 32 bits', nil({ change: changed({ 45: 'ce' }) }), 'P2', 'I'],
  ['another key than head', nil({ change: changed({ 55: '48' }) }), 'P2', 'I'],
  ['wire version 1', nil({ wire: 1 }), 'P3', 'I'],
  ['wire version 3 with 13 entries', nil({ wire: 3, change: changed({ 8: '8d' }) }), 'P3', 'I'],
  ['a byte more', Buffer.concat([nil(), zeros(1)]), 'P4', 'I'],
  ['a byte less', nil().subarray(0, -1), 'P4', 'I'],
  ['a size beyond all memory', nil({ size: 2n ** 64n - 1n }), 'P4', 'I'],
  ['a head of 63', nil({ change: changed({ 60: '0000003f' }) }), 'P5', 'I'],
  ['a head of 0', nil({ change: changed({ 60: '00000000' }) }), 'P5', 'I'],
  ['a head beyond the payload', nil({ change: changed({ 60: 'ffffffc0' }) }), 'P5', 'I'],
  ['another digest', changed({ 18: 'ffff' })(nil()), 'P6', 'I'],
  ['a changed byte', changed({ 74: '92' })(nil()), 'P6', 'I'],

  ['a head of 64 bytes', a.sign(changed({ 60: '00000040' })(nil())), 'H1', 'I'],
  ['a body longer than the header', nil({ change: changed({ 70: '7fffffff' }) }), 'H1', 'I'],
  ['a byte that begins no object', nil(header({ pad: [a.str('pad'), hex('c1')] })), 'H1', 'I'],
  [
    'a pad of a bin of 16-bit length',
    nil({ padForm: (left) => Buffer.concat([hex('c500'), Buffer.from([left - 1]), zeros(left - 1)]) }),
    'H2',
    'I',
  ],
  ['a body of 16-bit length', nil(header({ body: [a.str('body'), hex('c5000291c0')] })), 'H2', 'I'],
  ['digests of 8-bit length', nil(header({ digests: [a.str('digests'), hex('c400')] })), 'H2', 'I'],
  ['a writer of one string', nil({ writerForm: names('t') }), 'H2', 'I'],
  ['a writer of integers', nil({ writerForm: a.array(a.int(1), a.int(2)) }), 'H2', 'I'],
  ['another order', nil(header({ writer: [], critical: [...usual.critical, ...usual.writer] })), 'H2', 'I'],
  ['another key', nil(header({ writer: [a.str('Writer'), names('t', '1')] })), 'H2', 'I'],
  ['a pad of 64 bytes', nil({ padForm: (left) => a.bin(zeros(left + 64)) }), 'H2', 'I'],
  ['a pad that is not zero', nil({ change: (bytes) => changed({ [bytes.length - 1]: '01' })(bytes) }), 'H2', 'I'],
  ['an array as critical', nil(header({ critical: [a.str('critical'), a.array()] })), 'H2', 'I'],
  ['nil as ancillary', nil(header({ ancillary: [a.str('ancillary'), a.nil] })), 'H2', 'I'],
  ['a header with an integer in a longer form', nil({ critical: critical({ objects: hex('dc0000') }) }), 'H2', 'C'],
  ['the key writer in a longer form', nil(header({ writer: [hex('d906777269746572'), names('t', '1')] })), 'H2', 'C'],
  [
    'the key digests in a longer form',
    nil(header({ digests: [hex('d90764696765737473'), hex('c600000000')] })),
    'H2',
    'I',
  ],
  ['an integer as key', nil({ ancillary: [[a.int(1), a.nil]] }), 'H3', 'I'],
  ['a map as key', nil({ ancillary: [[a.map([]), a.nil]] }), 'H3', 'I'],
  [
    'a key twice',
    nil({
      ancillary: [
        ['a', a.nil],
        ['a', a.nil],
      ],
    }),
    'H3',
    'I',
  ],
  [
    'a key twice deep inside',
    nil({
      ancillary: [
        [
          'meta',
          a.array(
            a.map([
              [a.str('x'), a.nil],
              [a.str('x'), a.nil],
            ]),
          ),
        ],
      ],
    }),
    'H3',
    'I',
  ],
  ['a critical key twice', nil({ critical: [...critical({}), ['root', a.str('nil')]] }), 'H3', 'I'],
  ['an ext type in ancillary', nil({ ancillary: [['meta', a.array(a.ext(1, zeros(1)))]] }), 'H3', 'I'],
  ['a string that is not UTF-8 in ancillary', nil({ ancillary: [['meta', hex('a1ff')]] }), 'H3', 'I'],
  ['no root', nil({ critical: critical({}).filter(([key]) => key !== 'root') }), 'H4', 'I'],
  ['critical keys in another order', nil({ critical: critical({}).toReversed() }), 'H4', 'C'],
  ['a critical key of later', nil({ critical: [...critical({}), ['encryption', a.nil]] }), 'H5', 'I'],
  ['a backend of later', nil({ backend: 'torch' }), 'H7', 'I'],
  ['a backend of nil', nil({ critical: critical({ backend: a.nil }) }), 'H7', 'I'],
  ['a root of nil', nil({ critical: critical({ root: a.nil }) }), 'H7', 'I'],
  [
    'a type of 3 items',
    nil({ critical: critical({ types: a.array(a.array(a.str('Mesh'), a.int(1), a.array())) }) }),
    'H8',
    'I',
  ],
  ['types of nil', nil({ critical: critical({ types: a.nil }) }), 'H4', 'I'],
  ['objects of a map', nil({ critical: critical({ objects: a.map([]) }) }), 'H4', 'I'],
  ['arrays of a bin', nil({ critical: critical({ arrays: a.bin(zeros(0)) }) }), 'H4', 'I'],
  ['a schema version of 0', mesh([['Mesh', 0, ['shape', '_use_jax'], ['area']]]), 'H8', 'I'],
  [
    'a schema version of 1.0',
    nil({ critical: critical({ types: a.array(a.array(a.str('Mesh'), a.float(1), a.array(), a.array())) }) }),
    'H8',
    'I',
  ],
  ['a field twice', mesh([['Mesh', 2, ['shape', 'shape'], ['area']]]), 'H8', 'I'],
  [
    'an integer as field',
    nil({ critical: critical({ types: a.array(a.array(a.str('Mesh'), a.int(1), a.array(a.int(1)), a.array())) }) }),
    'H8',
    'I',
  ],
  ['an object of row 0 where there is none', nil({ objects: [0] }), 'H9', 'I'],
  ['an object of -4', nil({ objects: [-4] }), 'H9', 'I'],
  ['an object of 0.0', nil({ critical: critical({ objects: a.array(a.float(0)) }) }), 'H9', 'I'],
  ['a type without an object', nil({ types: [['Mesh', 2, ['shape', '_use_jax'], []]] }), 'H10', 'L'],
  [
    'two equal types',
    a.payload({
      root: 'tuple',
      types: [
        ['Mesh', 1, ['shape', 'pixels'], []],
        ['Mesh', 1, ['shape', 'pixels'], []],
      ],
      objects: [0, 1],
      items: [a.array(a.object(0), a.object(1)), a.array(a.nil, a.nil), a.array(a.nil, a.nil)],
    }),
    'H10',
    'L',
  ],
  [
    'types in another order',
    a.payload({
      root: 'tuple',
      types: [
        ['Mesh', 1, ['shape', 'pixels'], []],
        ['Mesh', 2, ['shape', '_use_jax'], []],
      ],
      objects: [1, 0],
      items: [a.array(a.object(0), a.object(1)), a.array(a.nil, a.nil), a.array(a.nil, a.nil)],
    }),
    'H10',
    'L',
  ],
  ['an unknown type', mesh([['Cube', 2, ['shape', '_use_jax'], ['area']]], { root: 'Cube' }), 'H11', 'L'],
  [
    'a type of the name of a property',
    mesh([['constructor', 2, ['shape', '_use_jax'], ['area']]], { root: 'constructor' }),
    'H11',
    'L',
  ],
  ['an unknown schema version', mesh([['Mesh', 3, ['shape', '_use_jax'], ['area']]]), 'H11', 'L'],
  ['an unknown field', mesh([['Mesh', 2, ['shape', 'color'], ['area']]]), 'H11', 'L'],
  ['a missing field', mesh([['Mesh', 2, ['shape', 'name'], ['area']]]), 'H11', 'L'],
  ['an unknown result', mesh([['Mesh', 2, ['shape', '_use_jax'], ['volume']]]), 'H11', 'L'],
  ['fields in another order', mesh([['Mesh', 2, ['_use_jax', 'shape'], ['area']]]), 'H11', 'C'],
  [
    'an optional field before another',
    a.payload({
      root: 'Mesh',
      types: [['Mesh', 2, ['shape', 'name', '_use_jax'], []]],
      objects: [0],
      items: [a.object(0), a.array(a.nil, a.nil, a.nil)],
    }),
    'H11',
    'C',
  ],
  [
    'results in another order',
    a.payload({
      root: 'Mesh',
      types: [['Mesh', 1, ['shape', 'pixels'], ['edges', 'area']]],
      objects: [0],
      items: [a.object(0), a.array(a.nil, a.nil, a.nil, a.nil)],
    }),
    'H11',
    'C',
  ],
  [
    'ancillary keys in another order',
    nil({
      ancillary: [
        ['b', a.nil],
        ['a', a.nil],
      ],
    }),
    'H12',
    'C',
  ],
];

// H6 is said again by A6 and A7, whose names are those that a refusal has.
testRefusals(CASES, [...numbered('P', 6), ...numbered('H', 12).filter((rule) => rule !== 'H6')]);

test('what is not known is refused with the name of the writer', () => {
  const cases = [
    nil({ wire: 7, writer: ['lens', '9.1'] }),
    nil({ critical: [...critical({}), ['new', a.nil]], writer: ['lens', '9.1'] }),
    single({ ...one, flags: 8 }, { writer: ['lens', '9.1'] }),
    value(a.ext(9, zeros(1)), 'nil', { writer: ['lens', '9.1'] }),
    single({ ...one, compression: 'new', stored: zeros(16) }, { writer: ['lens', '9.1'] }),
  ];
  for (const bytes of cases) assert.throws(() => load(bytes), /expected .* found .*written by lens 9\.1/);
});

test('an open type has further fields in the order of the object', () => {
  const registry = { Galaxy: { 1: { fields: ['redshift'], open: true }, results: ['area'] } };
  const galaxy = (...fields) =>
    a.payload({
      root: 'Galaxy',
      types: [['Galaxy', 1, fields, []]],
      objects: [0],
      items: [a.object(0), a.array(...fields.map(() => a.nil))],
    });
  for (const fields of [['redshift'], ['redshift', 'mass', 'bulge'], ['redshift', 'bulge', 'mass']]) {
    load(galaxy(...fields), { registry });
    checkCanonical(galaxy(...fields), { registry });
  }
  assert.throws(() => checkCanonical(galaxy('mass', 'redshift'), { registry }), /H11/);
  for (const fields of [['mass'], ['redshift', '__proto__'], ['redshift', 'area']])
    assert.throws(() => load(galaxy(...fields), { registry }), /H11/);
});
