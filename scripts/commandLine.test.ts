import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, someOf, UsageError, wholeNumber } from './commandLine';

const refused = (message: string) => (error: unknown) =>
  error instanceof UsageError && error.message === message;

test('whole numbers of at least 1', () => {
  assert.equal(wholeNumber('--seeds', '12'), 12);
  for (const text of ['0', '-1', '1.5', 'x', '', ' ', '1e400']) {
    assert.throws(
      () => wholeNumber('--seeds', text),
      refused(`--seeds is '${text}', expected a whole number of at least 1`),
    );
  }
});

test('some of the known names', () => {
  assert.deepEqual(someOf('--only', 'b,a', ['a', 'b']), ['b', 'a']);
  assert.throws(() => someOf('--only', 'a,c', ['a', 'b']), refused("--only has 'c', expected some of a, b"));
});

test('an unknown option, and one without its value, are reported in one sentence', () => {
  assert.throws(
    () => readOptions(['--sedes', '3'], {}),
    refused("Unknown option '--sedes'; --help lists the options"),
  );
  assert.throws(
    () => readOptions(['--seeds'], { seeds: { type: 'string' } }),
    refused("Option '--seeds <value>' argument missing; --help lists the options"),
  );
});
