/** Tensors go into JSON and come back to the bit, in few characters. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import { random } from '../random';
import { fromJson, toJson } from './tensors';

const vector = (values: readonly number[]): NDArray => ndarray({ shape: [values.length], data: values });

describe('a tensor comes back to the bit', () => {
  const draw = random(1);
  const cases: Readonly<Record<string, readonly number[]>> = {
    'a few whole numbers': [0, 1, -1],
    'numbers that JSON does not have': [NaN, Infinity, -Infinity, -0],
    'bytes, many': Array.from({ length: 500 }, (_, i) => i % 256),
    'pixels of float32, many': Array.from({ length: 784 }, (_, i) => Math.fround((i % 256) / 255)),
    'float64, many': Array.from({ length: 300 }, () => draw.uniform()),
    'bytes and −0, many': Array.from({ length: 300 }, (_, i) => (i === 7 ? -0 : i % 256)),
    'none': [], // prettier-ignore
  };
  for (const [name, values] of Object.entries(cases)) {
    test(name, () => {
      const { deep } = fromJson(toJson({ deep: [vector(values)] })) as { deep: NDArray[] };
      assert.deepEqual(deep[0].shape, [values.length]);
      assert.ok(values.every((value, i) => Object.is(deep[0].data[i], value)));
    });
  }
});

test('a digit of float32 pixels takes 4.2 KB, not the 15 KB of its decimals', () => {
  const digit = vector(Array.from({ length: 784 }, (_, i) => Math.fround(((i * 37) % 256) / 255)));
  assert.ok(JSON.stringify(Array.from(digit.data)).length > 13_000);
  assert.ok(toJson(digit).length < 4300);
});

test('other data stays as it is', () => {
  const data = { title: 'a "title"', sizes: [1, 2], shape: [3], none: null };
  assert.deepEqual(fromJson(toJson(data)), data);
});
