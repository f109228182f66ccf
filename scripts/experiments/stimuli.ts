/**
 * Notebook 10: what the units of a trained and of an untrained network answer to, and which forms its first kernels are
 * made of. Nothing is chosen here, so nothing is tuned.
 */
import type { Sequential } from '@tensorflow/tfjs';
import { activations, loadMnist, median, models, train, type Dataset, type NDArray } from 'convlab';
import { part } from './digits';
import type { Experiment } from './experiment';
import { wrongOf } from './network';

/** How many pixels deep a point lies inside the ink; below 0, outside it. */
type Ink = (x: number, y: number) => number;

function turned(ink: Ink, degrees: number): Ink {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return (x, y) => ink(c * x + s * y, c * y - s * x);
}

const line = (width: number, at = 0): Ink => (x) => width / 2 - Math.abs(x - at); // prettier-ignore
const ray = (width: number): Ink => (x, y) => width / 2 - (y > 0 ? Math.abs(x) : Math.hypot(x, y)); // prettier-ignore
const union = (a: Ink, b: Ink): Ink => (x, y) => Math.max(a(x, y), b(x, y)); // prettier-ignore
const arc =
  (width: number, radius: number): Ink =>
  (x, y) =>
    Math.min(width / 2 - Math.abs(Math.hypot(x, y) - radius), y);

const straight: readonly Ink[] = [(x) => x, line(1), line(2), line(3), line(4)];
/** Twelve, each of two rays that meet, or of half a circle. */
const bent = [2, 3].flatMap((width) => [
  ...[60, 90, 120].map((opening) => union(ray(width), turned(ray(width), opening))),
  ...[3, 5, 7].map((radius) => arc(width, radius)),
]);
/** Twelve, too, each of two straight lines side by side: as rich as the bent ones, with no bend in them. */
const parallel = [2, 3].flatMap((width) =>
  [4, 5, 6, 7, 8, 9].map((apart) => union(line(width, -apart / 2), line(width, apart / 2))),
);

/** Each picture turned to 24 angles. */
function drawn(inks: readonly Ink[]): Float32Array {
  const angles = Array.from({ length: 24 }, (_, k) => 15 * k);
  const pictures = inks.flatMap((ink) => angles.map((angle) => turned(ink, angle)));
  return Float32Array.from({ length: 784 * pictures.length }, (_, at) => {
    const [x, y] = [(at % 28) - 13.5, Math.floor((at % 784) / 28) - 13.5];
    return Math.min(1, Math.max(0, pictures[Math.floor(at / 784)](x, y) + 0.5));
  });
}

/** The largest number of one map over the images from `from` to before `to`, not nearer than 2 to the maps' border. */
function strongest(maps: NDArray, map: number, from: number, to: number): number {
  const [, height, width, channels] = maps.shape;
  let best = -Infinity;
  for (let image = from; image < to; image++) {
    for (let row = 2; row < height - 2; row++) {
      for (let column = 2; column < width - 2; column++) {
        best = Math.max(best, maps.data[((image * height + row) * width + column) * channels + map]);
      }
    }
  }
  return best;
}

/** For each layer and set of pictures: a unit's best answer to them over its best to a digit; the units' median. */
async function answers(model: Sequential, asked: Dataset): Promise<Record<string, number>> {
  const sets = [straight, bent, parallel].map(drawn);
  const [first, second, third] = sets.map((images) => images.length / 784);
  const everything = Float32Array.from([asked.images, ...sets].flatMap((images) => [...images]));
  const results: Record<string, number> = {};
  for (const layer of ['conv1', 'conv2']) {
    const maps = await activations(model, layer, everything);
    const units = Array.from({ length: maps.shape[3] }, (_, map) => {
      const ends = [asked.size, asked.size + first, asked.size + first + second];
      const real = strongest(maps, map, 0, asked.size);
      const plain = strongest(maps, map, asked.size, ends[1]) / real;
      const withBent = Math.max(plain, strongest(maps, map, ends[1], ends[2]) / real);
      const withParallel = Math.max(plain, strongest(maps, map, ends[2], ends[2] + third) / real);
      return [plain, withBent, withParallel];
    });
    ['straight', 'straight or bent', 'straight or parallel'].forEach((name, k) => {
      results[`${layer}, ${name}`] = rounded(median(units.map((ratios) => ratios[k])));
    });
  }
  return results;
}

type Form = (x: number, y: number) => number;
const kinds: Readonly<Record<string, readonly Form[]>> = {
  constant: [() => 1],
  edge: [(x) => x, (_, y) => y],
  curved: [(x) => x * x - 2, (x, y) => x * y, (_, y) => y * y - 2],
};

/** Share of the energy of the first layer's kernels along each kind of form, in the mean of the ten. */
function shares(model: Sequential): Record<string, number> {
  const weights = model.getLayer('conv1').getWeights()[0].dataSync();
  const places = Array.from({ length: 25 }, (_, at) => at);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const kernels = Array.from({ length: 10 }, (_, f) => places.map((at) => weights[10 * at + f]));
  const result = Object.entries(kinds).map(([kind, forms]): [string, number] => {
    const total = forms
      .map((form) => places.map((at) => form((at % 5) - 2, Math.floor(at / 5) - 2)))
      .flatMap((form) => kernels.map((k) => dot(k, form) ** 2 / (dot(form, form) * dot(k, k))))
      .reduce((sum, share) => sum + share, 0);
    return [`energy, ${kind}`, rounded(total / 10)];
  });
  return Object.fromEntries(result);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

let loaded: ReturnType<typeof loadMnist> | undefined;

const arm = (isTrained: boolean): Experiment['arms'][number] => ({
  name: isTrained ? 'trained' : 'untrained',
  settings: { network: 'twoConvLayers', epochs: isTrained ? 3 : 0, images: 8000 },
  rates: [0.001],
  async run({ seed, learningRate }) {
    loaded ??= loadMnist({ source: 'subset' });
    const digits = await loaded;
    const model = models.twoConvLayers({ seed });
    try {
      if (isTrained) await train(model, digits.train, { epochs: 3, seed, learningRate });
      const answered = await answers(model, part(digits.test, 0, 500));
      return { wrong: await wrongOf(model, digits.test), ...shares(model), ...answered };
    } finally {
      model.dispose();
    }
  },
});

export const stimuli: Experiment = {
  name: 'stimuli',
  question: 'Does a trained second layer look for bends, and what are the first kernels made of?',
  arms: [arm(true), arm(false)],
};
