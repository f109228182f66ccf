import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { toNested } from '../ndarray';
import type { Dataset } from './dataset';
import {
  classCounts,
  classNames,
  image,
  imageBatch,
  meanAndVariance,
  oneHot,
  pictureOf,
  take,
} from './contents';
import { batches, shuffle, split } from './split';

/** Images of 1×2 pixels; image i holds i and i + 0.5, so that it can be recognised anywhere. */
function numbered(labels: readonly number[], classes: number): Dataset {
  return {
    images: Float32Array.from(labels.flatMap((_, i) => [i, i + 0.5])),
    labels: Uint8Array.from(labels),
    size: labels.length,
    imageShape: [1, 2, 1],
    classes,
  };
}

const numbersIn = ({ images }: Dataset): number[] => [...images].filter((_, i) => i % 2 === 0);
const small = numbered([2, 0, 1], 3);

describe('a data set', () => {
  test('gives the requested images, in that order', () => {
    const taken = take(small, [2, 0, 2]);
    assert.deepEqual([...taken.images], [2, 2.5, 0, 0.5, 2, 2.5]);
    assert.deepEqual([...taken.labels], [1, 2, 1]);
    assert.equal(taken.size, 3);
    assert.equal(take(small, []).size, 0);
  });

  test('gives one image as a picture and several as a batch', () => {
    assert.deepEqual(toNested(image(small, 1)), [[1, 1.5]]);
    assert.deepEqual(toNested(imageBatch(small, [1])), [[[[1], [1.5]]]]);
    assert.deepEqual(imageBatch(small).shape, [3, 1, 2, 1]);
    const colours: Dataset = { ...small, imageShape: [1, 1, 2] };
    assert.deepEqual(toNested(image(colours, 1)), [[[1, 1.5]]]);
  });

  test('has names of its classes, their numbers if it has no others, and so have its parts', () => {
    assert.deepEqual(classNames(small), ['0', '1', '2']);
    const clothes = { ...small, classNames: ['coat', 'bag', 'boot'] };
    for (const part of [clothes, take(clothes, [0]), split(clothes, 2, 1)[1], shuffle(clothes, 1)])
      assert.deepEqual(classNames(part), ['coat', 'bag', 'boot']);
    assert.equal(pictureOf(clothes, 0).label, 'boot');
    assert.throws(() => take({ ...small, classNames: ['coat', 'bag'] }, [0]), {
      message: "take: dataset.classNames is ['coat', 'bag'], expected a list of 3 names",
    });
    assert.throws(() => classNames({ classes: 2, classNames: ['coat', 7 as never] }), {
      message: 'classNames: dataset.classNames[1] is 7, expected a string',
    });
  });

  test('gives one image with its label to be drawn, a copy', () => {
    const picture = pictureOf(small, 1);
    assert.deepEqual(picture, { pixels: Float32Array.of(1, 1.5), height: 1, width: 2, label: '0' });
    picture.pixels[0] = 9;
    assert.equal(small.images[2], 1);
    assert.equal(pictureOf(small, 2, 'a 1').label, 'a 1');
    const coloured = { ...small, images: new Float32Array(18), imageShape: [1, 2, 3] as const };
    assert.throws(() => pictureOf(coloured, 0), {
      message: 'pictureOf: dataset.imageShape has 3 channels, expected 1',
    });
  });

  test('counts and measures', () => {
    assert.deepEqual(classCounts(numbered([2, 0, 2], 4)), [1, 0, 2, 0]);
    assert.deepEqual(meanAndVariance({ images: Float32Array.of(1, 2, 3, 6) }), { mean: 3, variance: 3.5 });
    assert.deepEqual(toNested(oneHot([2, 0], 3)), [[0, 0, 1], [1, 0, 0]]); // prettier-ignore
  });

  const wrong: [() => unknown, string][] = [
    [() => image(small, 3), 'image: index is 3, expected a whole number from 0 to 2'],
    [() => image(small, 0.5), 'image: index is 0.5, expected a whole number from 0 to 2'],
    [() => take(small, [0, -1]), 'take: indices[1] is -1, expected a whole number from 0 to 2'],
    [() => oneHot([3], 3), 'oneHot: labels[0] is 3, expected a whole number from 0 to 2'],
    [() => oneHot([0], 0), 'oneHot: classes is 0, expected a whole number of at least 1'],
    [
      () => meanAndVariance({ images: new Float32Array() }),
      'meanAndVariance: dataset.images is empty, expected at least one pixel',
    ],
    [() => [...batches(small, 0)], 'batches: batchSize is 0, expected a whole number of at least 1'],
  ];
  for (const [call, message] of wrong) test(`error: ${message}`, () => assert.throws(call, { message }));
});

describe('split', () => {
  // 10 of class 0, 7 of class 1, 3 of class 2
  const dataset = numbered([...'00000000001111111222'].map(Number), 3);

  test('splits every class proportionally, with exact sizes and nothing twice', () => {
    for (let part = 1; part < 20; part++) {
      const [first, second] = split(dataset, part, part);
      assert.deepEqual([first.size, second.size], [part, 20 - part]);
      const all = [...numbersIn(first), ...numbersIn(second)].sort((a, b) => a - b);
      assert.deepEqual(
        all,
        Array.from({ length: 20 }, (_, i) => i),
      );
      classCounts(first).forEach((count, c) => {
        const exact = ([10, 7, 3][c] * part) / 20;
        assert.ok(Math.abs(count - exact) < 1, `${count} of class ${c} in ${part}, exactly ${exact}`);
      });
      for (const set of [first, second])
        numbersIn(set).forEach((i, at) => assert.equal(set.labels[at], dataset.labels[i]));
    }
  });

  test('takes a fraction as well as a number', () => {
    assert.equal(split(dataset, 0.75, 1)[0].size, 15);
    assert.deepEqual(split(dataset, 0.75, 1), split(dataset, 15, 1));
  });

  test('takes every seed', () => {
    for (const seed of [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]) {
      const numbers = split(dataset, 0.5, seed).flatMap(numbersIn);
      assert.deepEqual(new Set(numbers), new Set(numbersIn(dataset)));
    }
  });

  test('is determined by the seed, and mixes the classes', () => {
    assert.deepEqual(split(dataset, 10, 1), split(dataset, 10, 1));
    assert.notDeepEqual(split(dataset, 10, 1), split(dataset, 10, 2));
    const large = numbered(
      Array.from({ length: 4000 }, (_, i) => (i < 1000 ? 0 : 1)),
      2,
    );
    for (const set of split(large, 2000, 3))
      for (const quarter of [0, 500, 1000, 1500]) {
        const zeros = set.labels.subarray(quarter, quarter + 500).filter((label) => label === 0).length;
        assert.ok(zeros > 90 && zeros < 160, `${zeros} zeros from ${quarter} on, expected about 125`);
      }
  });

  for (const part of [0, 20, -1, 1.5, NaN])
    test(`refuses ${part} of 20`, () => {
      assert.throws(() => split(dataset, part, 1), /^RangeError: split: part is .*, expected a fraction/);
    });
});

test('shuffle keeps every image with its label', () => {
  const dataset = numbered(Array.from({ length: 50 }, (_, i) => i % 10), 10); // prettier-ignore
  const shuffled = shuffle(dataset, 1);
  numbersIn(shuffled).forEach((i, at) => assert.equal(shuffled.labels[at], i % 10));
  assert.deepEqual(numbersIn(shuffled).sort((a, b) => a - b), numbersIn(dataset)); // prettier-ignore
  assert.notDeepEqual(numbersIn(shuffled), numbersIn(dataset));
  assert.deepEqual(shuffle(dataset, 1), shuffled);
});

test('batches go through the data set once, the last one shorter', () => {
  const dataset = numbered(Array.from({ length: 10 }, (_, i) => i), 10); // prettier-ignore
  assert.deepEqual([...batches(dataset, 4)].map(numbersIn), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]); // prettier-ignore
  const seeded = [...batches(dataset, 3, 7)];
  assert.deepEqual(seeded.map(({ size }) => size), [3, 3, 3, 1]); // prettier-ignore
  assert.deepEqual(seeded.flatMap(numbersIn), numbersIn(shuffle(dataset, 7)));
});
