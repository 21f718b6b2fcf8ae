import { typedItems } from './dtype.mjs';

/** A tuple: an array that `instanceof Tuple` tells from a list. */
export class Tuple extends Array {
  static get [Symbol.species]() {
    return Array;
  }
}

/** A frozenset: a set that `instanceof FrozenSet` tells from a set. */
export class FrozenSet extends Set {}

/** A complex number of two floats of 64 bits. */
export class Complex {
  constructor(real, imag) {
    this.real = real;
    this.imag = imag;
  }
}

/** A number or string that has a dtype: `value` in the type of this language that is nearest, `bytes` as written. */
export class Scalar {
  constructor(dtype, value, bytes) {
    this.dtype = dtype;
    this.value = value;
    this.bytes = bytes;
  }
}

/** An object of a registered type. `fields` and `results` are plain objects without a prototype. */
export class Instance {
  constructor({ name, version }) {
    this.type = name;
    this.version = version;
    this.fields = Object.create(null);
    this.results = Object.create(null);
  }
}

/**
 * An array: `dtype` as its row has it (a string, or [item size, fields] for a record), `shape`, `order` (`C`, or `F`
 * for first index fastest), `jax`, and `bytes`, its items in that order and in the dtype's byte order.
 */
export class NDArray {
  #dtype;
  #values;

  constructor(row) {
    this.#dtype = row.dtype;
    this.dtype = row.dtype.text;
    this.shape = row.shape;
    this.order = row.order;
    this.jax = row.jax;
    this.bytes = undefined;
  }

  /** The items in `order` as a typed array, where this language has one (bools as `Uint8Array`); else undefined. */
  get values() {
    this.#values ??= typedItems(this.#dtype, this.bytes);
    return this.#values;
  }
}
