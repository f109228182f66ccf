import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../index';
import * as make from '../testdata/networks';

test('runs on images that are not shared reuse one copy', async () => {
  const { model } = make.network([16, 16, 1], [make.flatten(), make.dense(4)], 3);
  const engine = createEngine(model, {
    batchSize: 32,
    loss: 'crossEntropy',
    optimizer: { kind: 'sgd' },
    seed: 1,
    threads: 2,
  });
  try {
    const images = new Float32Array(30_000 * 256); // 31 MB
    const memory = async (runs: number): Promise<number> => {
      for (let run = 0; run < runs; run++) await engine.predict(images);
      return process.memoryUsage().rss / 1e6;
    };
    const before = await memory(3);
    assert.ok((await memory(20)) - before < 300, 'twenty copies would be 614 MB');
  } finally {
    await engine.dispose();
  }
});
