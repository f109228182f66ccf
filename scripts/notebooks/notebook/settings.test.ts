import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBytes, shownBytes } from '../bytes';
import { cellSettings, notebookSettings } from './settings';

test('sizes, in units of 1024', () => {
  for (const [text, bytes] of [
    ['800MB', 800 * 2 ** 20],
    ['2 GiB', 2 ** 31],
    ['1.5g', 1.5 * 2 ** 30],
    ['4096', 4096],
    [4096, 4096],
    ['12kB', 12 * 1024],
  ] as const) {
    assert.equal(parseBytes(text), bytes, String(text));
  }
  for (const text of ['', 'MB', '-1MB', '1TBx', 0, -5, NaN, null]) assert.equal(parseBytes(text), undefined);
  const sizes = [2 ** 31, 1.25 * 2 ** 30, 2 ** 30 - 1, 320 * 2 ** 20, 850 * 1024, 2048];
  assert.deepEqual(sizes.map(shownBytes), ['2 GB', '1.25 GB', '1 GB', '320 MB', '850 kB', '2 kB']);
});

test('the settings of a notebook and of a cell', () => {
  assert.deepEqual(notebookSettings(undefined, 'n'), { compare: {} });
  const { compare, ...rest } = notebookSettings(
    { compare: { relative: 0.1 }, timeout: 5, memoryLimit: '1GB', budget: { tensors: 0, seconds: 2 } },
    'n',
  );
  assert.equal(compare.relative, 0.1);
  assert.deepEqual(rest, { timeout: 5, memoryLimit: 2 ** 30, budget: { seconds: 2, tensors: 0 } });
  assert.deepEqual(cellSettings({ source: 'abc' }, 'n, cell 1'), { compare: {}, source: 'abc' });
});

for (const [value, sentence] of [
  [[], /^n: metadata\.convlab is \[\], expected an object$/],
  [null, /^n: metadata\.convlab is null, expected an object$/],
  [{ timeout: '5' }, /^n: metadata\.convlab\.timeout is "5", expected a number above 0$/],
  [{ timeout: 3e6 }, /^n: metadata\.convlab\.timeout is 3000000, expected at most 2000000 seconds$/],
  [{ budget: { tensor: 1 } }, /budget: unknown field 'tensor', expected seconds, memory, tensors/],
  [{ budget: { tensors: -1 } }, /budget\.tensors is -1, expected a whole number of at least 0/],
  [{ budget: { tensors: 0.5 } }, /budget\.tensors is 0\.5, expected a whole number/],
  [{ budget: null }, /budget is null, expected an object/],
  [{ memoryLimit: '4 apples' }, /memoryLimit is "4 apples", expected a number of bytes or a size/],
  [{ compare: { relative: 'much' } }, /metadata\.convlab\.compare\.relative/],
] as const) {
  test(`refused: ${JSON.stringify(value)}`, () => {
    assert.throws(() => notebookSettings(value, 'n'), { message: sentence });
  });
}
