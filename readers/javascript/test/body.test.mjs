import * as a from './assemble.mjs';
import { both, graph, hex, nil, one, single, value, zeros } from './graphs.mjs';
import { numbered, testRefusals } from './refusals.mjs';

const deep = (depth, inner = a.int(1)) => {
  for (let at = 2; at <= depth; at++) inner = a.array(inner);
  return inner;
};
const dict = (...entries) => a.payload({ items: [a.object(0), a.array(...entries)], objects: [-2], root: 'dict' });
const setOf = (record) => a.payload({ items: [a.object(0), record], objects: [-3], root: 'set' });
const frozen = (data) => value(a.ext(6, data), 'frozenset');

const CASES = [
  ['a body that is no array', nil({ body: hex('c0') }), 'B1', 'L'],
  ['an empty body', nil({ body: zeros(0) }), 'B1', 'L'],
  ['a record too much', nil({ items: [a.nil, a.array()] }), 'B1', 'L'],
  ['bytes behind the body', nil({ body: hex('91c0c0') }), 'B1', 'L'],
  ['an array of 2^32 - 1 items', nil({ body: hex('91ddffffffff') }), 'B1', 'L'],
  ['a string of 2^32 - 1 bytes', nil({ body: hex('91dbffffffff') }), 'B1', 'L'],
  ['a record that is no array', a.payload({ items: [a.object(0), a.nil], objects: [-1], root: 'list' }), 'B1', 'L'],
  [
    'a record of a field less',
    a.payload({
      root: 'Mesh',
      types: [['Mesh', 1, ['shape', 'pixels'], []]],
      objects: [0],
      items: [a.object(0), a.array(a.nil)],
    }),
    'B1',
    'L',
  ],
  ['a key without a value', dict(a.int(1)), 'B1', 'L'],
  ['a map', value(a.map([]), 'nil'), 'B2', 'L'],
  ['a map as record', a.payload({ items: [a.object(0), a.map([])], objects: [-1], root: 'list' }), 'B2', 'L'],
  ['a string that is not UTF-8', value(hex('a2c328'), 'str'), 'B2', 'L'],
  ['a surrogate', value(hex('a3eda080'), 'str'), 'B2', 'L'],
  ['ext type 7', value(a.ext(7, zeros(1)), 'nil'), 'B3', 'L'],
  ['a timestamp', value(a.ext(-1, zeros(4)), 'nil'), 'B3', 'L'],
  ['a float of 32 bits', value(hex('ca3f800000'), 'float'), 'B4', 'L'],
  ['an integer in a longer form', value(hex('cc05'), 'int'), 'B4', 'C'],
  ['an integer in a signed form', value(hex('d10100'), 'int'), 'B4', 'C'],
  ['a string in a longer form', value(hex('d90161'), 'str'), 'B4', 'C'],
  ['a bin in a longer form', value(hex('c5000161'), 'bytes'), 'B4', 'C'],
  ['an array in a longer form', value(hex('dc000101'), 'tuple'), 'B4', 'C'],
  ['an ext type in a longer form', value(Buffer.concat([hex('c71004'), zeros(16)]), 'complex'), 'B4', 'C'],
  [
    'a reference of two bytes to 0',
    a.payload({ items: [a.ext(1, zeros(2)), a.array()], objects: [-1], root: 'list' }),
    'B5',
    'L',
  ],
  ['a reference to no object', value(a.object(0), 'list'), 'B5', 'L'],
  ['a reference to no array', value(a.arrayRef(0), 'array'), 'B5', 'L'],
  [
    'objects in another order',
    a.payload({
      items: [a.array(a.object(1), a.object(0)), a.array(), a.array()],
      objects: [-1, -1],
      root: 'tuple',
    }),
    'B6',
    'L',
  ],
  ['arrays in another order', a.payload({ ...both, items: [a.array(a.arrayRef(1), a.arrayRef(0))] }), 'B6', 'L'],
  ['an array that nothing refers to', a.payload({ ...both, items: [a.array(a.arrayRef(0))] }), 'B6', 'L'],
  ['an object that nothing refers to', a.payload({ items: [a.nil, a.array()], objects: [-1], root: 'nil' }), 'B6', 'L'],
  [
    'an object that stands in its own record alone',
    a.payload({
      items: [a.nil, a.array(a.object(0))],
      objects: [-1],
      root: 'nil',
    }),
    'B6',
    'C',
  ],
  [
    'a list as key',
    a.payload({ items: [a.object(0), a.array(a.object(1), a.nil), a.array()], objects: [-2, -1], root: 'dict' }),
    'B7',
    'L',
  ],
  [
    'an array as key',
    single(one, { items: [a.object(0), a.array(a.arrayRef(0), a.nil)], objects: [-2], root: 'dict' }),
    'B7',
    'L',
  ],
  [
    'an object in a tuple as key',
    a.payload({
      items: [a.array(a.object(0)), a.array(a.array(a.object(0)), a.nil)],
      objects: [-2],
      root: 'tuple',
    }),
    'B7',
    'L',
  ],
  [
    'an object in a set',
    a.payload({ items: [a.object(0), a.array(a.object(0))], objects: [-3], root: 'set' }),
    'B7',
    'L',
  ],
  ['a frozenset in a frozenset', value(a.frozenset(a.frozenset()), 'frozenset'), 'B7', 'L'],
  ['a set in another order', setOf(a.array(a.int(2), a.int(1))), 'B7', 'C'],
  ['a frozenset in another order', value(a.frozenset(a.int(2), a.int(1)), 'frozenset'), 'B7', 'C'],
  ['a key twice in a dict', dict(a.int(1), a.nil, a.int(1), a.nil), 'B8', 'L'],
  ['an equal tuple twice in a set', setOf(a.array(a.array(a.int(1)), a.array(a.int(1)))), 'B8', 'L'],
  [
    'an equal tuple twice in a set, in two forms',
    setOf(a.array(a.array(a.int(1)), a.array(hex('cc01')))),
    'B8',
    'LB8 CB4',
  ],
  ['an element twice in a frozenset', value(a.frozenset(a.int(1), a.int(1)), 'frozenset'), 'B8', 'L'],
  ['1 and 1.0, which are one key here', dict(a.int(1), a.nil, a.float(1), a.nil), 'B8', 'LB8'],
  ['another root', value(a.int(1), 'float'), 'B9', 'L'],
  ['the root of another type', graph({ root: 'list' }), 'B9', 'L'],
  ['a bool that is said to be an int', value(a.bool(true), 'int'), 'B9', 'L'],
  ['jax without an array of it', nil({ backend: 'jax' }), 'B10', 'L'],
  ['numpy with an array of jax', single({ ...one, flags: 2 }), 'B10', 'L'],
  ['mixed with arrays of jax alone', single({ ...one, flags: 2 }, { backend: 'mixed' }), 'B10', 'L'],
  [
    'an index of 3 bytes',
    a.payload({ items: [a.ext(1, zeros(3)), a.array()], objects: [-1], root: 'list' }),
    'B5',
    'L',
  ],
  ['a complex number of 8 bytes', value(a.ext(4, zeros(8)), 'complex'), 'B11', 'L'],
  ['a big integer of 64 bits', value(a.ext(5, hex('00ffffffffffffffff')), 'int'), 'B11', 'L'],
  ['a big integer with a byte too much', value(a.ext(5, hex('00010000000000000000')), 'int'), 'B11', 'L'],
  ['a big integer of no byte', value(a.ext(5, zeros(0)), 'int'), 'B11', 'L'],
  ['a scalar of no byte', value(a.ext(3, zeros(0)), 'scalar'), 'B11', 'L'],
  ['a scalar of another order of bytes', value(a.scalar('>f8', zeros(8)), 'scalar'), 'B11', 'L'],
  ['a scalar of a string dtype', value(a.scalar('|S1', zeros(1)), 'scalar'), 'B11', 'L'],
  ['a scalar of a byte less', value(a.scalar('<f8', zeros(7)), 'scalar'), 'B11', 'L'],
  ['a scalar of an object', value(a.scalar('|O', zeros(8)), 'scalar'), 'B11', 'L'],
  ['a scalar whose dtype is longer than it', value(a.ext(3, hex('ff3c6638')), 'scalar'), 'B11', 'L'],
  ['a scalar of a unit of a multiple of 1', value(a.scalar('<M8[1s]', zeros(8)), 'scalar'), 'B11', 'C'],
  ['a scalar of a bool of 2', value(a.scalar('|b1', hex('02')), 'scalar'), 'B11', 'C'],
  ['a frozenset that is no array', frozen(a.nil), 'B11', 'L'],
  ['a frozenset of two arrays', frozen(hex('9090')), 'B11', 'L'],
  ['a frozenset of 2^32 - 1 elements', frozen(hex('ddffffffff')), 'B11', 'L'],
  ['501 arrays', value(deep(501), 'tuple'), 'B12', 'L'],
  ['a million arrays', value(Buffer.concat([Buffer.alloc(1e6, 0x91), a.nil]), 'tuple'), 'B12', 'L'],
  ['501 arrays in a frozenset', frozen(a.array(deep(501))), 'B12', 'L'],
];

testRefusals(CASES, numbered('B', 12));
