import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { effectiveKernelSize, outputSize, receptiveField, resolvePadding } from './shape';

/** Counts the positions one by one, the definition that the formula must agree with. */
function countPositions(n: number, k: number, s: number, p: number, d: number): number {
  let count = 0;
  for (let start = -p; start + d * (k - 1) < n + p; start += s) count++;
  return count;
}

describe('outputSize', () => {
  test('counts the positions of every window that fits on 1 to 28 pixels', () => {
    let fits = 0;
    for (let n = 1; n <= 28; n++)
      for (let k = 1; k <= 7; k++)
        for (let s = 1; s <= 3; s++)
          for (let p = 0; p <= 3; p++)
            for (let d = 1; d <= 2; d++) {
              const o = { kernel: k, stride: s, padding: p, dilation: d };
              const count = countPositions(n, k, s, p, d);
              if (count === 0) assert.throws(() => outputSize(n, o), RangeError);
              else assert.equal(outputSize(n, o), count, JSON.stringify({ n, ...o }));
              if (count > 0) fits++;
            }
    assert.ok(fits > 3000);
  });

  test('goes 28 → 26 → 13 → 11 → 5 through the classic network', () => {
    const first = outputSize(28, { kernel: 5, padding: 1 });
    const pooled = outputSize(first, { kernel: 2, stride: 2 });
    const second = outputSize(pooled, { kernel: 5, padding: 1 });
    assert.deepEqual([first, pooled, second, outputSize(second, { kernel: 2, stride: 2 })], [26, 13, 11, 5]);
  });

  test("'same' keeps ⌈n/s⌉, 'valid' adds nothing, [before, after] adds what it says", () => {
    assert.equal(outputSize(28, { kernel: 5, padding: 'same' }), 28);
    assert.equal(outputSize(5, { kernel: 2, stride: 2, padding: 'same' }), 3);
    assert.equal(outputSize(7, { kernel: 3, stride: 3, padding: 'same', rounding: 'ceil' }), 3);
    assert.equal(outputSize(28, { kernel: 3, padding: 'valid' }), 26);
    assert.equal(outputSize(28, { kernel: 4, padding: [1, 2] }), 28);
  });

  test('rounds as specified', () => {
    assert.equal(outputSize(5, { kernel: 2, stride: 2 }), 2);
    assert.equal(outputSize(5, { kernel: 2, stride: 2, rounding: 'ceil' }), 3);
    assert.equal(outputSize(6, { kernel: 2, stride: 2, rounding: 'exact' }), 3);
    assert.throws(
      () => outputSize(10, { kernel: 3, stride: 2, rounding: 'exact' }),
      new RangeError(
        'outputSize: (10 + 0 − 3) / 2 + 1 = 4.5, expected a whole number; a window of 3 at stride 2 leaves 1 of 10 pixels over',
      ),
    );
  });

  const wrong: [string, number, Parameters<typeof outputSize>[1], string][] = [
    ['no pixels', 0, { kernel: 1 }, 'outputSize: input is 0, expected a whole number of at least 1'],
    ['half a pixel', 2.5, { kernel: 1 }, 'outputSize: input is 2.5, expected'],
    ['a bare kernel', 5, 3 as never, 'outputSize: options is 3, expected an object { kernel }'],
    ['kernel 0', 5, { kernel: 0 }, 'outputSize: kernel is 0, expected'],
    ['stride 0', 5, { kernel: 1, stride: 0 }, 'outputSize: stride is 0, expected'],
    ['stride NaN', 5, { kernel: 1, stride: NaN }, 'outputSize: stride is NaN, expected'],
    ['dilation 0', 5, { kernel: 1, dilation: 0 }, 'outputSize: dilation is 0, expected'],
    ['padding −1', 5, { kernel: 1, padding: -1 }, 'outputSize: padding is -1, expected'],
    [
      'an unknown padding',
      5,
      { kernel: 1, padding: 'full' as 'same' },
      "outputSize: padding is 'full', expected",
    ],
    [
      'an unknown rounding',
      5,
      { kernel: 1, rounding: 'up' as 'ceil' },
      "outputSize: rounding is 'up', expected",
    ],
    ['a large window', 4, { kernel: 5 }, 'outputSize: the window spans 5 pixels, the input has 4'],
    [
      'a dilated window',
      5,
      { kernel: 4, dilation: 3, padding: 1 },
      'outputSize: the window spans 10 pixels, the padded input has 7',
    ],
  ];
  for (const [name, input, options, message] of wrong) {
    test(`refuses ${name}`, () => {
      assert.throws(
        () => outputSize(input, options),
        (error: Error) => error.message.startsWith(message),
      );
    });
  }
});

test('resolvePadding puts the odd zero at the end, as TensorFlow does', () => {
  assert.deepEqual(resolvePadding(28, { kernel: 3, padding: 'same' }), [1, 1]);
  assert.deepEqual(resolvePadding(28, { kernel: 2, padding: 'same' }), [0, 1]);
  assert.deepEqual(resolvePadding(28, { kernel: 3, stride: 2, padding: 'same' }), [0, 1]);
  assert.deepEqual(resolvePadding(28, { kernel: 1, stride: 2, padding: 'same' }), [0, 0]);
  assert.deepEqual(resolvePadding(28, { kernel: 3, dilation: 2, padding: 'same' }), [2, 2]);
  assert.deepEqual(resolvePadding(28, { kernel: 3, padding: 2 }), [2, 2]);
});

test('effectiveKernelSize is k + (k − 1)(d − 1)', () => {
  assert.deepEqual(
    [1, 2, 3].map((d) => effectiveKernelSize(3, d)),
    [3, 5, 7],
  );
  assert.equal(effectiveKernelSize(1, 9), 1);
});

describe('receptiveField', () => {
  test('grows by (e − 1)·jump per layer', () => {
    const fields = receptiveField(28, [
      { kernel: 5, padding: 1 },
      { kernel: 2, stride: 2 },
      { kernel: 5, padding: 1 },
      { kernel: 2, stride: 2 },
    ]);
    assert.deepEqual(fields, [
      { size: 5, jump: 1, start: -1, output: 26 },
      { size: 6, jump: 2, start: -1, output: 13 },
      { size: 14, jump: 2, start: -3, output: 11 },
      { size: 16, jump: 4, start: -3, output: 5 },
    ]);
  });

  test('is the region from which a change of one pixel reaches a unit', () => {
    const layers = [
      { kernel: 3, stride: 2, padding: 'same' },
      { kernel: 2, dilation: 2 },
      { kernel: 3, padding: 1 },
    ] as const;
    const input = 17;
    // The pixels on which each unit depends, by following the windows from the input.
    let sees = Array.from({ length: input }, (_, pixel) => new Set([pixel]));
    for (const layer of layers) {
      const { stride = 1, dilation = 1 } = layer as { stride?: number; dilation?: number };
      const [before] = resolvePadding(sees.length, layer);
      const units = outputSize(sees.length, layer);
      const previous = sees;
      sees = Array.from({ length: units }, (_, unit) => {
        const taps = Array.from({ length: layer.kernel }, (_, k) => unit * stride + k * dilation - before);
        return new Set(taps.flatMap((tap) => [...(previous[tap] ?? [])]));
      });
    }
    const { size, jump, start, output } = receptiveField(input, layers)[2];
    assert.equal(output, sees.length);
    sees.forEach((pixels, unit) => {
      const first = start + unit * jump;
      const seen = [...pixels].sort((a, b) => a - b);
      assert.ok(seen[0] >= first && seen[seen.length - 1] <= first + size - 1);
      // Units away from the border see the first and the last pixel of their field.
      if (unit > 0 && unit < output - 1)
        assert.deepEqual(
          [seen[0], seen[seen.length - 1]],
          [Math.max(0, first), Math.min(input - 1, first + size - 1)],
        );
    });
  });

  test('names the layer that does not fit', () => {
    assert.throws(() => receptiveField(5, [{ kernel: 3 }, { kernel: 4 }]), {
      message: 'receptiveField: the window (layer 1) spans 4 pixels, the input has 3',
    });
  });
});
