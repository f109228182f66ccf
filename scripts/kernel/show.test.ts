/** How a value is shown as a cell's result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownValue } from './show';

const text = async (value: unknown) => (await shownValue(value))?.['text/plain'];

test('values as Node inspects them', async () => {
  assert.equal(await text({ a: [1, 'two'] }), "{ a: [ 1, 'two' ] }");
  assert.equal(await text(null), 'null');
  assert.equal(await shownValue(undefined), undefined);
});

test('large values are shortened, saying how much is left out', async () => {
  const lines = await text(
    Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key${n}`, 'a value of some length'])),
  );
  assert.match(String(lines), /^\{\n {2}key0: .*\n… \d+ more lines$/s);
  assert.ok(String(lines).split('\n').length === 101);
  assert.match(String(await text('x'.repeat(30_000))), /x'\.\.\. 20000 more characters$/);
  assert.match(String(await text(new Float32Array(3000))), /2900 more items/);
});

test('a tensor: shape, dtype and a few values', async () => {
  const values = Float32Array.from({ length: 12 }, (_, n) => n / 2);
  const tensor = { shape: [3, 4], dtype: 'float32', dataId: {}, isDisposed: false, dataSync: () => values };
  assert.equal(await text(tensor), 'Tensor float32 [3, 4]: 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, … 4 more');
  assert.equal(await text({ ...tensor, isDisposed: true }), 'Tensor float32 [3, 4], disposed');
});

test('nothing is shown for the handle of a timer', async () => {
  const timer = setTimeout(() => undefined);
  clearTimeout(timer);
  assert.equal(await shownValue(timer), undefined);
});

test('a value that cannot be read is reported as such', async () => {
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error('trapped');
      },
    },
  );
  assert.equal(typeof (await text(trap)), 'string');
});
