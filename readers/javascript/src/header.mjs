import { readRows } from './rows.mjs';
import { FormatError, hex, LARGEST_SET, refuse, refuseUnknown, show } from './errors.mjs';
import { isNatural } from './dtype.mjs';
import { Cursor } from './msgpack.mjs';
import { nameOf, readPrelude } from './prelude.mjs';

export const LIST = -1;
export const DICT = -2;
export const SET = -3;

const KEYS = ['digest', 'wire', 'size', 'head', 'body', 'digests', 'writer', 'critical', 'ancillary', 'pad'];
const CRITICAL = ['backend', 'root', 'types', 'objects', 'arrays'];

/** A float in `critical`, where an integer `1` and a float `1.0` have to be told apart. */
class Float {}

/**
 * What a payload says of itself, after all rules of an inspector but those of single arrays (A8, A10).
 *
 * `wire`, `size`, `head`, `digest`, `writer` [name, version], `backend`, `root`, `types` (each `name`, `version`,
 * `fields`, `results`), `objects` (integers), `arrays` (see `rows.mjs`), `ancillary` (a Map), `body` and `digests`
 * (bytes), and `bodyStart` and `criticalStart` (where the bytes of the body, and the map, begin). `disorder` is the
 * first breach of a canonical rule in the header, a `FormatError`, or undefined.
 */
export function readHeader(source) {
  const prelude = readPrelude(source);
  const { head, bytes } = prelude;
  const options = { start: 8, rule: 'H1', where: 'the header' };
  const whole = new Cursor(bytes, options);
  whole.skip();
  if (whole.position !== head) {
    refuse('H1', `expected the header to fill the bytes 8 to ${head}, found its end at byte ${whole.position}`);
  }
  const entries = new Entries(new Cursor(bytes, options));
  const body = entries.bin('body', 0xc6);
  const bodyStart = entries.cursor.data;
  const digests = entries.bin('digests', 0xc6);
  const writer = entries.value('writer');
  if (!Array.isArray(writer) || writer.length !== 2 || writer.some((word) => typeof word !== 'string')) {
    refuse('H2', `expected [string, string] as writer, found ${show(writer)}`);
  }
  const critical = entries.map('critical', true);
  const criticalStart = entries.start;
  const ancillary = entries.map('ancillary', false);
  const pad = entries.bin('pad', 0xc4);
  if (pad.length > 63) refuse('H2', `expected a pad of 0 to 63 bytes, found ${pad.length}`);
  if (pad.some((byte) => byte !== 0)) refuse('H2', `expected zeros in pad, found ${hex(pad)}`);

  const known = readCritical(critical, digests, prelude, writer);
  const disorder = entries.disorder ?? orderOf(critical, ancillary);
  return { ...prelude, body, bodyStart, digests, writer, ancillary, ...known, criticalStart, disorder };
}

/** Reads the entries of the header one behind the other (H2, H3). */
class Entries {
  constructor(cursor) {
    this.cursor = cursor;
    cursor.next();
    // The prelude has checked the first four.
    for (const key of KEYS.slice(0, 4)) {
      this.key(key);
      cursor.skip();
    }
  }

  key(name) {
    const { cursor } = this;
    const key = cursor.next() === 'str' ? cursor.text('H3') : undefined;
    if (key !== name) refuse('H2', `expected the key ${name} at ${cursor.place}, found ${show(key ?? cursor.kind)}`);
    if (!cursor.shortest && (name === 'body' || name === 'digests')) {
      refuse('H2', `expected the key ${name} at ${cursor.place} in its shortest form, found ${cursor.form}`);
    }
    this.form();
  }

  /** Notes a form that is not the shortest, which only a canonical checker refuses. */
  form() {
    const { cursor } = this;
    if (!cursor.shortest)
      this.disorder ??= new FormatError('H2', `expected the shortest form at ${cursor.place}, found ${cursor.form}`);
  }

  bin(name, first) {
    const { cursor } = this;
    this.key(name);
    cursor.next();
    if (cursor.bytes[cursor.start] !== first) {
      refuse(
        'H2',
        `expected the bin ${name} to begin with ${first.toString(16)} at ${cursor.place}, found ${cursor.form}`,
      );
    }
    return cursor.run();
  }

  map(name, exact) {
    const value = this.value(name, exact);
    if (!(value instanceof Map)) refuse('H2', `expected a map as ${name}, found ${show(value)}`);
    return value;
  }

  /** One object of any depth: maps as `Map`, and floats as `Float` where they have to be exact. */
  value(name, exact = false) {
    const { cursor } = this;
    this.key(name);
    this.start = cursor.position;
    const stack = [];
    for (;;) {
      const kind = cursor.next();
      this.form();
      let value;
      if (kind === 'ext')
        refuse('H3', `expected no ext type in the header, found code ${cursor.code} at ${cursor.place}`);
      else if (kind === 'array') value = [];
      else if (kind === 'map') value = new Map();
      else if (kind === 'str') value = cursor.text('H3');
      else if (kind === 'bin') value = cursor.run().slice();
      else value = exact && kind === 'float' ? new Float() : cursor.value;
      const top = stack.at(-1);
      if (top?.container instanceof Map && top.left % 2 === 0 && kind !== 'str') {
        refuse('H3', `expected a string as key at ${cursor.place}, found ${kind}`);
      }
      if ((kind === 'array' || kind === 'map') && cursor.length > 0) {
        stack.push({ container: value, left: kind === 'map' ? 2 * cursor.length : cursor.length, key: undefined });
        continue;
      }
      for (;;) {
        if (stack.length === 0) return value;
        const top = stack.at(-1);
        if (Array.isArray(top.container)) top.container.push(value);
        else if (top.left % 2 === 1) top.container.set(top.key, value);
        else if (top.container.size === LARGEST_SET)
          refuse('H3', `expected at most ${LARGEST_SET} keys in a map of ${name}, which this program can hold`);
        else if (top.container.has(value))
          refuse('H3', `the key ${show(value)} stands twice in a map of ${name}, at ${cursor.place}`);
        else top.key = value;
        if (--top.left > 0) break;
        value = stack.pop().container;
      }
    }
  }
}

function orderOf(critical, ancillary) {
  const keys = [...critical.keys()];
  if (keys.some((key, i) => key !== CRITICAL[i])) {
    return new FormatError(
      'H4',
      `expected the keys of critical in the order ${CRITICAL.join(', ')}, found ${keys.join(', ')}`,
    );
  }
  let last;
  for (const key of ancillary.keys()) {
    if (last !== undefined && compareText(last, key) >= 0) {
      return new FormatError(
        'H12',
        `expected the keys of ancillary in the order of their bytes, found ${show(last)} before ${show(key)}`,
      );
    }
    last = key;
  }
  return undefined;
}

export function compareText(one, other) {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function readCritical(critical, digests, prelude, writer) {
  for (const key of CRITICAL) if (!critical.has(key)) refuse('H4', `expected the key ${key} in critical, found none`);
  for (const key of critical.keys()) {
    if (!CRITICAL.includes(key)) {
      const message = `expected the keys ${CRITICAL.join(', ')} in critical, found ${show(key)}`;
      refuseUnknown('H5', message, nameOf(writer));
    }
  }
  for (const key of ['types', 'objects', 'arrays']) {
    if (!Array.isArray(critical.get(key)))
      refuse('H4', `expected an array as ${key}, found ${show(critical.get(key))}`);
  }
  const backend = critical.get('backend');
  const root = critical.get('root');
  if (!['numpy', 'jax', 'mixed'].includes(backend))
    refuse('H7', `expected numpy, jax or mixed as backend, found ${show(backend)}`);
  if (typeof root !== 'string') refuse('H7', `expected a string as root, found ${show(root)}`);
  const types = readTypes(critical.get('types'));
  const objects = readObjects(critical.get('objects'), types);
  const arrays = readRows(critical.get('arrays'), digests, prelude, writer);
  return { backend, root, types, objects, arrays };
}

function readTypes(rows) {
  return rows.map((row, i) => {
    if (!Array.isArray(row) || row.length !== 4) {
      refuse('H8', `expected [name, version, fields, results] as row ${i} of types, found ${show(row)}`);
    }
    const [name, version, fields, results] = row;
    if (typeof name !== 'string') refuse('H8', `expected a name in row ${i} of types, found ${show(name)}`);
    if (!isNatural(version) || version < 1) {
      refuse('H8', `expected a schema version from 1 for ${show(name)}, found ${show(version)}`);
    }
    const names = new Set();
    for (const list of [fields, results]) {
      if (!Array.isArray(list)) refuse('H8', `expected an array of names for ${show(name)}, found ${show(list)}`);
      for (const item of list) {
        if (typeof item !== 'string')
          refuse('H8', `expected the name of a field or result of ${show(name)}, found ${show(item)}`);
        if (names.has(item)) refuse('H8', `the name ${show(item)} stands twice in the row of ${show(name)}`);
        names.add(item);
      }
    }
    return { name, version, fields, results };
  });
}

function readObjects(items, types) {
  items.forEach((item, i) => {
    const known = item === LIST || item === DICT || item === SET || (isNatural(item) && item < types.length);
    if (!known)
      refuse('H9', `expected -1, -2, -3 or one of ${types.length} types for object ${i}, found ${show(item)}`);
  });
  return items;
}
