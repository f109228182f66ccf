import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_COMPARE } from '../result';
import { read as readWith } from '../finding';
import { compareSettings, withSettings } from './settings';

const read = (value: unknown) => readWith(compareSettings, value, 'compare');
const noise = { pattern: 'seed \\d+', replace: 'seed N' };

test('without settings the options stay as they are', () => {
  assert.deepEqual(withSettings(DEFAULT_COMPARE, {}), DEFAULT_COMPARE);
  assert.deepEqual(withSettings(DEFAULT_COMPARE, read({})), DEFAULT_COMPARE);
});

test('the inner level wins; sanitizers and ignored types add up', () => {
  const notebook = withSettings(
    DEFAULT_COMPARE,
    read({ relative: 0.01, sanitize: [noise], ignore: ['text/html'] }),
  );
  const cell = withSettings(notebook, read({ relative: 0.1, sanitize: ['uuids'], ignore: ['image/*'] }));
  assert.equal(notebook.relativeTolerance, 0.01);
  assert.equal(cell.relativeTolerance, 0.1);
  assert.equal(cell.absoluteTolerance, DEFAULT_COMPARE.absoluteTolerance);
  assert.deepEqual(cell.ignore, ['stderr', 'text/html', 'image/*']);
  assert.deepEqual(cell.sanitizers[0], noise);
  assert.equal(cell.sanitizers[1].replace, 'UUID');
});

test('a tolerance that was set applies to whole numbers too, unless the settings say otherwise', () => {
  assert.equal(withSettings(DEFAULT_COMPARE, read({ absolute: 5 })).integers, 'tolerant');
  assert.equal(withSettings(DEFAULT_COMPARE, read({ absolute: 5, integers: 'exact' })).integers, 'exact');
});

test('standard error is compared where a notebook or cell asks for it', () => {
  assert.deepEqual(withSettings(DEFAULT_COMPARE, read({ stderr: true, ignore: ['error'] })).ignore, [
    'error',
  ]);
});

test('a wrong setting is refused, naming its place', () => {
  const at = 'compare';
  for (const [value, message] of [
    [7, `${at} is 7, expected an object`],
    [{ relative: -1 }, `${at}.relative is -1, expected a number of at least 0`],
    [{ absolute: '1' }, `${at}.absolute is "1", expected a number of at least 0`],
    [{ integers: true }, `${at}.integers is true, expected "exact" or "tolerant"`],
    [
      { ignore: 'stderr' },
      `${at}.ignore is "stderr", expected a list of stdout, stderr, error and MIME types`,
    ],
    [{ stderr: false }, `${at}.stderr is false, expected true, or left out`],
    [
      { tolerance: 1 },
      `${at}: unknown field 'tolerance', expected relative, absolute, integers, sanitize, ignore, stderr`,
    ],
    [{ sanitize: 'dates' }, `${at}.sanitize is "dates", expected a list of sanitizers`],
    [
      { sanitize: [noise, { ...noise, flag: 'i' }] },
      `${at}.sanitize[1]: unknown field 'flag', expected pattern, flags, replace`,
    ],
  ] as const)
    assert.throws(() => read(value), { name: 'TypeError', message });
});
