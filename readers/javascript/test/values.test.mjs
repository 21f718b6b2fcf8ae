import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { checkCanonical, Complex, FrozenSet, inspect, Instance, load, NDArray, Scalar, Tuple } from '../index.mjs';
import * as a from './assemble.mjs';
import { floats, graph, REGISTRY, single, value } from './graphs.mjs';

const options = { registry: REGISTRY };

test('a graph keeps its types, its sharing, its cycles and its numbers', () => {
  const bytes = graph();
  const mesh = load(bytes, options);

  checkCanonical(bytes, options);
  assert.ok(mesh instanceof Instance);
  assert.deepEqual([mesh.type, mesh.version, Object.keys(mesh.fields)], ['Mesh', 2, ['shape', '_use_jax']]);
  assert.ok(mesh.fields.shape instanceof Tuple);
  assert.equal(mesh.fields._use_jax, false);
  const [pixels, list] = mesh.fields.shape;
  assert.equal(pixels, 30);
  assert.ok(Array.isArray(list) && !(list instanceof Tuple));
  assert.equal(list[0], mesh);
  assert.equal(list[1], mesh.results.area);
  const dict = list[2];
  assert.deepEqual([...dict.keys()].slice(0, 2), ['a', Tuple.from([1, 2])]);
  assert.equal(dict.get(mesh), 0.5);
  const set = dict.get('a');
  assert.ok(set instanceof Set && !(set instanceof FrozenSet) && set.has(3) && set.has('x'));
  const [scalar] = [...set].filter((element) => element instanceof Scalar);
  assert.deepEqual([scalar.dtype, scalar.value], ['<f4', 1.5]);
  const [frozen] = [...set].filter((element) => element instanceof FrozenSet);
  assert.deepEqual([...frozen], [1, 2]);
});

test('arrays have the dtype, the order and the bytes of the payload', () => {
  const [, list] = load(graph(), options).fields.shape;
  const [, matrix, , big, record] = list;

  assert.ok(matrix instanceof NDArray);
  assert.deepEqual([matrix.dtype, matrix.shape, matrix.order, matrix.jax], ['<f8', [2, 3], 'F', false]);
  assert.deepEqual(matrix.values, new Float64Array([1, 2, 3, 4, 5, 6]));
  assert.deepEqual([big.dtype, [...big.bytes]], ['>i2', [0, 1, 0xff, 0xfe, 1, 0]]);
  assert.deepEqual(big.values, new Int16Array([1, -2, 256]));
  assert.deepEqual(record.dtype, [
    8,
    [
      ['y', '<i2', 0],
      ['on', '|b1', 4],
    ],
  ]);
  assert.equal(record.values, undefined);
  assert.deepEqual(record.shape, []);
});

test('typed arrays are those of the dtype, wherever the bytes lie', () => {
  const kinds = {
    '|b1': Uint8Array,
    '|i1': Int8Array,
    '<i2': Int16Array,
    '>i4': Int32Array,
    '<i8': BigInt64Array,
    '|u1': Uint8Array,
    '<u2': Uint16Array,
    '<u4': Uint32Array,
    '>u8': BigUint64Array,
    '<f4': Float32Array,
    '>f8': Float64Array,
    '<M8[ns]': BigInt64Array,
    '<m8': BigInt64Array,
  };
  for (const [dtype, kind] of Object.entries(kinds)) {
    const bytes = Buffer.alloc(kind.BYTES_PER_ELEMENT, 0);
    bytes[dtype[0] === '>' ? bytes.length - 1 : 0] = 1;
    const payload = single({ dtype, shape: [1], bytes });
    const shifted = Buffer.concat([Buffer.alloc(1), payload]).subarray(1);
    const { values } = load(shifted);
    assert.ok(values instanceof kind, dtype);
    if (!dtype.includes('f')) assert.equal(Number(values[0]), 1, dtype);
  }
  for (const dtype of ['<c16', '|S3', '<U2']) {
    const bytes = Buffer.alloc({ '<c16': 16, '|S3': 3, '<U2': 8 }[dtype]);
    assert.equal(load(single({ dtype, shape: [1], bytes })).values, undefined);
  }
});

const VALUES = [
  ['nil', a.nil, null],
  ['bool', a.bool(true), true],
  ['int', a.int(-1), -1],
  ['int', a.int(128), 128],
  ['int', a.int(-129), -129],
  ['int', a.int(2 ** 40), 2 ** 40],
  ['int', a.int(2 ** 53 - 1), 2 ** 53 - 1],
  ['int', a.int(2n ** 53n), 2n ** 53n],
  ['int', a.int(2n ** 64n - 1n), 2n ** 64n - 1n],
  ['int', a.int(-(2n ** 63n)), -(2n ** 63n)],
  ['int', a.ext(5, Buffer.from('010000000000000000', 'hex')), 2n ** 64n],
  ['int', a.ext(5, Buffer.from('ff7fffffffffffffff', 'hex')), -(2n ** 63n) - 1n],
  ['float', a.float(1.5), 1.5],
  ['float', a.float(-0), -0],
  ['str', a.str('\ufeffλ'), '\ufeffλ'],
  ['str', a.str('x'.repeat(300)), 'x'.repeat(300)],
  ['bytes', a.bin(Buffer.from([1, 2])), new Uint8Array([1, 2])],
  ['complex', a.complex(1, -2), new Complex(1, -2)],
  ['tuple', a.array(a.int(1), a.array()), Tuple.from([1, new Tuple()])],
  ['frozenset', a.frozenset(a.int(1)), new FrozenSet([1])],
  ['scalar', a.scalar('<f2', Buffer.from([0, 0x3c])), new Scalar('<f2', 1, new Uint8Array([0, 0x3c]))],
  ['scalar', a.scalar('|b1', Buffer.from([1])), new Scalar('|b1', true, new Uint8Array([1]))],
  ['scalar', a.scalar('<c16', floats(1, 2)), new Scalar('<c16', new Complex(1, 2), new Uint8Array(floats(1, 2)))],
  ['scalar', a.scalar('<M8[ns]', Buffer.alloc(8, 255)), new Scalar('<M8[ns]', -1n, new Uint8Array(8).fill(255))],
  ['scalar', a.ext(3, Buffer.from('Uλ')), new Scalar('U', 'λ', new Uint8Array(Buffer.from('λ')))],
  ['scalar', a.ext(3, Buffer.from('Sab\0')), new Scalar('S', new Uint8Array([97, 98, 0]), new Uint8Array([97, 98, 0]))],
];

for (const [root, packed, expected] of VALUES) {
  test(`a root that is no object: ${root} ${packed.toString('hex').slice(0, 24)}`, () => {
    const bytes = value(packed, root);
    assert.deepEqual(load(bytes), expected);
    checkCanonical(bytes);
  });
}

test('a fields object has no name that it inherits', () => {
  const registry = { Odd: { 1: { fields: ['__proto__', 'constructor'] } } };
  const types = [['Odd', 1, ['__proto__', 'constructor'], []]];
  const odd = load(a.payload({ root: 'Odd', types, objects: [0], items: [a.object(0), a.array(a.int(1), a.int(2))] }), {
    registry,
  });
  assert.deepEqual(Object.entries(odd.fields), [
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});

test('tuples may stand 500 deep, which no stack bounds', () => {
  let packed = a.int(1);
  for (let depth = 2; depth <= 500; depth++) packed = a.array(packed);
  load(value(packed, 'tuple'));
});

test('an ancillary map may be deep, and nothing in it is refused', () => {
  let deep = a.nil;
  for (let depth = 0; depth < 20_000; depth++) deep = a.array(deep);
  const { ancillary } = inspect(
    value(a.nil, 'nil', {
      ancillary: [
        ['meta', a.int(1)],
        ['new', deep],
      ],
    }),
  );
  assert.equal(ancillary.get('meta'), 1);
});

test('an inspector reads one array of a file', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'aas-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'graph.aas');
  const bytes = graph();
  bytes[bytes.length - 1] ^= 1;
  fs.writeFileSync(file, bytes);
  const inspector = inspect(file);
  t.after(() => inspector.close());

  assert.deepEqual(inspector.writer, ['test', '1']);
  assert.deepEqual(inspector.array(1).values, new Int16Array([1, -2, 256]));
  assert.throws(() => inspector.array(2), { rule: 'A8' });
  assert.throws(() => inspector.array(3), RangeError);
});
