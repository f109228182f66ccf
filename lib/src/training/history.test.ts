import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { columns, formatHistory, printsAsTable, type EpochRecord, type History } from './history';

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

test('a history as a table, the same in every run unless times are requested', () => {
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

test('a history is printed as a table, which is shortened in the middle if it is long', () => {
  const printed = (epochs: number, more: Partial<History> = {}) => {
    const many = Array.from({ length: epochs }, (_, i) => ({ ...records[1], epoch: i + 1 }));
    return inspect(printsAsTable({ ...columns(many), ...rest, ...more })).split('\n');
  };
  assert.deepEqual(printed(2), [
    'epoch    loss  accuracy  validation loss  validation accuracy',
    '    1  0.1250  100.00 %           0.2000              95.00 %',
    '    2  0.1250  100.00 %           0.2000              95.00 %',
    '20 steps',
  ]);
  assert.equal(printed(13).length, 1 + 13 + 1);
  const long = printed(60, { stopped: 'early', bestEpoch: 55 });
  assert.equal(long.length, 1 + 6 + 1 + 6 + 1);
  assert.equal(long[7], '… 48 more epochs');
  assert.match(long[8], /^ {3}55 /);
  assert.equal(long[14], '20 steps, stopped early, best epoch 55');
});

test("a history's printed form is not part of its data", () => {
  const data = { ...columns(records), ...rest };
  assert.deepEqual(printsAsTable({ ...data }), data);
  assert.deepEqual(Object.keys(printsAsTable({ ...data })), Object.keys(data));
});
