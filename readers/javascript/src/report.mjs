import { createHash } from 'node:crypto';

import { FormatError } from './errors.mjs';
import { inspect } from './inspector.mjs';
import { checkCanonical, load } from './loader.mjs';
import { AT_ONCE } from './source.mjs';

/** What the three programs of FORMAT.md say of a payload, and what it holds: one object of plain values. */
export function report(file, registry) {
  const summary = {
    file,
    inspector: undefined,
    loader: undefined,
    canonical: undefined,
    wire: null,
    writer: null,
    root: null,
    backend: null,
    arrays: [],
  };
  summary.inspector = outcome(() => inspectInto(summary, file));
  summary.loader = summary.inspector.ok ? outcome(() => load(file, { registry })) : summary.inspector;
  summary.canonical = summary.inspector.ok ? outcome(() => checkCanonical(file, { registry })) : summary.inspector;
  return summary;
}

function outcome(check) {
  try {
    check();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { ok: false, rule: error.rule, message: error.message };
  }
}

/** An inspector hands out the header and the arrays whose rules hold; the first breach is thrown behind them. */
function inspectInto(summary, file) {
  const inspector = inspect(file);
  let breach;
  try {
    const { wire, writer, root, backend } = inspector;
    Object.assign(summary, { wire, writer, root, backend });
    inspector.arrays.forEach(({ dtype, shape, order, jax, nbytes }, i) => {
      let sha256 = null;
      try {
        sha256 = sha256Of(inspector.array(i).bytes);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        breach ??= error;
      }
      summary.arrays.push({ dtype, shape, order, jax, nbytes, sha256 });
    });
  } finally {
    inspector.close();
  }
  if (breach) throw breach;
}

function sha256Of(bytes) {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += AT_ONCE) hash.update(bytes.subarray(at, at + AT_ONCE));
  return hash.digest('hex');
}

/** One line of JSON. A length of a shape that no number holds is written as its decimal digits. */
export function jsonLine(value) {
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item));
}

/** The text of `inspect`: what a payload holds, for people. */
export function describe(file) {
  const inspector = inspect(file);
  try {
    const { wire, writer, size, head, backend, root, types, objects, arrays, ancillary } = inspector;
    const lines = [
      `${file}: wire version ${wire}, written by ${writer.join(' ')}`,
      `${size} bytes, of which the header has ${head}; root ${root}; backend ${backend}`,
      `${objects.length} objects, of which ${objects.filter((kind) => kind < 0).length} are lists, dicts and sets`,
    ];
    const counts = new Map();
    for (const kind of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    types.forEach(({ name, version, fields, results }, i) => {
      const names = [...fields, ...results.map((result) => `${result} (result)`)];
      lines.push(`  ${counts.get(i) ?? 0} of ${name} ${version}: ${names.join(', ')}`);
    });
    lines.push(`${arrays.length} arrays`);
    arrays.forEach(({ dtype, shape, order, jax, nbytes, stored, compression }, i) => {
      const how = compression === undefined ? '' : `, ${stored} as ${compression}`;
      const kind = `${typeof dtype === 'string' ? dtype : jsonLine(dtype)} (${shape.join(', ')}) ${order}`;
      lines.push(`  ${i}: ${kind}${jax ? ' JAX' : ''}, ${nbytes} bytes${how}`);
    });
    if (ancillary.size > 0)
      lines.push(`ancillary: ${[...ancillary.keys()].map((key) => JSON.stringify(key)).join(', ')}`);
    return lines.join('\n');
  } finally {
    inspector.close();
  }
}
