import { createXXHash128 } from 'hash-wasm';

// Seed 0. One hasher serves all: nothing here waits between `init` and `digest`.
const hasher = await createXXHash128();

/** The XXH3 of 128 bits of some runs of bytes, one behind the other: the 16 bytes of its canonical form. */
export function digestOf(...runs) {
  hasher.init();
  for (const run of runs) hasher.update(run);
  return hasher.digest('binary');
}

export function sameBytes(one, other) {
  return Buffer.compare(one, other) === 0;
}
