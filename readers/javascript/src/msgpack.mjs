import { hex, refuse } from './errors.mjs';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// The longest string of this engine, in UTF-16 units. No string of UTF-8 has more units than bytes.
const LONGEST_STRING = 2 ** 29 - 24;

/**
 * Steps through msgpack objects, one token a step, without recursion and without allocation by a claimed length.
 *
 * After `next()`: `kind` is `nil`, `bool`, `int`, `float`, `str`, `bin`, `array`, `map` or `ext`; `value` a bool's, an
 * integer's (a BigInt where a number can't hold it) or a float's; `length` the bytes of a `str`, `bin` or `ext` (which
 * begin at `data`), or the items of an `array` or the pairs of a `map`; `code` that of an `ext`; `width` the bytes of a
 * `float`; `start` and `position` the first byte of the token and the one behind it; `shortest` whether no other form
 * of the value is shorter (and, where the signed and the unsigned form of an integer are equally long, whether it is
 * the unsigned one).
 */
export class Cursor {
  constructor(bytes, { start = 0, end = bytes.length, base = 0, rule, where }) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = start;
    this.end = end;
    this.base = base;
    this.rule = rule;
    this.where = where;
  }

  /** The place of the present token, for messages: counted from the payload's first byte. */
  get place() {
    return `byte ${this.base + this.start} (${this.where})`;
  }

  /** The first bytes of the present token, for messages. */
  get form() {
    return hex(this.bytes.subarray(this.start, Math.min(this.position, this.start + 9)));
  }

  next() {
    this.start = this.position;
    this.#need(1, 'a value');
    const byte = this.bytes[this.position++];
    this.shortest = true;
    if (byte <= 0x7f) this.#scalar('int', byte);
    else if (byte <= 0x8f) this.#items('map', byte & 0x0f);
    else if (byte <= 0x9f) this.#items('array', byte & 0x0f);
    else if (byte <= 0xbf) this.#run('str', byte & 0x1f);
    else if (byte >= 0xe0) this.#scalar('int', byte - 256);
    else this.#long(byte);
    return this.kind;
  }

  #long(byte) {
    switch (byte) {
      case 0xc0:
        return this.#scalar('nil', null);
      case 0xc2:
        return this.#scalar('bool', false);
      case 0xc3:
        return this.#scalar('bool', true);
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#run('bin', this.#count(byte - 0xc4, [0, 0x100, 0x10000]));
      case 0xc7:
      case 0xc8:
      case 0xc9: {
        const length = this.#count(byte - 0xc7, [0, 0x100, 0x10000]);
        if ([1, 2, 4, 8, 16].includes(length)) this.shortest = false;
        return this.#ext(length);
      }
      case 0xca:
      case 0xcb:
        return this.#float(byte === 0xca ? 4 : 8);
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#integer(1 << (byte - 0xcc), false);
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#integer(1 << (byte - 0xd0), true);
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#ext(1 << (byte - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#run('str', this.#count(byte - 0xd9, [32, 0x100, 0x10000]));
      case 0xdc:
      case 0xdd:
        return this.#items('array', this.#count(byte - 0xdc + 1, [0, 16, 0x10000]));
      case 0xde:
      case 0xdf:
        return this.#items('map', this.#count(byte - 0xde + 1, [0, 16, 0x10000]));
      default:
        refuse(this.rule, `expected a msgpack object at ${this.place}, found ${this.form}, with which none begins`);
    }
  }

  #need(count, what) {
    if (this.end - this.position < count) {
      refuse(
        this.rule,
        `expected ${what} of at least ${count} bytes at ${this.place}, found ${this.end - this.position}`,
      );
    }
  }

  #scalar(kind, value) {
    this.kind = kind;
    this.value = value;
  }

  /** A length of 1, 2 or 4 bytes (`size` 0, 1, 2), in its shortest form from `least[size]` on. */
  #count(size, least) {
    this.#need(1 << size, 'a length');
    const { view, position } = this;
    const count =
      size === 0 ? view.getUint8(position) : size === 1 ? view.getUint16(position) : view.getUint32(position);
    this.position += 1 << size;
    this.shortest = count >= least[size];
    return count;
  }

  #items(kind, count) {
    this.#need(kind === 'map' ? 2 * count : count, `${count} items of ${kind === 'map' ? 'a map' : 'an array'}`);
    this.kind = kind;
    this.length = count;
  }

  #run(kind, length) {
    this.#need(length, `the data of a ${kind}`);
    this.kind = kind;
    this.length = length;
    this.data = this.position;
    this.position += length;
  }

  #ext(length) {
    this.#need(1, 'the code of an ext type');
    this.code = this.view.getInt8(this.position++);
    this.#run('ext', length);
  }

  #float(width) {
    this.#need(width, 'a float');
    this.#scalar('float', width === 4 ? this.view.getFloat32(this.position) : this.view.getFloat64(this.position));
    this.width = width;
    this.position += width;
  }

  #integer(width, signed) {
    this.#need(width, 'an integer');
    const { view, position } = this;
    let value;
    if (width === 1) value = signed ? view.getInt8(position) : view.getUint8(position);
    else if (width === 2) value = signed ? view.getInt16(position) : view.getUint16(position);
    else if (width === 4) value = signed ? view.getInt32(position) : view.getUint32(position);
    else {
      value = signed ? view.getBigInt64(position) : view.getBigUint64(position);
      if (Number.isSafeInteger(Number(value))) value = Number(value);
    }
    this.position += width;
    this.#scalar('int', value);
    this.shortest = integerWidth(value) === (signed ? -width : width);
  }

  /** The string that the present token, a `str`, holds; a refusal by `rule` where it is not UTF-8. */
  text(rule) {
    const { data, length } = this;
    if (length > LONGEST_STRING)
      refuse(rule, `a string of ${length} bytes at ${this.place} is too long for this program`);
    try {
      return utf8.decode(this.bytes.subarray(data, data + length));
    } catch {
      return refuse(rule, `expected UTF-8 in the string at ${this.place}, found ${hex(this.run())}`);
    }
  }

  /** The data of the present token, a `str`, `bin` or `ext`. */
  run() {
    return this.bytes.subarray(this.data, this.data + this.length);
  }

  /** Steps over one object with all that it holds. */
  skip() {
    for (let pending = 1; pending > 0; pending--) {
      this.next();
      if (this.kind === 'array') pending += this.length;
      else if (this.kind === 'map') pending += 2 * this.length;
    }
  }
}

/** The bytes of an integer's shortest form behind its first: 0, 1, 2, 4 or 8, negative for a signed form. */
function integerWidth(value) {
  if (value >= 0) return value <= 0x7f ? 0 : value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
  return value >= -32 ? 0 : value >= -0x80 ? -1 : value >= -0x8000 ? -2 : value >= -0x80000000 ? -4 : -8;
}

/** The first bytes of an object of a length: `fixed` with it up to `limit`, else the form of 1, 2 or 4 bytes. */
function lengthForm(length, fixed, limit, first) {
  if (length <= limit) return Buffer.from([fixed | length]);
  const form = Buffer.alloc(5);
  form.writeUInt32BE(length, 1);
  if (length <= 0xff && first.byte !== undefined) return Buffer.from([first.byte, length]);
  if (length <= 0xffff) return Buffer.from([first.short, form[3], form[4]]);
  form[0] = first.long;
  return form;
}

export function integerForm(value) {
  const width = integerWidth(value);
  if (width === 0) return Buffer.from([Number(value) & 0xff]);
  const form = Buffer.alloc(9);
  form.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), 1);
  const size = Math.abs(width);
  const first = (width > 0 ? 0xcc : 0xd0) + Math.log2(size);
  return Buffer.concat([Buffer.from([first]), form.subarray(9 - size)]);
}

/** The bytes of one object in its shortest form. `nested` is the code of an ext type whose data is an object too. */
export function shortestForm(bytes, nested) {
  const cursor = new Cursor(bytes, { rule: 'B1', where: 'a key' });
  const forms = [];
  for (let pending = 1; pending > 0; pending--) {
    cursor.next();
    const { kind, length } = cursor;
    if (kind === 'int') forms.push(integerForm(cursor.value));
    else if (kind === 'array') {
      forms.push(lengthForm(length, 0x90, 15, { short: 0xdc, long: 0xdd }));
      pending += length;
    } else if (kind === 'str') {
      forms.push(lengthForm(length, 0xa0, 31, { byte: 0xd9, short: 0xda, long: 0xdb }), cursor.run());
    } else if (kind === 'bin') {
      forms.push(lengthForm(length, 0, -1, { byte: 0xc4, short: 0xc5, long: 0xc6 }), cursor.run());
    } else if (kind === 'ext') {
      const data = cursor.code === nested ? shortestForm(cursor.run()) : cursor.run();
      const fixed = [1, 2, 4, 8, 16].indexOf(data.length);
      if (fixed >= 0) forms.push(Buffer.from([0xd4 + fixed]));
      else forms.push(lengthForm(data.length, 0, -1, { byte: 0xc7, short: 0xc8, long: 0xc9 }));
      forms.push(Buffer.from([cursor.code & 0xff]), data);
    } else forms.push(bytes.subarray(cursor.start, cursor.position));
  }
  return Buffer.concat(forms);
}
