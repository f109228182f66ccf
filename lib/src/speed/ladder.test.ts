/** The loops that notebook 13 measures compute conv2d, all with the same bits. */
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { NDArray } from '../ndarray';
import { conv2d } from '../ops';
import { randomArray } from '../ops/testdata/arrays';
import { engineConvolution, wasmConvolution } from './ladder';
import { registerLoop } from './registerLoop';

const far = (a: NDArray, b: NDArray): number =>
  a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);

describe('wasmConvolution and engineConvolution', () => {
  const cases = [
    { x: [3, 15, 15, 10], kernel: [5, 5, 10, 20] },
    { x: [1, 6, 7, 3], kernel: [3, 3, 3, 8] },
    { x: [2, 4, 7, 1], kernel: [4, 2, 1, 4] },
  ];
  for (const shapes of cases) {
    test(`${shapes.x.join('×')} by ${shapes.kernel.join('×')}`, async () => {
      const x = randomArray(shapes.x, 1);
      const kernel = randomArray(shapes.kernel, 2);
      const expected = conv2d(x, kernel);
      const wasm = wasmConvolution(x, kernel);
      assert.equal(far(wasm.output(), expected) > 0.1, true, 'nothing is computed before a run');
      const outputs = (['scalar', 'lanes', 'registers'] as const).map((loop) => {
        wasm.run(loop);
        wasm.run(loop); // a second run starts from zero
        return wasm.output();
      });
      assert.deepEqual(outputs[0].shape, expected.shape);
      assert.ok(far(outputs[0], expected) < 1e-4);
      assert.deepEqual(outputs[1], outputs[0]);
      assert.deepEqual(outputs[2], outputs[0]);
      for (const threads of [1, 2]) {
        const engine = engineConvolution(x, kernel, { threads });
        const first = await engine.run();
        assert.deepEqual(await engine.run(), first);
        assert.deepEqual(engine.shape, expected.shape);
        assert.deepEqual(Float64Array.from(first), outputs[0].data);
        await engine.dispose();
      }
    });
  }

  test('refuse sizes that do not fit', () => {
    const x = randomArray([1, 6, 6, 2], 1);
    const filters = (shape: number[]) => randomArray(shape, 2);
    assert.throws(() => wasmConvolution(x, filters([3, 3, 1, 4])), /kernel has 1 input channels, x has 2/);
    assert.throws(
      () => wasmConvolution(x, filters([3, 3, 2, 6])),
      /kernel has 6 filters, expected a multiple of 4/,
    );
    assert.throws(
      () => wasmConvolution(x, filters([3, 5, 2, 4])),
      /the output has 2 columns, expected at least 4/,
    );
    assert.throws(
      () => engineConvolution(x, filters([7, 3, 2, 4]), { threads: 1 }),
      /larger than the image \[6, 6\]/,
    );
  });
});

describe('registerLoop', () => {
  test('computes the limit of every sum', () => {
    for (const lanes of [1, 4] as const) {
      for (const sums of [1, 2, 8, 13, 32]) {
        const loop = registerLoop({ sums, lanes });
        assert.equal(loop.run(), 2);
        assert.equal(loop.multiplyAdds, 50_000 * 8 * sums * lanes);
      }
    }
  });

  test('computes the same limit when multiply and add are fused', () => {
    const loop = registerLoop({ sums: 13, lanes: 4, fused: true });
    assert.equal(loop.run(), 2);
    assert.equal(loop.multiplyAdds, 50_000 * 8 * 13 * 4);
  });

  test('refuses a loop that it does not have', () => {
    assert.throws(() => registerLoop({ sums: 0, lanes: 4 }), /registerLoop: sums is 0/);
    assert.throws(() => registerLoop({ sums: 33, lanes: 4 }), /registerLoop: sums is 33/);
    assert.throws(
      () => registerLoop({ sums: 1, lanes: 2 as 4 }),
      /registerLoop: lanes is 2, expected 1 or 4/,
    );
    assert.throws(
      () => registerLoop({ sums: 1, lanes: 1, fused: true }),
      /^RangeError: registerLoop: lanes is 1, expected 4 with fused$/,
    );
  });
});
