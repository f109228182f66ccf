import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greyPicture } from './greyPicture';

test('fractions become whole grey levels, the side is the root of their number', () => {
  assert.deepEqual(greyPicture(Float32Array.of(0, 0.5, 0.25, 1), 'ramp'), {
    ...{ pixels: [0, 128, 64, 255], height: 2, width: 2, label: 'ramp' },
  });
  assert.equal(greyPicture(new Float32Array(784)).width, 28);
});

test('pixels that fill no square are refused', () => {
  assert.throws(() => greyPicture([0, 1, 0]), {
    message: 'greyPicture: pixels has 3 numbers, expected those of a square',
  });
});
