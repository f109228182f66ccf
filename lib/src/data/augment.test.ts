import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import { permutation, random } from '../random';
import { augmenter, transform } from './augment';
import type { Dataset } from './dataset';
import { pixelsOf } from './dataset';

/** One image, from rows of pixels. */
function picture(...rows: number[][]): Dataset {
  const images = Float32Array.from(rows.flat());
  const imageShape = [rows.length, rows[0].length, 1] as const;
  return { images, labels: Uint8Array.of(0), size: 1, imageShape, classes: 1 };
}

function noise(size: number, imageShape: Dataset['imageShape'], seed = 1): Dataset {
  const generator = random(seed);
  const images = Float32Array.from({ length: size * pixelsOf({ imageShape }) }, () => generator.uniform());
  return { images, labels: new Uint8Array(size), size, imageShape, classes: 1 };
}

const rowsOf = ({ images, imageShape: [, width] }: Dataset): number[][] =>
  Array.from({ length: images.length / width }, (_, i) => [...images.subarray(i * width, (i + 1) * width)]);

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(Math.abs(actual[i] - expected[i]) <= tolerance, `${i}: ${actual[i]}, expected ${expected[i]}`);
}

const digits = picture([1, 2, 3], [4, 5, 6], [7, 8, 9]);

describe('transform', () => {
  test('without changes is the identity', () => {
    assert.deepEqual(transform(digits, {}).images, digits.images);
  });

  test('shifts down and right, and fills with 0', () => {
    assert.deepEqual(rowsOf(transform(digits, { shift: [1, 0] })), [[0, 0, 0], [1, 2, 3], [4, 5, 6]]); // prettier-ignore
    assert.deepEqual(rowsOf(transform(digits, { shift: [0, -1] })), [[2, 3, 0], [5, 6, 0], [8, 9, 0]]); // prettier-ignore
  });

  test('half a pixel is the mean of two neighbours, and of 0 at the border', () => {
    assert.deepEqual(rowsOf(transform(digits, { shift: [0, 0.5] })), [[0.5, 1.5, 2.5], [2, 4.5, 5.5], [3.5, 7.5, 8.5]]); // prettier-ignore
  });

  test('rotates counter-clockwise', () => {
    assertNear(transform(digits, { rotate: 90 }).images, [3, 6, 9, 2, 5, 8, 1, 4, 7]);
    assertNear(transform(digits, { rotate: 180 }).images, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assertNear(transform(digits, { rotate: -90 }).images, [7, 4, 1, 8, 5, 2, 9, 6, 3]);
    const four = noise(1, [28, 28, 1]);
    const turned = [1, 2, 3, 4].reduce((dataset) => transform(dataset, { rotate: 90 }), four);
    assertNear(turned.images, four.images, 1e-5);
  });

  test('scales about the centre', () => {
    const dot = picture([0, 0, 0, 0, 0], [0, 1, 1, 1, 0], [0, 1, 1, 1, 0], [0, 1, 1, 1, 0], [0, 0, 0, 0, 0]);
    assert.ok(transform(dot, { scale: 2 }).images.every((pixel) => pixel === 1));
    assertNear(transform(dot, { scale: 0.5 }).images, picture([0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]).images); // prettier-ignore
  });

  test('shears to the right below the centre', () => {
    assert.deepEqual(rowsOf(transform(digits, { shear: 1 })), [[2, 3, 0], [4, 5, 6], [0, 7, 8]]); // prettier-ignore
  });

  test('treats all images and channels alike, and keeps the labels', () => {
    const dataset = { ...noise(3, [6, 5, 2]), labels: Uint8Array.of(4, 5, 6), classes: 7 };
    const change = { shift: [1, -0.3], rotate: 20, scale: 1.1, shear: 0.2 } as const;
    const whole = transform(dataset, change);
    assert.deepEqual(whole.labels, dataset.labels);
    for (let n = 0; n < 3; n++)
      for (let c = 0; c < 2; c++) {
        const plane = (images: Float32Array): Float32Array =>
          images.subarray(n * 60, (n + 1) * 60).filter((_, i) => i % 2 === c);
        const alone: Dataset = {
          ...dataset,
          images: plane(dataset.images),
          imageShape: [6, 5, 1],
          labels: dataset.labels.subarray(0, 1),
          size: 1,
        };
        assert.deepEqual(plane(whole.images), transform(alone, change).images);
      }
  });

  test('moves into nothing', () => {
    assert.ok(transform(digits, { shift: [100, 0] }).images.every((pixel) => pixel === 0));
  });

  test('refuses what is not a number', () => {
    assert.throws(() => transform(digits, { rotate: NaN }), { message: 'transform: rotate is NaN, expected a finite number' }); // prettier-ignore
    assert.throws(() => transform(digits, { scale: 0 }), { message: 'transform: scale is 0, expected a number above 0' }); // prettier-ignore
  });
});

describe('augmenter', () => {
  const images = noise(20, [28, 28, 1]);
  const everything = { shift: 2, rotate: 12, scale: 0.12, shear: 0.15, elastic: 0.8 };

  test('without options is the identity', () => {
    assert.deepEqual(augmenter({})(images, 0, 1), images.images);
  });

  test('is determined by epoch and seed, and leaves the data set unchanged', () => {
    const augment = augmenter(everything);
    const before = images.images.slice();
    const first = augment(images, 0, 1);
    assert.deepEqual(augment(images, 0, 1), first);
    assert.notDeepEqual(augment(images, 1, 1), first);
    assert.notDeepEqual(augment(images, 0, 2), first);
    assert.deepEqual(images.images, before);
  });

  test('an image is changed alike whatever other images there are', () => {
    const augment = augmenter(everything);
    const alone: Dataset = {
      ...images,
      size: 7,
      images: images.images.slice(0, 7 * 784),
      labels: new Uint8Array(7),
    };
    assert.deepEqual(augment(alone, 2, 1), augment(images, 2, 1).subarray(0, 7 * 784));
    const same: Dataset = { ...images, images: images.images.map((_, i) => images.images[i % 784]) };
    const changed = augment(same, 2, 1);
    assert.notDeepEqual(changed.subarray(0, 784), changed.subarray(784, 2 * 784));
  });

  test('of the images that are asked for, each is changed as among all', () => {
    const augment = augmenter(everything);
    const all = augment(images, 2, 1);
    const indices = Int32Array.of(11, 3, 3, 19);
    const some = augment(images, 2, 1, indices);
    assert.equal(some.length, 4 * 784);
    indices.forEach((n, at) =>
      assert.deepEqual(some.subarray(at * 784, (at + 1) * 784), all.subarray(n * 784, (n + 1) * 784)),
    );
    assert.deepEqual(augment(images, 2, 1, []), new Float32Array(0));
    assert.throws(() => augment(images, 2, 1, [0, 20]), {
      message: /^augment: indices\[1\] is 20, expected/,
    });
  });

  test('says what it was made with', () => {
    assert.deepEqual(augmenter(everything).limits, everything);
  });

  test('does not share its random numbers with the order of the images', () => {
    // The same random number once decided whether `train` swaps two images of an epoch, and whether one is moved down.
    const dot = picture([0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0]);
    const shifted = augmenter({ shift: 0.9 });
    let alike = 0;
    for (let epoch = 1; epoch <= 2000; epoch++) {
      const [above, below] = [1, 3].map((row) => shifted(dot, epoch, 1)[row * 3 + 1]);
      if ((permutation(2, 1 + epoch * 2 ** 32)[0] === 0) === below > above) alike++;
    }
    // Half of them, to four standard errors.
    assert.ok(Math.abs(alike - 1000) < 90, `${alike} of 2000`);
  });

  test('gives pixels between the smallest and the largest', () => {
    const pixels = augmenter(everything)(images, 3, 1);
    assert.ok(pixels.every((pixel) => pixel >= 0 && pixel <= 1));
    const white: Dataset = { ...images, images: new Float32Array(images.images.length).fill(1) };
    const centre = augmenter(everything)(white, 3, 1).filter((_, i) => i % 784 === 14 * 28 + 14);
    assertNear(centre, new Float32Array(20).fill(1));
  });

  /** Where one bright pixel in the middle of each of many images goes, as [down, right]. */
  function displacements(
    o: Parameters<typeof augmenter>[0],
    [row, column]: readonly [number, number],
  ): number[][] {
    const many = 2000;
    const dataset: Dataset = { ...noise(many, [29, 29, 1]), images: new Float32Array(many * 841) };
    for (let n = 0; n < many; n++) dataset.images[n * 841 + row * 29 + column] = 1;
    const moved = augmenter(o)(dataset, 0, 1);
    return Array.from({ length: many }, (_, n) => {
      let [sum, down, right] = [0, 0, 0];
      for (let i = 0; i < 841; i++) {
        const pixel = moved[n * 841 + i];
        sum += pixel;
        down += pixel * (Math.floor(i / 29) - row);
        right += pixel * ((i % 29) - column);
      }
      return [down / sum, right / sum];
    });
  }
  const centre = [14, 14] as const;
  const deviation = (values: number[]): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

  test('shifts evenly up to the limit, in both directions', () => {
    const moved = displacements({ shift: 2 }, centre);
    for (const axis of [0, 1]) {
      const along = moved.map((each) => each[axis]);
      assert.ok(Math.max(...along) > 1.95 && Math.max(...along) <= 2.000001);
      assert.ok(Math.min(...along) < -1.95 && Math.min(...along) >= -2.000001);
      // A uniform number in ±2 has the deviation 2/√3.
      assert.ok(Math.abs(deviation(along) - 2 / Math.sqrt(3)) < 0.05);
    }
  });

  test('rotates, scales and shears about the centre', () => {
    for (const move of displacements({ rotate: 12, scale: 0.12, shear: 0.15 }, centre))
      assertNear(move, [0, 0], 1e-6);
    const rotated = displacements({ rotate: 12 }, [14, 24]).map(([down]) => down);
    const limit = 10 * Math.sin((12 * Math.PI) / 180);
    assert.ok(Math.max(...rotated) < limit + 0.2 && Math.max(...rotated) > limit - 0.2);
    assert.ok(Math.min(...rotated) > -limit - 0.2 && Math.min(...rotated) < -limit + 0.2);
  });

  test('bends elastically, with the requested deviation at the points of the grid', () => {
    const moved = displacements({ elastic: 0.5 }, centre); // a point of the grid: 14 = 28 · 2/4
    for (const axis of [0, 1]) {
      const along = moved.map((each) => each[axis]);
      assert.ok(Math.abs(deviation(along) - 0.5) < 0.06, `${deviation(along)}`);
    }
  });

  for (const [o, message] of [
    [{ shift: -1 }, 'augmenter: shift is -1, expected a number of at least 0'],
    [{ elastic: NaN }, 'augmenter: elastic is NaN, expected a number of at least 0'],
    [{ scale: 1 }, 'augmenter: scale is 1, expected a number from 0 to below 1'],
  ] as const)
    test(`error: ${message}`, () => assert.throws(() => augmenter(o), { message }));
});

describe('augmenter ahead of its use', () => {
  const augment = augmenter({ shift: 2, elastic: 0.8 });
  const many = noise(3000, [9, 7, 1]);

  /** The images of the epochs 2 to 4, copied: their places are used again. */
  async function madeAhead(dataset: Dataset, threads: number): Promise<Float32Array[]> {
    const before = process.env.CONVLAB_THREADS;
    process.env.CONVLAB_THREADS = String(threads);
    try {
      const made: Float32Array[] = [];
      for await (const images of augment.ahead(dataset, 5, 2, 4)) made.push(images.slice());
      return made;
    } finally {
      if (before === undefined) delete process.env.CONVLAB_THREADS;
      else process.env.CONVLAB_THREADS = before;
    }
  }
  const expected = (dataset: Dataset): Float32Array[] => [2, 3, 4].map((epoch) => augment(dataset, epoch, 5));

  for (const threads of [1, 2, 3])
    test(`on ${threads} threads the same images`, async () => {
      assert.deepEqual(await madeAhead(many, threads), expected(many));
    });

  test('few images, and none', async () => {
    const few = noise(65, [9, 7, 1]);
    assert.deepEqual(await madeAhead(few, 2), expected(few));
    assert.deepEqual(
      (await madeAhead(noise(0, [9, 7, 1]), 2)).map(({ length }) => length),
      [0, 0, 0],
    );
  });

  test('whoever waits makes the images when the threads end', async () => {
    const end = (worker: Worker): void => void worker.terminate();
    process.on('worker', end);
    try {
      assert.deepEqual(await madeAhead(many, 3), expected(many));
    } finally {
      process.off('worker', end);
    }
  });

  test('the images of an epoch stay until the next are asked for', async () => {
    const epochs = augment.ahead(many, 5, 2, 4);
    const { value } = await epochs.next();
    const first = (value as Float32Array).slice();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(value, first);
    await epochs.return();
  });

  test('error: epochs that there cannot be', () => {
    assert.throws(() => augment.ahead(many, 5, 1, -1), {
      message: 'augment.ahead: lastEpoch is -1, expected a whole number from 0 to 1048576',
    });
  });
});
