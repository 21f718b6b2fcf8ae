import { readArray } from './arrays.mjs';
import { readHeader } from './header.mjs';
import { sourceOf } from './source.mjs';

/**
 * The header of a payload, and its arrays one by one. Nothing else of a file is read.
 *
 * `wire`, `writer` [name, version], `size` and `head` in bytes, `backend`, `root`, `types` (rows of `name`, `version`,
 * `fields`, `results`), `objects` (each the index of its type, or -1 for a list, -2 a dict, -3 a set), `arrays` (rows
 * of `dtype`, `shape`, `order`, `jax`, `nbytes`, `stored`, `offset`, `compression`) and `ancillary`, a Map.
 */
export class Inspector {
  #source;
  #header;

  constructor(input) {
    this.#source = sourceOf(input);
    try {
      this.#header = readHeader(this.#source);
    } catch (error) {
      this.close();
      throw error;
    }
    const { wire, writer, size, head, backend, root, types, objects, arrays, ancillary } = this.#header;
    Object.assign(this, { wire, writer, size, head, backend, root, types, objects, ancillary });
    this.arrays = arrays.map(({ dtype, shape, order, jax, nbytes, stored, offset, compression }) => ({
      dtype: dtype.text,
      shape,
      order,
      jax,
      nbytes,
      stored,
      offset,
      compression,
    }));
  }

  /** Array number `index`, an `NDArray`, after its own rules (A7, A8, A10). */
  array(index) {
    if (!Object.hasOwn(this.arrays, index))
      throw new RangeError(`expected one of ${this.arrays.length} arrays, found number ${index}`);
    return readArray(this.#source, this.#header, index);
  }

  close() {
    this.#source.close();
  }
}

/** An `Inspector` of a path, a file's `URL` or bytes. */
export function inspect(input) {
  return new Inspector(input);
}
