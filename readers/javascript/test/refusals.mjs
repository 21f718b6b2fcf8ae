import assert from 'node:assert/strict';
import test from 'node:test';

import { checkCanonical, FormatError, inspect, load } from '../index.mjs';
import { REGISTRY } from './graphs.mjs';

const options = { registry: REGISTRY };

/** Which of the three programs refuse a payload, and by which rule. */
function refusals(bytes) {
  const programs = {
    I: () => inspect(bytes).arrays.forEach((_, i) => inspect(bytes).array(i)),
    L: () => load(bytes, options),
    C: () => checkCanonical(bytes, options),
  };
  const refusal = ([letter, program]) => {
    try {
      program();
      return [];
    } catch (error) {
      assert.ok(error instanceof FormatError, error.stack);
      return [`${letter}${error.rule}`];
    }
  };
  return Object.entries(programs).flatMap(refusal).join(' ');
}

const PROGRAMS = { I: 'ILC', L: 'LC', C: 'C' };
const MESSAGE = /^FormatError: [PHBA]\d+: (expected [^]+ found|[^]+ (twice|equals))/;

/**
 * One test for each case: what it is, the payload, the rule, and the first program that refuses it by that rule (or
 * each program with its rule). `all` are the rules that must have a case.
 */
export function testRefusals(cases, all) {
  for (const [what, bytes, rule, letter] of cases) {
    test(`${rule}: ${what}`, () => {
      const expected = letter in PROGRAMS ? [...PROGRAMS[letter]].map((program) => program + rule).join(' ') : letter;
      assert.equal(refusals(bytes), expected);
      assert.throws(() => [load(bytes, options), checkCanonical(bytes, options)], MESSAGE);
    });
  }
  test('every rule has a case', () => {
    const rules = new Set(cases.map(([, , rule]) => rule));
    assert.deepEqual(
      all.filter((rule) => !rules.has(rule)),
      [],
    );
  });
}

export function numbered(letter, count) {
  return Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
}
