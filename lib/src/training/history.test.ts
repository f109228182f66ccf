import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns, formatHistory, type EpochRecord, type History } from './history';
import { progress } from './progress';

const records: readonly EpochRecord[] = [
  {
    epoch: 1,
    loss: 0.5,
    accuracy: 0.875,
    validationLoss: 0.25,
    validationAccuracy: 0.9,
    seconds: 2,
    imagesPerSecond: 500,
    learningRate: 0.001,
  },
  {
    epoch: 2,
    loss: 0.125,
    accuracy: 1,
    validationLoss: 0.2,
    validationAccuracy: 0.95,
    seconds: 1.5,
    imagesPerSecond: 666.7,
    learningRate: 0.001,
  },
];
const rest = { engine: 'simd', reason: '', threads: 2, steps: 20, stopped: 'finished' } as const;
const history: History = { ...columns(records), ...rest };

test('a history as a table, the same at every run unless times are asked for', () => {
  assert.equal(
    formatHistory(history),
    [
      'epoch    loss  accuracy  validation loss  validation accuracy',
      '    1  0.5000   87.50 %           0.2500              90.00 %',
      '    2  0.1250  100.00 %           0.2000              95.00 %',
    ].join('\n'),
  );
  const plain = columns(
    records.map((r) => ({ ...r, validationLoss: undefined, validationAccuracy: undefined })),
  );
  assert.equal(
    formatHistory({ ...plain, ...rest }, { times: true }),
    [
      'epoch    loss  accuracy  seconds  images/s',
      '    1  0.5000   87.50 %     2.00       500',
      '    2  0.1250  100.00 %     1.50       667',
    ].join('\n'),
  );
});

test('progress keeps one line, without times', () => {
  const lines: string[] = [];
  const { onBatch, onEpoch } = progress({ text: (line) => lines.push(line) });
  onBatch({ epoch: 1, epochs: 2, batch: 3, batches: 10, loss: 0.5, accuracy: 0.25 });
  onEpoch(records[1]);
  assert.deepEqual(lines, [
    'epoch 1 of 2, batch 3 of 10: loss 0.5000, accuracy 25.00 %',
    'epoch 2: loss 0.1250, accuracy 100.00 %, validation accuracy 95.00 %',
  ]);
});
