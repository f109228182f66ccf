/** A network that is handed in as data: its cost, as TensorFlow.js counts it, and what is said when it is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkFromLayers } from '../../models/networkFromLayers';
import type { NetworkLayers } from '../../networkDescription';
import { networkCost } from '../../networkDescription';
import { checkNetwork, type NetworkEntry } from './network';

const layers: NetworkLayers = [
  { kind: 'conv', filters: 4, kernel: 3, stride: 2, padding: 'same' },
  { kind: 'maxPool', size: 2 },
  { kind: 'conv', filters: 6, kernel: 3, activation: 'tanh' },
  { kind: 'avgPool', size: 3, stride: 1 },
  { kind: 'dense', units: 12 },
  { kind: 'dense', units: 10, activation: 'linear' },
];
const entry: NetworkEntry = { layers, training: { optimizer: 'adam', learningRate: 0.01, batchSize: 32 } };

test('parameters are those that TensorFlow.js counts; multiply-adds by hand', () => {
  const model = networkFromLayers(layers);
  assert.equal(networkCost(layers).parameters, model.countParams());
  model.dispose();
  // 14 × 14 × 4 × 9, 5 × 5 × 6 × 36, 54 × 12, 12 × 10.
  assert.equal(networkCost(layers).multiplyAdds, 7056 + 5400 + 648 + 120);
});

for (const [what, network, budget, message] of [
  ['within', () => entry, [2000, 20_000], /^1052 parameters of 2000, 13,224 multiply-adds/],
  [
    'too many parameters',
    () => entry,
    [1000, 20_000],
    /1052 parameters, 52 over the budget of 1000; layers\[4\] has 63 %/,
  ],
  ['too slow', () => entry, [2000, 10_000], /3224 over the budget of 10,000; layers\[0\] has 53 %/],
  [
    'no ten numbers',
    () => ({ ...entry, layers: layers.slice(0, 5) }),
    [2000, 20_000],
    /layers give 12 numbers/,
  ],
  [
    'a window too large',
    () => ({ ...entry, layers: [{ kind: 'maxPool', size: 29 }, ...layers] }),
    [2000, 20_000],
    /^layers\[0\]: /,
  ],
  [
    'another rate',
    () => ({ ...entry, training: { ...entry.training, learningRate: -1 } }),
    [2000, 20_000],
    /learningRate is -1/,
  ],
  ['not written', undefined, [2000, 20_000], /^Not written yet\.$/],
  [
    'the network instead of the function',
    entry,
    [2000, 20_000],
    /^The answer is { layers, training }, expected a function: checkNetwork\(name, …\), without calling it\.$/,
  ],
  [
    'something thrown that is no error',
    () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw 'up';
    },
    [2000, 20_000],
    /^The function throws “'up'”\.$/,
  ],
  [
    'nothing thrown',
    () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw null;
    },
    [2000, 20_000],
    /^The function throws “null”\.$/,
  ],
  [
    'no training',
    () => ({ layers }),
    [2000, 20_000],
    /^There is no training, expected { optimizer, learningRate, batchSize }\.$/,
  ],
  [
    'training that is none',
    () => ({ layers, training: 'adam' }),
    [2000, 20_000],
    /^training is 'adam', expected { optimizer, learningRate, batchSize }\.$/,
  ],
  ['nothing', () => undefined, [2000, 20_000], /^The answer is undefined: is a return missing\?$/],
  [
    'trained weights',
    () => ({ ...entry, weights: [1, 2, 3] }),
    [2000, 20_000],
    /there is no option 'weights', expected layers, training/,
  ],
  [
    'many layers that cost nothing',
    () => ({
      ...entry,
      layers: [...Array.from({ length: 30 }, () => ({ kind: 'maxPool', size: 1 })), ...layers],
    }),
    [2000, 20_000],
    /It has 36 layers, expected at most 20/,
  ],
  [
    'pooling that reads too much',
    () => ({ ...entry, layers: [{ kind: 'avgPool', size: 14, stride: 1 }, ...layers.slice(4)] }),
    [5000, 20_000],
    /Its pooling reads 44,100 numbers for an image, expected at most 20,000/,
  ],
] as const) {
  test(`${what}: measured, never thrown`, () => {
    const [parameters, multiplyAdds] = budget;
    const result = checkNetwork(network as () => NetworkEntry, { parameters, multiplyAdds });
    assert.match(result.message, message);
    assert.equal(result.passed, what === 'within');
  });
}
