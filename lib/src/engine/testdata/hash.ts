/**
 * Trains some steps on two threads and prints a hash of the weights. It does not call dispose, but must end
 * nevertheless.
 */
import { createHash } from 'node:crypto';
import { createEngine } from '../index';
import * as make from './networks';

async function main(): Promise<void> {
  const network = make.network(
    [12, 12, 1],
    [
      make.convolution({ filters: 6, kernel: [5, 5], padding: 'same' }),
      make.pool('max', [2, 2], [2, 2]),
      make.activation('relu'),
      make.convolution({ filters: 8, kernel: [3, 3], activation: 'relu' }),
      make.flatten(),
      make.dense(20, 'relu'),
      make.dense(4),
    ],
    11,
  );
  const batch = make.batch(network, 96, 3);
  const o = {
    batchSize: 32,
    loss: 'crossEntropy',
    optimizer: { kind: 'adam' },
    threads: 2,
    seed: 1,
  } as const;
  const engine = createEngine(network.model, o);
  const order = Int32Array.from({ length: 96 }, (_, i) => i);
  const learningRates = new Float32Array(3).fill(0.01);
  for (let epoch = 0; epoch < 10; epoch++) await engine.train({ ...batch, order, learningRates });
  console.log(createHash('sha256').update(engine.saveState()).digest('hex').slice(0, 16));
}

void main();
