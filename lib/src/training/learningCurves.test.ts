import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toSvg } from '../plot';
import type { EpochRecord } from './history';
import { learningCurves } from './learningCurves';

const record = (epoch: number): EpochRecord => ({
  epoch,
  loss: 1 / epoch,
  accuracy: 1 - 1 / epoch,
  seconds: 1,
  imagesPerSecond: 100,
  learningRate: 0.1,
});

test('records are drawn like the history that is made of them', () => {
  const figure = learningCurves([record(1), record(2)], { title: 'Two epochs' });
  assert.equal(figure.description, 'Learning curves: Two epochs');
  const history = {
    loss: [1, 0.5],
    accuracy: [0, 0.5],
    validationLoss: [],
    validationAccuracy: [],
    seconds: [1, 1],
    imagesPerSecond: [100, 100],
  };
  assert.equal(toSvg(learningCurves(history as never, { title: 'Two epochs' })), toSvg(figure));
});

test('records that begin later are drawn at their own epochs', () => {
  const drawn = toSvg(learningCurves([record(3), record(4), record(5)]));
  assert.match(drawn, />5</);
  assert.notEqual(
    drawn,
    toSvg(learningCurves([3, 4, 5].map((epoch, i) => ({ ...record(epoch), epoch: i + 1 })))),
  );
});

test('anything but a history is refused', () => {
  assert.throws(
    () => learningCurves([]),
    /RangeError: learningCurves: history has no epoch, expected at least one/,
  );
  assert.throws(
    () => learningCurves([1] as never),
    /TypeError: learningCurves: history\[0\] is 1, expected the record/,
  );
  assert.throws(() => learningCurves({} as never), /TypeError: learningCurves: history.loss is undefined/);
});
