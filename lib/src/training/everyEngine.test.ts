/**
 * Every engine trains every layer as `model.fit` of TensorFlow.js does. A new layer joins by a line in `layers`, a new
 * engine by one in `engines`.
 */
import { before, describe, test } from 'node:test';
import { useBackend } from '../backend/backend';
import { createEngine } from '../engine';
import { assertTrainsLikeFit } from '../engine/testdata/modelFit';
import type { Step } from '../engine/testdata/networks';
import * as make from '../engine/testdata/networks';
import type { Trial } from '../engine/testdata/randomNetworks';
import type { Engine, EngineOptions } from '../engine/types';
import { createTfjsEngine } from './tfjsEngine';

type Model = make.TestNetwork['model'];

const engines: Readonly<Record<string, (model: Model, o: EngineOptions) => Engine | Promise<Engine>>> = {
  'simd, exact': (model, o) => createEngine(model, o),
  'simd, fast': (model, o) => createEngine(model, { ...o, fast: true }),
  'TensorFlow.js': (model, o) => createTfjsEngine('train', model, o),
};

const conv = { filters: 5, kernel: [3, 3] as [number, number] };

/** What stands between the input, [9, 8, 2], and a dense layer of three classes. */
const layers: Readonly<Record<string, () => readonly Step[]>> = {
  'dense': () => [make.flatten(), make.dense(7, 'relu'), make.dense(6, 'tanh', false)],
  'convolution': () => [make.convolution(conv)],
  'convolution, same': () => [make.convolution({ ...conv, padding: 'same', bias: false })],
  'convolution, strides': () => [make.convolution({ ...conv, strides: [2, 3], padding: 'same' })],
  'convolution of one pixel': () => [make.convolution({ ...conv, kernel: [1, 1] })],
  'convolution, frozen': () => [make.convolution({ ...conv, trainable: false }), make.convolution(conv)],
  // Wide, so that a gradient that has no place of its own would reach the weights.
  'convolution with ReLU, frozen': () => [make.convolution({ ...conv, filters: 40, activation: 'relu', trainable: false })],
  'dense with ReLU, frozen': () => [make.flatten(), make.dense(2000, 'relu', true, false)],
  'convolution, ReLU, max-pooling': () => [make.convolution(conv), make.activation('relu'), make.pool('max', [2, 2], [2, 2])],
  'max-pooling': () => [make.pool('max', [3, 2], [2, 2], 'same')],
  'max-pooling, windows that overlap': () => [make.convolution(conv), make.pool('max', [3, 3], [1, 2])],
  'average-pooling': () => [make.convolution(conv), make.pool('average', [2, 2], [2, 2])],
  'average-pooling, same': () => [make.convolution(conv), make.pool('average', [3, 3], [2, 2], 'same')],
  'global average-pooling': () => [make.convolution(conv), make.globalPool('average')],
  'global max-pooling': () => [make.convolution(conv), make.globalPool('max')],
  'zero padding': () => [make.zeroPadding([[1, 2], [0, 1]]), make.convolution(conv)],
  'reshape': () => [make.reshape([8, 9, 2]), make.convolution(conv)],
  'dropout of nothing': () => [make.convolution(conv), make.dropout(0)],
  'batch normalisation': () => [make.convolution({ ...conv, bias: false }), make.normalization(1e-3, 0.9), make.activation('relu')],
  'ReLU': () => [make.convolution(conv), make.activation('relu')],
  'ReLU6': () => [make.convolution({ ...conv, activation: 'relu6' })],
  'ReLU with a maximum': () => [make.convolution(conv), make.clippedRelu(0.5)],
  'leaky ReLU': () => [make.convolution(conv), make.leakyRelu(0.2)],
  'ELU': () => [make.convolution({ ...conv, activation: 'elu' })],
  'sigmoid': () => [make.convolution({ ...conv, activation: 'sigmoid' })],
  'swish': () => [make.convolution({ ...conv, activation: 'swish' })],
  'tanh': () => [make.convolution(conv), make.activation('tanh')],
  'softmax of pixels': () => [make.convolution(conv), make.activation('softmax')],
}; // prettier-ignore

before(() => useBackend('cpu'));

for (const [name, create] of Object.entries(engines)) {
  describe(`${name} trains as model.fit does:`, () => {
    for (const [layer, steps] of Object.entries(layers)) {
      test(layer, async () => {
        const inner = steps();
        const isList = inner.some(({ layer: own }) => /Flatten|Global/.test(own.getClassName()));
        const last = [...(isList ? [] : [make.flatten()]), make.dense(3)];
        const network = make.network([9, 8, 2], [...inner, ...last], 7);
        const trial: Trial = {
          ...{ network, batch: make.batch(network, 13, 5), loss: 'crossEntropy', labelSmoothing: 0.1 },
          ...{ optimizer: { kind: 'momentum', momentum: 0.9 }, batchSize: 5, threads: 2 },
          ...{ edges: new Set<string>(), notInTensorFlow: undefined },
        };
        const { loss, labelSmoothing, optimizer, batchSize, threads } = trial;
        const engine = await create(network.model, {
          loss,
          labelSmoothing,
          optimizer,
          batchSize,
          threads,
          seed: 1,
        });
        try {
          await assertTrainsLikeFit(engine, trial, layer);
        } finally {
          await engine.dispose();
          network.model.dispose();
        }
      });
    }
  });
}
