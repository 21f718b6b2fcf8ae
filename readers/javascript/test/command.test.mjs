import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { floats, graph, REGISTRY, single } from './graphs.mjs';

const BIN = fileURLToPath(new URL('../bin.mjs', import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'aas-'));
test.after(() => fs.rmSync(folder, { recursive: true }));

function write(name, bytes) {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return file;
}

function run(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr, lines: stdout.split('\n').filter(Boolean) };
}

const registry = write('registry.json', JSON.stringify(REGISTRY));
const good = write('good.aas', graph());
const bad = write('bad.aas', graph({ backend: 'jax' }));
const broken = write(
  'broken.aas',
  single({ dtype: '<f8', shape: [2], bytes: floats(1, 2) }, { digests: Buffer.alloc(16) }),
);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

test('check prints a line of JSON for each file', () => {
  const { status, lines } = run('check', '--registry', registry, good, bad);
  const [first, second] = lines.map((line) => JSON.parse(line));

  assert.equal(status, 1);
  assert.deepEqual(first, {
    file: good,
    inspector: { ok: true },
    loader: { ok: true },
    canonical: { ok: true },
    wire: 2,
    writer: ['test', '1'],
    root: 'Mesh',
    backend: 'numpy',
    arrays: [
      { dtype: '<f8', shape: [2, 3], order: 'F', jax: false, nbytes: 48, sha256: sha256(floats(1, 2, 3, 4, 5, 6)) },
      {
        dtype: '>i2',
        shape: [3],
        order: 'C',
        jax: false,
        nbytes: 6,
        sha256: sha256(Buffer.from([0, 1, 0xff, 0xfe, 1, 0])),
      },
      {
        dtype: [
          8,
          [
            ['y', '<i2', 0],
            ['on', '|b1', 4],
          ],
        ],
        shape: [],
        order: 'C',
        jax: false,
        nbytes: 8,
        sha256: sha256(Buffer.from([7, 0, 0, 0, 1, 0, 0, 0])),
      },
    ],
  });
  assert.deepEqual([second.inspector.ok, second.loader.rule, second.canonical.rule], [true, 'B10', 'B10']);
  assert.equal(run('check', '--registry', registry, good).status, 0);
});

test('an array that breaks its rule has no SHA-256, and the header is there', () => {
  const summary = JSON.parse(run('check', broken).lines[0]);
  assert.equal(summary.inspector.rule, 'A8');
  assert.deepEqual([summary.root, summary.arrays[0].sha256], ['array', null]);
});

test('without a registry the types are not known', () => {
  assert.equal(JSON.parse(run('check', good).lines[0]).loader.rule, 'H11');
});

test('inspect is for people', () => {
  const { status, stdout } = run('inspect', good);
  assert.equal(status, 0);
  assert.match(stdout, /wire version 2, written by test 1/);
  assert.match(stdout, /1 of Mesh 2: shape, _use_jax, area \(result\)/);
  assert.match(stdout, /0: <f8 \(2, 3\) F, 48 bytes/);
});

test('identity is that of the graph', () => {
  const { status, stdout } = run('identity', good);
  assert.equal(status, 0);
  assert.match(stdout, /^aas:sha256:[0-9a-f]{64} {2}.*good\.aas\n$/);
});

test('a file that is no payload is named with the rule', () => {
  const { status, stderr } = run('inspect', registry, good);
  assert.equal(status, 1);
  assert.match(stderr, /registry\.json: P1: expected the magic string/);
});

test('a file that is not there is named, and the others are read', () => {
  const { status, stderr, lines } = run('check', '--registry', registry, path.join(folder, 'missing.aas'), good);
  assert.deepEqual([status, lines.length], [2, 1]);
  assert.match(stderr, /missing\.aas/);
});

test('a command that is none prints how it is used', () => {
  for (const args of [[], ['draw', good], ['check'], ['check', '--color', good]]) assert.equal(run(...args).status, 2);
  assert.match(run('--help').stdout, /usage: node bin\.mjs check/);
});
