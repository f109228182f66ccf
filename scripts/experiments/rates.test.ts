/** A rate that is chosen is neither the least nor the largest of its candidates: beyond them may lie a better one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from './experiments';
import { readResults } from './results';

/** What the notebook says of each. */
const excused: readonly string[] = [
  'gains: sigmoid, gain 1', // it learns with none of them: 7
  'networks: E linear, best rate', // it would take a larger one, and stays last: 11.7
  'recipes: shift, best rate', // two seeds chose the least: 12.7
];

test('no chosen rate is at the edge of its candidates, unless the notebook says so', () => {
  const atEdge = experiments.flatMap((experiment) =>
    readResults(experiment).arms.flatMap(({ arm, tuning, learningRate }) => {
      const tried = tuning.map((one) => one.learningRate);
      const isAtEdge = [Math.min(...tried), Math.max(...tried)].includes(learningRate);
      return tried.length > 0 && isAtEdge ? [`${experiment.name}: ${arm}`] : [];
    }),
  );
  assert.deepEqual(atEdge.sort(), excused);
});
