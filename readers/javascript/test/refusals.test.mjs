import assert from 'node:assert/strict';
import test from 'node:test';

import { checkCanonical, FormatError, inspect, load } from '../index.mjs';
import * as a from './assemble.mjs';
import { floats, graph, REGISTRY, set, single, value } from './graphs.mjs';

const options = { registry: REGISTRY };
const hex = (text) => Buffer.from(text, 'hex');

/** Which of the three programs refuse a payload, and by which rule. */
function refusals(bytes) {
  const programs = {
    I: () => inspect(bytes).arrays.forEach((_, i, arrays) => inspect(bytes).array(i)),
    L: () => load(bytes, options),
    C: () => checkCanonical(bytes, options),
  };
  return Object.entries(programs).map(([letter, program]) => {
    try {
      program();
      return '';
    } catch (error) {
      assert.ok(error instanceof FormatError, error.stack);
      return `${letter}${error.rule}`;
    }
  }).filter((refusal) => refusal !== '').join(' ');
}

const changed = (changes) => (bytes) => {
  for (const [at, text] of Object.entries(changes)) hex(text).copy(bytes, Number(at));
  return bytes;
};

const one = { dtype: '<f8', shape: [2], bytes: floats(1, 2) };
const two = [one, { dtype: '|u1', shape: [3], bytes: hex('010203') }];
const both = { items: [a.array(a.arrayRef(0), a.arrayRef(1))], root: 'tuple', arrays: two };
const row = (dtype, ...rest) => a.array(typeof dtype === 'string' ? a.str(dtype) : dtype, ...rest);
const rows = (...items) => ({ rows: [row(...items)] });
const shape2 = a.array(a.int(2));
const mesh = (types, changes = {}) => graph({ types, ...changes });
const critical = (changes) => [
  ['backend', a.str('numpy')], ['root', a.str('nil')], ['types', a.array()], ['objects', a.array()], ['arrays', a.array()],
].map(([key, form]) => [key, changes[key] ?? form]);
const usual = {
  body: [a.str('body'), hex('c60000000291c0')], digests: [a.str('digests'), hex('c600000000')],
  writer: [a.str('writer'), a.array(a.str('t'), a.str('1'))],
  critical: [a.str('critical'), a.map(critical({}).map(([key, form]) => [a.str(key), form]))],
  ancillary: [a.str('ancillary'), a.map([])], pad: [a.str('pad')],
};
const header = (changes) => ({ entries: Object.values({ ...usual, ...changes }).flat() });
const nil = (changes) => value(a.nil, 'nil', changes);
const deep = (depth, inner = a.int(1)) => {
  for (let at = 2; at <= depth; at++) inner = a.array(inner);
  return inner;
};
const dict = (...entries) => a.payload({ items: [a.object(0), a.array(...entries)], objects: [-2], root: 'dict' });
const setOf = (record) => a.payload({ items: [a.object(0), record], objects: [-3], root: 'set' });
const frozen = (data) => value(a.ext(6, data), 'frozenset');
const record = (size, ...fields) => [size, fields];
const zeros = (count) => Buffer.alloc(count);
const names = (...list) => a.array(...list.map(a.str));

/** [what it is, the payload, the rule, and the first program that refuses it by that rule, or each with its rule]. */
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
  ['a pad of a bin of 16-bit length', nil({ padForm: (left) => Buffer.concat([hex('c500'), Buffer.from([left - 1]), zeros(left - 1)]) }), 'H2', 'I'],
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
  ['an integer as key', nil({ ancillary: [[a.int(1), a.nil]] }), 'H3', 'I'],
  ['a map as key', nil({ ancillary: [[a.map([]), a.nil]] }), 'H3', 'I'],
  ['a key twice', nil({ ancillary: [['a', a.nil], ['a', a.nil]] }), 'H3', 'I'],
  ['a key twice deep inside', nil({ ancillary: [['meta', a.array(a.map([[a.str('x'), a.nil], [a.str('x'), a.nil]]))]] }), 'H3', 'I'],
  ['a critical key twice', nil({ critical: [...critical({}), ['root', a.str('nil')]] }), 'H3', 'I'],
  ['an ext type in ancillary', nil({ ancillary: [['meta', a.array(a.ext(1, zeros(1)))]] }), 'H3', 'I'],
  ['a string that is not UTF-8 in ancillary', nil({ ancillary: [['meta', hex('a1ff')]] }), 'H3', 'I'],
  ['no root', nil({ critical: critical({}).filter(([key]) => key !== 'root') }), 'H4', 'I'],
  ['critical keys in another order', nil({ critical: critical({}).toReversed() }), 'H4', 'C'],
  ['a critical key of later', nil({ critical: [...critical({}), ['encryption', a.nil]] }), 'H5', 'I'],
  ['a backend of later', nil({ backend: 'torch' }), 'H7', 'I'],
  ['a backend of nil', nil({ critical: critical({ backend: a.nil }) }), 'H7', 'I'],
  ['a root of nil', nil({ critical: critical({ root: a.nil }) }), 'H7', 'I'],
  ['a type of 3 items', nil({ critical: critical({ types: a.array(a.array(a.str('Mesh'), a.int(1), a.array())) }) }), 'H8', 'I'],
  ['types of nil', nil({ critical: critical({ types: a.nil }) }), 'H4', 'I'],
  ['objects of a map', nil({ critical: critical({ objects: a.map([]) }) }), 'H4', 'I'],
  ['arrays of a bin', nil({ critical: critical({ arrays: a.bin(zeros(0)) }) }), 'H4', 'I'],
  ['a schema version of 0', mesh([['Mesh', 0, ['shape', '_use_jax'], ['area']]]), 'H8', 'I'],
  ['a schema version of 1.0', nil({ critical: critical({ types: a.array(a.array(a.str('Mesh'), a.float(1), a.array(), a.array())) }) }), 'H8', 'I'],
  ['a field twice', mesh([['Mesh', 2, ['shape', 'shape'], ['area']]]), 'H8', 'I'],
  ['an integer as field', nil({ critical: critical({ types: a.array(a.array(a.str('Mesh'), a.int(1), a.array(a.int(1)), a.array())) }) }), 'H8', 'I'],
  ['an object of row 0 where there is none', nil({ objects: [0] }), 'H9', 'I'],
  ['an object of -4', nil({ objects: [-4] }), 'H9', 'I'],
  ['an object of 0.0', nil({ critical: critical({ objects: a.array(a.float(0)) }) }), 'H9', 'I'],
  ['a type without an object', nil({ types: [['Mesh', 2, ['shape', '_use_jax'], []]] }), 'H10', 'L'],
  ['two equal types', a.payload({
    root: 'tuple', types: [['Mesh', 1, ['shape', 'pixels'], []], ['Mesh', 1, ['shape', 'pixels'], []]], objects: [0, 1],
    items: [a.array(a.object(0), a.object(1)), a.array(a.nil, a.nil), a.array(a.nil, a.nil)],
  }), 'H10', 'L'],
  ['types in another order', a.payload({
    root: 'tuple', types: [['Mesh', 1, ['shape', 'pixels'], []], ['Mesh', 2, ['shape', '_use_jax'], []]], objects: [1, 0],
    items: [a.array(a.object(0), a.object(1)), a.array(a.nil, a.nil), a.array(a.nil, a.nil)],
  }), 'H10', 'L'],
  ['an unknown type', mesh([['Cube', 2, ['shape', '_use_jax'], ['area']]], { root: 'Cube' }), 'H11', 'L'],
  ['a type of the name of a property', mesh([['constructor', 2, ['shape', '_use_jax'], ['area']]], { root: 'constructor' }), 'H11', 'L'],
  ['an unknown schema version', mesh([['Mesh', 3, ['shape', '_use_jax'], ['area']]]), 'H11', 'L'],
  ['an unknown field', mesh([['Mesh', 2, ['shape', 'colour'], ['area']]]), 'H11', 'L'],
  ['a missing field', mesh([['Mesh', 2, ['shape', 'name'], ['area']]]), 'H11', 'L'],
  ['an unknown result', mesh([['Mesh', 2, ['shape', '_use_jax'], ['volume']]]), 'H11', 'L'],
  ['fields in another order', mesh([['Mesh', 2, ['_use_jax', 'shape'], ['area']]]), 'H11', 'C'],
  ['an optional field before another', a.payload({
    root: 'Mesh', types: [['Mesh', 2, ['shape', 'name', '_use_jax'], []]], objects: [0],
    items: [a.object(0), a.array(a.nil, a.nil, a.nil)],
  }), 'H11', 'C'],
  ['results in another order', a.payload({
    root: 'Mesh', types: [['Mesh', 1, ['shape', 'pixels'], ['edges', 'area']]], objects: [0],
    items: [a.object(0), a.array(a.nil, a.nil, a.nil, a.nil)],
  }), 'H11', 'C'],
  ['ancillary keys in another order', nil({ ancillary: [['b', a.nil], ['a', a.nil]] }), 'H12', 'C'],

  ['a body that is no array', nil({ body: hex('c0') }), 'B1', 'L'],
  ['an empty body', nil({ body: zeros(0) }), 'B1', 'L'],
  ['a record too much', nil({ items: [a.nil, a.array()] }), 'B1', 'L'],
  ['bytes behind the body', nil({ body: hex('91c0c0') }), 'B1', 'L'],
  ['an array of 2^32 - 1 items', nil({ body: hex('91ddffffffff') }), 'B1', 'L'],
  ['a string of 2^32 - 1 bytes', nil({ body: hex('91dbffffffff') }), 'B1', 'L'],
  ['a record that is no array', a.payload({ items: [a.object(0), a.nil], objects: [-1], root: 'list' }), 'B1', 'L'],
  ['a record of a field less', a.payload({
    root: 'Mesh', types: [['Mesh', 1, ['shape', 'pixels'], []]], objects: [0], items: [a.object(0), a.array(a.nil)],
  }), 'B1', 'L'],
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
  ['a header with an integer in a longer form', nil({ critical: critical({ objects: hex('dc0000') }) }), 'B4', 'C'],
  ['a reference of two bytes to 0', a.payload({ items: [a.ext(1, zeros(2)), a.array()], objects: [-1], root: 'list' }), 'B5', 'L'],
  ['a reference to no object', value(a.object(0), 'list'), 'B5', 'L'],
  ['a reference to no array', value(a.arrayRef(0), 'array'), 'B5', 'L'],
  ['objects in another order', a.payload({
    items: [a.array(a.object(1), a.object(0)), a.array(), a.array()], objects: [-1, -1], root: 'tuple',
  }), 'B6', 'L'],
  ['arrays in another order', a.payload({ ...both, items: [a.array(a.arrayRef(1), a.arrayRef(0))] }), 'B6', 'L'],
  ['an array that nothing refers to', a.payload({ ...both, items: [a.array(a.arrayRef(0))] }), 'B6', 'L'],
  ['an object that nothing refers to', a.payload({ items: [a.nil, a.array()], objects: [-1], root: 'nil' }), 'B6', 'L'],
  ['an object that stands in its own record alone', a.payload({
    items: [a.nil, a.array(a.object(0))], objects: [-1], root: 'nil',
  }), 'B6', 'L'],
  ['a list as key', a.payload({ items: [a.object(0), a.array(a.object(1), a.nil), a.array()], objects: [-2, -1], root: 'dict' }), 'B7', 'L'],
  ['an array as key', single(one, { items: [a.object(0), a.array(a.arrayRef(0), a.nil)], objects: [-2], root: 'dict' }), 'B7', 'L'],
  ['an object in a tuple as key', a.payload({
    items: [a.array(a.object(0)), a.array(a.array(a.object(0)), a.nil)], objects: [-2], root: 'tuple',
  }), 'B7', 'L'],
  ['an object in a set', a.payload({ items: [a.object(0), a.array(a.object(0))], objects: [-3], root: 'set' }), 'B7', 'L'],
  ['a frozenset in a frozenset', value(a.frozenset(a.frozenset()), 'frozenset'), 'B7', 'L'],
  ['a set in another order', setOf(a.array(a.int(2), a.int(1))), 'B7', 'C'],
  ['a frozenset in another order', value(a.frozenset(a.int(2), a.int(1)), 'frozenset'), 'B7', 'C'],
  ['a key twice in a dict', dict(a.int(1), a.nil, a.int(1), a.nil), 'B8', 'L'],
  ['an equal tuple twice in a set', setOf(a.array(a.array(a.int(1)), a.array(a.int(1)))), 'B8', 'L'],
  ['an equal tuple twice in a set, in two forms', setOf(a.array(a.array(a.int(1)), a.array(hex('cc01')))), 'B8', 'LB8 CB4'],
  ['an element twice in a frozenset', value(a.frozenset(a.int(1), a.int(1)), 'frozenset'), 'B8', 'L'],
  ['1 and 1.0, which are one key here', dict(a.int(1), a.nil, a.float(1), a.nil), 'B8', 'LB8'],
  ['another root', value(a.int(1), 'float'), 'B9', 'L'],
  ['the root of another type', graph({ root: 'list' }), 'B9', 'L'],
  ['a bool that is said to be an int', value(a.bool(true), 'int'), 'B9', 'L'],
  ['jax without an array of it', nil({ backend: 'jax' }), 'B10', 'L'],
  ['numpy with an array of jax', single({ ...one, flags: 2 }), 'B10', 'L'],
  ['mixed with arrays of jax alone', single({ ...one, flags: 2 }, { backend: 'mixed' }), 'B10', 'L'],
  ['an index of 3 bytes', a.payload({ items: [a.ext(1, zeros(3)), a.array()], objects: [-1], root: 'list' }), 'B5', 'L'],
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

  ['a row of 5 items', single(one, rows('<f8', shape2, a.int(0), a.int(0), a.str('zlib'))), 'A1', 'I'],
  ['a negative length', single(one, rows('<f8', a.array(a.int(-2)), a.int(0), a.int(0))), 'A1', 'I'],
  ['a length of 2.0', single(one, rows('<f8', a.array(a.float(2)), a.int(0), a.int(0))), 'A1', 'I'],
  ['a shape of 65 lengths', single(one, rows('<f8', a.array(...Array.from({ length: 65 }, () => a.int(1))), a.int(0), a.int(0))), 'A1', 'I'],
  ['flags of nil', single(one, rows('<f8', shape2, a.nil, a.int(0))), 'A1', 'I'],
  ['a dtype of nil', single(one, rows(a.nil, shape2, a.int(0), a.int(0))), 'A1', 'I'],
  ...['f8', '|f8', '<f16', '|O', '<V8', '|S0', '|S1000000000', '<M8[m s]', '<M8[0s]', '<M8[05s]', '<f8\n', '<c4'].map((dtype) => (
    [`the dtype ${JSON.stringify(dtype)}`, single({ ...one, dtype }), 'A2', 'I']
  )),
  ['characters of 2^31 bytes', single({ dtype: '<U999999999', shape: [0], bytes: zeros(0) }), 'A2', 'I'],
  ['a record without a field', single({ dtype: record(4), shape: [1], bytes: zeros(4) }), 'A2', 'I'],
  ['a record of 1 part', single(one, rows(a.array(a.int(8)), shape2, a.int(0), a.int(0))), 'A2', 'I'],
  ['a record of no byte', single({ dtype: record(0, ['a', '|u1', 0]), shape: [2], bytes: zeros(0) }), 'A2', 'I'],
  ['a record of 2^31 bytes', single({ dtype: record(2 ** 31, ['a', '|u1', 0]), shape: [0], bytes: zeros(0) }), 'A2', 'I'],
  ['a field outside its record', single({ dtype: record(4, ['a', '<f4', 1]), shape: [1], bytes: zeros(4) }), 'A2', 'I'],
  ['a field twice in a record', single({ dtype: record(4, ['a', '|u1', 1], ['a', '|u1', 2]), shape: [1], bytes: zeros(4) }), 'A2', 'I'],
  ['a field of an object', single({ dtype: record(8, ['a', '|O', 0]), shape: [1], bytes: zeros(8) }), 'A2', 'I'],
  ['a unit of a multiple of 1', single({ dtype: '<M8[1s]', shape: [1], bytes: zeros(8) }), 'A2', 'C'],
  ['2^63 bytes', single(one, rows('<f8', a.array(a.int(2n ** 60n)), a.int(0), a.int(0))), 'A3', 'I'],
  ['no byte of 2^63', single({ ...one, shape: [0, 2n ** 60n], bytes: zeros(0) }), 'A3', 'I'],
  ['2^62 bytes', single(one, rows('<f8', a.array(a.int(2n ** 59n)), a.int(0), a.int(0))), 'A4', 'I'],
  ['an offset of 64 for the first array', single(one, rows('<f8', shape2, a.int(0), a.int(64))), 'A4', 'I'],
  ['arrays without a gap', a.payload({ ...both, rows: [row('<f8', shape2, a.int(0), a.int(0)), row('|u1', a.array(a.int(3)), a.int(0), a.int(16))] }), 'A4', 'I'],
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
  ['a byte of no field', single({ dtype: record(3, ['a', '|u1', 1]), shape: [2], bytes: hex('000100000101') }), 'A9', 'C'],
  ['a bool of 2 in a record', single({ dtype: record(1, ['a', '|b1', 0]), shape: [1], bytes: hex('02') }), 'A9', 'C'],
];

function grown(bytes) {
  const more = Buffer.concat([bytes, zeros(64)]);
  more.writeBigUInt64BE(BigInt(more.length), 46);
  return more;
}

const PROGRAMS = { I: 'ILC', L: 'LC', C: 'C' };

for (const [what, bytes, rule, letter] of CASES) {
  test(`${rule}: ${what}`, () => {
    const expected = letter in PROGRAMS ? [...PROGRAMS[letter]].map((program) => program + rule).join(' ') : letter;
    assert.equal(refusals(bytes), expected);
  });
}

test('every rule of the page has a case here or among the compressions', () => {
  const rules = new Set(CASES.map(([, , rule]) => rule));
  const all = { P: 6, H: 12, B: 12, A: 9 };
  const missing = Object.entries(all).flatMap(([letter, count]) => (
    Array.from({ length: count }, (_, i) => `${letter}${i + 1}`).filter((rule) => !rules.has(rule))
  ));
  // H6 is said again by A6 and A7, whose names are those that a refusal has.
  assert.deepEqual(missing, ['H6']);
});

test('what is not known is refused with the name of the writer', () => {
  const cases = [
    nil({ wire: 7, writer: ['lens', '9.1'] }), nil({ critical: [...critical({}), ['new', a.nil]], writer: ['lens', '9.1'] }),
    single({ ...one, flags: 8 }, { writer: ['lens', '9.1'] }), value(a.ext(9, zeros(1)), 'nil', { writer: ['lens', '9.1'] }),
    single({ ...one, compression: 'new', stored: zeros(16) }, { writer: ['lens', '9.1'] }),
  ];
  for (const bytes of cases) assert.throws(() => load(bytes), /expected .* found .*written by lens 9\.1/);
});

test('a message says what was expected and what was found', () => {
  for (const [, bytes] of CASES) {
    assert.throws(() => [load(bytes, options), checkCanonical(bytes, options)], /^FormatError: [PHBA]\d+: (expected [^]+ found|[^]+ (twice|equals))/);
  }
});
