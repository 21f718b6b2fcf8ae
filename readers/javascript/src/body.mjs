import { LARGEST_SET, refuse, refuseUnknown, show } from './errors.mjs';
import {
  ARRAY,
  BIG_INTEGER,
  bigIntegerOf,
  COMPLEX,
  complexOf,
  FROZENSET,
  indexOf,
  OBJECT,
  SCALAR,
  scalarOf,
} from './ext.mjs';
import { DICT, LIST, SET } from './header.mjs';
import { Cursor, shortestForm } from './msgpack.mjs';
import { nameOf } from './prelude.mjs';
import { FrozenSet, Instance, NDArray, Tuple } from './values.mjs';

const DEPTH = 500;

// Where a value stands, which says what it may be (B7).
const ANYWHERE = 0;
const IN_KEY = 1;
const IN_FROZENSET = 2;

const ROOTS = {
  nil: 'nil',
  bool: 'bool',
  int: 'int',
  float: 'float',
  str: 'str',
  bin: 'bytes',
  array: 'tuple',
  [ARRAY]: 'array',
  [SCALAR]: 'scalar',
  [COMPLEX]: 'complex',
  [BIG_INTEGER]: 'int',
  [FROZENSET]: 'frozenset',
};
const RESERVED = new Set([...Object.values(ROOTS), 'list', 'dict', 'set']);

/**
 * Builds the graph that the body of a payload describes, by the rules B1 to B12 (with `canonical`, those of a canonical
 * checker too). The arrays it refers to are made without their bytes.
 */
export class Body {
  constructor(header, { canonical }) {
    this.header = header;
    this.canonical = canonical;
    this.cursor = new Cursor(header.body, { base: header.bodyStart, rule: 'B1', where: 'the body' });
    this.objects = header.objects.map((kind) =>
      kind === LIST ? [] : kind === DICT ? new Map() : kind === SET ? new Set() : new Instance(header.types[kind]),
    );
    this.arrays = header.arrays.map((row) => new NDArray(row));
    this.first = { objects: 0, arrays: 0 };
    this.flagged = false;
  }

  /** The root. */
  read() {
    const { cursor, header } = this;
    const count = 1 + header.objects.length;
    if (this.#token() !== 'array' || cursor.length !== count) {
      refuse(
        cursor.kind === 'map' ? 'B2' : 'B1',
        `expected the body to be an array of ${count} items, found ${this.#what()}`,
      );
    }
    const start = cursor.position;
    const root = this.#value(ANYWHERE, 2);
    this.#checkRoot(start);
    header.objects.forEach((kind, i) => this.#record(kind, i));
    if (cursor.position !== cursor.end) {
      refuse('B1', `expected the body to end after ${cursor.position} bytes, found ${cursor.end}`);
    }
    this.#checkNumbers();
    this.#checkBackend();
    return root;
  }

  #what() {
    const { cursor } = this;
    return cursor.kind === 'array'
      ? `an array of ${cursor.length} at ${cursor.place}`
      : `${cursor.kind} at ${cursor.place}`;
  }

  /** Steps to the next token; each is in its shortest form where that is prescribed (B4). */
  #token() {
    const { cursor } = this;
    const kind = cursor.next();
    if (this.canonical && !cursor.shortest)
      refuse('B4', `expected the shortest form at ${cursor.place}, found ${cursor.form}`);
    return kind;
  }

  #checkRoot(start) {
    const { header } = this;
    const cursor = new Cursor(header.body, { start, rule: 'B1', where: 'the body' });
    const kind = cursor.next();
    let name = ROOTS[kind === 'ext' ? cursor.code : kind];
    if (kind === 'ext' && cursor.code === OBJECT) {
      const row = header.objects[indexOf(cursor.run(), header.objects.length, 'objects', cursor.place)];
      name = row === LIST ? 'list' : row === DICT ? 'dict' : row === SET ? 'set' : header.types[row].name;
    }
    if (header.root !== name)
      refuse('B9', `expected ${show(name)} as root, which the body has, found ${show(header.root)}`);
    for (const type of header.types) {
      if (RESERVED.has(type.name))
        refuse('B9', `expected no type of the name ${type.name}, which is that of a root that is no object`);
    }
  }

  #record(kind, i) {
    const { cursor, header } = this;
    if (this.canonical && this.first.objects <= i)
      refuse('B6', `expected a reference to object ${i} before its record, found none`);
    if (this.#token() !== 'array')
      refuse(
        cursor.kind === 'map' ? 'B2' : 'B1',
        `expected an array as the record of object ${i}, found ${this.#what()}`,
      );
    const count = cursor.length;
    const object = this.objects[i];
    if (kind === LIST) for (let left = count; left > 0; left--) object.push(this.#value(ANYWHERE, 3));
    else if (kind === DICT) this.#dict(object, count, i);
    else if (kind === SET) this.#elements(object, count, IN_KEY, 3, `object ${i}`);
    else this.#instance(object, header.types[kind], count, i);
  }

  #instance(object, { name, fields, results }, count, i) {
    if (count !== fields.length + results.length) {
      refuse(
        'B1',
        `expected ${fields.length + results.length} items in the record of object ${i} (${name}), found ${count}`,
      );
    }
    for (const field of fields) {
      const value = this.#value(ANYWHERE, 3);
      object.fields[field] = value;
      if (field === '_use_jax' && value === true) this.flagged = true;
    }
    for (const result of results) object.results[result] = this.#value(ANYWHERE, 3);
  }

  #dict(object, count, i) {
    if (count % 2 !== 0) refuse('B1', `expected keys and values in the record of object ${i}, found ${count} items`);
    const keys = this.#distinct(object, `object ${i}`);
    for (let left = count; left > 0; left -= 2) {
      const key = keys(() => this.#key());
      object.set(key, this.#value(ANYWHERE, 3));
    }
  }

  /** A key of a dict: a plain value, a tuple of them, or an object of a type. */
  #key() {
    const { cursor, header } = this;
    const start = cursor.position;
    if (cursor.next() === 'ext' && cursor.code === OBJECT) {
      const index = indexOf(cursor.run(), header.objects.length, 'objects', cursor.place);
      if (header.objects[index] < 0)
        refuse(
          'B7',
          `expected a plain value, a tuple or an object of a type as key at ${cursor.place}, found a list, dict or set`,
        );
      cursor.position = start;
      return this.#value(ANYWHERE, 3);
    }
    cursor.position = start;
    return this.#value(IN_KEY, 3);
  }

  #elements(set, count, place, depth, what) {
    const distinct = this.#distinct(set, what);
    let last;
    for (let left = count; left > 0; left--) {
      const start = this.cursor.position;
      set.add(distinct(() => this.#value(place, depth)));
      const packed = this.cursor.bytes.subarray(start, this.cursor.position);
      if (this.canonical && last !== undefined && Buffer.compare(last, packed) >= 0) {
        refuse(
          'B7',
          `expected the elements of ${what} in the order of their bytes, found another at ${this.cursor.place}`,
        );
      }
      last = packed;
    }
  }

  /** Refuses keys of a Map, or elements of a Set, that are equal: to the format, or to this language (B8). */
  #distinct(collection, what) {
    const seen = new Set();
    return (read) => {
      const { cursor } = this;
      const start = cursor.position;
      const key = read();
      if (seen.size === LARGEST_SET)
        refuse('B8', `expected at most ${LARGEST_SET} keys or elements in ${what}, which this program can hold`);
      const text = Buffer.from(shortestForm(cursor.bytes.subarray(start, cursor.position), FROZENSET)).toString(
        'latin1',
      );
      if (seen.has(text)) refuse('B8', `a key or element stands twice in ${what}, at byte ${cursor.base + start}`);
      if (!this.canonical && collection.has(key)) {
        refuse('B8', `a key or element of ${what}, at byte ${cursor.base + start}, equals another in this language`);
      }
      seen.add(text);
      return key;
    };
  }

  /** One value; `depth` is that of an array that stands there. */
  #value(place, depth) {
    const { cursor } = this;
    const stack = [];
    for (;;) {
      const kind = this.#token();
      let value;
      if (kind === 'array') {
        if (depth + stack.length > DEPTH)
          refuse('B12', `expected arrays at most ${DEPTH} deep, found one deeper at ${cursor.place}`);
        value = new Tuple();
        if (cursor.length > 0) {
          stack.push({ tuple: value, left: cursor.length });
          continue;
        }
      } else value = kind === 'ext' ? this.#ext(place) : this.#plain(kind);
      for (;;) {
        if (stack.length === 0) return value;
        const top = stack.at(-1);
        top.tuple.push(value);
        if (--top.left > 0) break;
        value = stack.pop().tuple;
      }
    }
  }

  #plain(kind) {
    const { cursor } = this;
    switch (kind) {
      case 'str':
        return cursor.text('B2');
      case 'bin':
        return cursor.run().slice();
      case 'map':
        return refuse('B2', `expected no map in the body, found one at ${cursor.place}`);
      case 'float':
        if (cursor.width !== 8) refuse('B4', `expected a float of 64 bits at ${cursor.place}, found 32`);
        return cursor.value;
      default:
        return cursor.value;
    }
  }

  #ext(place) {
    const { cursor, header } = this;
    const { code, place: at } = cursor;
    const data = cursor.run();
    if (code === OBJECT || code === ARRAY) {
      if (place !== ANYWHERE) refuse('B7', `expected no object or array inside a key or a set, found one at ${at}`);
      const kind = code === OBJECT ? 'objects' : 'arrays';
      const index = indexOf(data, header[kind].length, kind, at);
      if (index > this.first[kind]) {
        refuse('B6', `expected number ${this.first[kind]} of ${kind} before others, found ${index} at ${at}`);
      }
      if (index === this.first[kind]) this.first[kind]++;
      return this[kind][index];
    }
    if (code === SCALAR) return scalarOf(data, at, this.canonical);
    if (code === COMPLEX) return complexOf(data, at);
    if (code === BIG_INTEGER) return bigIntegerOf(data, at);
    if (code === FROZENSET) {
      if (place === IN_FROZENSET) refuse('B7', `expected no frozenset inside a frozenset, found one at ${at}`);
      return this.#frozenset(data, at);
    }
    const message = `expected an ext type of the codes 1 to 6 at ${at}, found ${code}`;
    return refuseUnknown('B3', message, nameOf(header.writer));
  }

  /** The frozenset whose packed array is the data of an ext type. Frozensets don't nest, so neither does this. */
  #frozenset(data, at) {
    const outer = this.cursor;
    this.cursor = new Cursor(data, { base: outer.base + outer.data, rule: 'B11', where: `the frozenset at ${at}` });
    const set = new FrozenSet();
    if (this.#token() !== 'array')
      refuse('B11', `expected the packed array of a frozenset's elements at ${at}, found ${this.cursor.kind}`);
    this.#elements(set, this.cursor.length, IN_FROZENSET, 2, `the frozenset at ${at}`);
    if (this.cursor.position !== this.cursor.end) {
      const more = this.cursor.end - this.cursor.position;
      refuse('B11', `expected one array of a frozenset's elements at ${at}, found ${more} bytes more`);
    }
    this.cursor = outer;
    return set;
  }

  #checkNumbers() {
    for (const kind of ['objects', 'arrays']) {
      const count = this.header[kind].length;
      if (this.first[kind] !== count) {
        refuse('B6', `expected each of ${count} ${kind} to be referred to, found none to number ${this.first[kind]}`);
      }
    }
  }

  #checkBackend() {
    const { arrays, backend } = this.header;
    const jax = arrays.filter((row) => row.jax).length;
    const expected = jax === 0 && !this.flagged ? 'numpy' : jax === arrays.length ? 'jax' : 'mixed';
    if (backend !== expected)
      refuse(
        'B10',
        `expected ${expected} as backend, for ${jax} of ${arrays.length} arrays are of JAX, found ${backend}`,
      );
  }
}
