import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

import {
  checkCanonical,
  Complex,
  FormatError,
  FrozenSet,
  identity,
  inspect,
  Instance,
  load,
  NDArray,
  Scalar,
  Tuple,
} from '../index.mjs';

const FILE = fileURLToPath(new URL('../../../tests/data/conformance/vectors.json', import.meta.url));
const { registry: rows, vectors } = fs.existsSync(FILE)
  ? JSON.parse(fs.readFileSync(FILE, 'utf8'))
  : { registry: {}, vectors: [] };
const skip = vectors.length === 0 && `${FILE} is not there`;
const registry = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, { ...row.older, [row.version]: row, results: row.results }]),
);
const withoutZstd = zlib.zstdDecompressSync === undefined;

/** By what rule a program refuses; nothing if it accepts. */
function refusal(program) {
  try {
    program();
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.rule;
  }
}

/**
 * Compares an object graph with the `graph` of a vector, whose numbers are those in which a walk meets the objects.
 * Where not `all` are referred to before their records, the root does not lead to some of them.
 */
function compare(root, graph, all) {
  const objects = [];
  const arrays = [];
  const numberOf = (list, item) => {
    if (!list.includes(item)) list.push(item);
    return list.indexOf(item);
  };
  const bits = (number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(number);
    return bytes.toString('hex');
  };
  // A number of this language does not keep the bits of a NaN.
  const float = (number, content) =>
    Number.isNaN(number) ? assert.match(content, /^[7f]ff[^]*[1-9a-f]/) : assert.equal(bits(number), content);
  const each = (items, expected) => {
    assert.equal(items.length, expected.length);
    items.forEach((item, i) => same(item, expected[i]));
  };
  const same = (value, expected) => {
    if (expected === null || typeof expected !== 'object') return assert.equal(value, expected);
    const [[kind, content]] = Object.entries(expected);
    switch (kind) {
      case 'int':
        return assert.equal(BigInt(value), BigInt(content));
      case 'float':
        return float(value, content);
      case 'bytes':
        return assert.equal(Buffer.from(value).toString('hex'), content);
      case 'tuple':
        assert.ok(value instanceof Tuple);
        return each([...value], content);
      case 'object':
        return assert.equal(numberOf(objects, value), content);
      case 'array':
        assert.ok(value instanceof NDArray);
        return assert.equal(numberOf(arrays, value), content);
      case 'complex':
        assert.ok(value instanceof Complex);
        return [value.real, value.imag].forEach((part, i) => float(part, content[i]));
      case 'frozenset':
        assert.ok(value instanceof FrozenSet);
        return each([...value], content);
      case 'scalar':
        assert.ok(value instanceof Scalar);
        return assert.deepEqual(
          [value.dtype, value.dtype === 'U' ? value.value : Buffer.from(value.bytes).toString('hex')],
          content,
        );
      default:
        return assert.fail(`a value of the kind ${kind}`);
    }
  };
  same(root, graph.root);
  // Records may name further objects, which are then compared in their turn.
  graph.objects.forEach((expected, number) => {
    const object = objects[number];
    if (object === undefined && !all) return;
    if (expected.list) each(object, expected.list);
    else if (expected.set) each([...object], expected.set);
    else if (expected.dict) each([...object].flat(), expected.dict.flat());
    else {
      assert.ok(object instanceof Instance);
      assert.deepEqual([object.type, object.version], [expected.type, expected.version]);
      for (const part of ['fields', 'results']) {
        assert.deepEqual(Object.keys(object[part]).toSorted(), Object.keys(expected[part]).toSorted());
      }
      const names = (part) => Object.keys(object[part]);
      for (const part of ['fields', 'results'])
        for (const name of names(part)) same(object[part][name], expected[part][name]);
    }
  });
  if (all) assert.equal(objects.length, graph.objects.length);
}

// Keys that are equal in this language, which a loader may refuse (B8).
const EQUAL_HERE = ['keys-of-nan', 'keys-equal-int-float', 'keys-equal-zeros'];

for (const vector of vectors) {
  const bytes = Buffer.from(vector.payload, 'hex');
  const unknown = withoutZstd && bytes.includes('shuffle-zstd') && vector.rule !== 'A7';
  test(`${vector.name}: ${vector.why}`, { skip: unknown && `Node.js ${process.version} has no zstd` }, () => {
    const programs = {
      inspector: () => {
        const inspector = inspect(bytes);
        if (vector.array === undefined) inspector.arrays.forEach((_, i) => inspector.array(i));
        else assert.throws(() => inspector.array(vector.array), { rule: vector.rule });
        if (vector.array !== undefined) inspector.array(vector.array);
      },
      loader: () => load(bytes, { registry }),
      canonical: () => checkCanonical(bytes, { registry }),
    };
    for (const [program, run] of Object.entries(programs)) {
      const rule = refusal(run);
      if (vector[program] === 'either' || (program === 'loader' && EQUAL_HERE.includes(vector.name))) continue;
      assert.equal(rule, vector[program] === 'refuse' ? vector.rule : undefined, program);
    }
    if (vector.graph && refusal(programs.loader) === undefined)
      compare(load(bytes, { registry }), vector.graph, vector.rule !== 'B6');
    if (vector.identity) assert.equal(identity(bytes), vector.identity);
    if (!vector.arrays) return;
    const inspector = inspect(bytes);
    const arrays = inspector.arrays.map(({ dtype, shape, order, jax, compression }, i) => {
      const sha256 = createHash('sha256').update(inspector.array(i).bytes).digest('hex');
      return { dtype, shape, order, jax, compression: compression ?? null, sha256 };
    });
    assert.deepEqual(
      arrays,
      vector.arrays.map(({ dtype, shape, order, jax, compression, sha256 }) => ({
        dtype,
        shape,
        order,
        jax,
        compression: compression ?? null,
        sha256,
      })),
    );
  });
}

test('the vectors are there', { skip }, () => assert.ok(vectors.length > 500));
