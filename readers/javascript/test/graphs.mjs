import * as a from './assemble.mjs';

export const REGISTRY = {
  Mesh: {
    1: { fields: ['shape', 'pixels'] },
    2: { fields: ['shape', '_use_jax', 'name'], optional: ['name'] },
    results: ['area', 'edges'],
  },
};

export const floats = (...values) => Buffer.from(new Float64Array(values).buffer);

/** A payload of a registered object with a list that refers back to it, a dict, a set and three arrays. */
export function graph(changes = {}) {
  return a.payload({
    root: 'Mesh',
    types: [['Mesh', 2, ['shape', '_use_jax'], ['area']]],
    objects: [0, -1, -2, -3],
    items: [
      a.object(0),
      a.array(a.array(a.int(30), a.object(1)), a.bool(false), a.arrayRef(0)),
      a.array(a.object(0), a.arrayRef(0), a.object(2), a.arrayRef(1), a.arrayRef(2)),
      a.array(a.str('a'), a.object(3), a.array(a.int(1), a.int(2)), a.nil, a.object(0), a.float(0.5)),
      set(
        a.int(3),
        a.str('x'),
        a.scalar('<f4', Buffer.from(new Float32Array([1.5]).buffer)),
        a.frozenset(a.int(1), a.int(2)),
      ),
    ],
    arrays: [
      { dtype: '<f8', shape: [2, 3], flags: 1, bytes: floats(1, 2, 3, 4, 5, 6) },
      { dtype: '>i2', shape: [3], bytes: Buffer.from([0, 1, 0xff, 0xfe, 1, 0]) },
      {
        dtype: [
          8,
          [
            ['y', '<i2', 0],
            ['on', '|b1', 4],
          ],
        ],
        shape: [],
        bytes: Buffer.from([7, 0, 0, 0, 1, 0, 0, 0]),
      },
    ],
    ...changes,
  });
}

/** The record of a set: its elements in the order of their bytes. */
export function set(...elements) {
  return a.array(...elements.toSorted(Buffer.compare));
}

/** A payload whose root is one value that is no object. */
export function value(packed, root, changes = {}) {
  return a.payload({ items: [packed], root, ...changes });
}

/** A payload of one array. */
export function single(row, changes = {}) {
  return a.payload({ items: [a.arrayRef(0)], root: 'array', arrays: [row], ...changes });
}

/** A payload whose root is nil. */
export const nil = (changes) => value(a.nil, 'nil', changes);

export const hex = (text) => Buffer.from(text, 'hex');
export const zeros = (count) => Buffer.alloc(count);

/** What replaces some bytes of a payload, by their places, in hexadecimal. */
export const changed = (changes) => (bytes) => {
  for (const [at, text] of Object.entries(changes)) hex(text).copy(bytes, Number(at));
  return bytes;
};

/** An array of two floats. */
export const one = { dtype: '<f8', shape: [2], bytes: floats(1, 2) };

/** A payload of two arrays. */
export const both = {
  items: [a.array(a.arrayRef(0), a.arrayRef(1))],
  root: 'tuple',
  arrays: [one, { dtype: '|u1', shape: [3], bytes: hex('010203') }],
};

/** The entries of `critical` of a payload whose root is nil. */
export const critical = (changes) =>
  ['backend', 'root', 'types', 'objects', 'arrays'].map((key, i) => [
    key,
    changes[key] ?? [a.str('numpy'), a.str('nil'), a.array(), a.array(), a.array()][i],
  ]);
