import { checkGaps, checkItems, readBytes } from './arrays.mjs';
import { Body } from './body.mjs';
import { readHeader } from './header.mjs';
import { checkOrder, checkTypes } from './registry.mjs';
import { sourceOf } from './source.mjs';

/**
 * The root of the graph that a payload holds: a path, a file's `URL` or bytes.
 *
 * `registry` is {type name: {version: {fields: [...], optional: [...], open: bool}, results: [...]}}. `optional` names the fields
 * that may be missing; they stand behind the others. A breach of a rule of an inspector or a loader is a `FormatError`.
 */
export function load(input, { registry = {} } = {}) {
  return read(input, registry, false);
}

/** Refuses a payload whose bytes are not those that FORMAT.md prescribes for its graph. */
export function checkCanonical(input, { registry = {} } = {}) {
  read(input, registry, true);
}

function read(input, registry, canonical) {
  const source = sourceOf(input);
  try {
    return readGraph(source, registry, canonical);
  } finally {
    source.close();
  }
}

/** The root; without a registry (undefined), of types that nothing is known of. */
export function readGraph(source, registry, canonical) {
  const header = readHeader(source);
  checkTypes(header, registry);
  if (canonical) {
    const disorder = header.disorder ?? header.arrays.find((row) => row.disorder)?.disorder;
    if (disorder) throw disorder;
    checkOrder(header, registry);
  }
  const body = new Body(header, { canonical });
  const root = body.read();
  checkGaps(source, header);
  body.arrays.forEach((array, i) => {
    array.bytes = readBytes(source, header, i);
    if (canonical) checkItems(header.arrays[i], array.bytes, i);
  });
  return root;
}
