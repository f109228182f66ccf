/** A model may be evaluated by TensorFlow.js while it is in use elsewhere: neither disturbs the other. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import { evaluate } from './evaluate';
import { normalizedConvnet, smallConvnet, spots, weightsOf } from './testdata';
import { train } from './train';

before(() => useBackend());

// Evaluated in several parts, between which the training goes on.
const [data, held] = [spots(1000), spots(600, 2)];

test('evaluations that nobody waits for give what the others give, and leave the training as it is', async () => {
  const run = async (waiting: boolean): Promise<unknown> => {
    const model = normalizedConvnet();
    const evaluations: ReturnType<typeof evaluate>[] = [];
    const history = await train(model, data, {
      ...{ epochs: 4, batchSize: 8, engine: 'tfjs', validation: held, average: { decay: 0.9, every: 1 } },
      onEpoch() {
        const evaluation = evaluate(model, held, { engine: 'tfjs' });
        evaluations.push(evaluation);
        return waiting ? evaluation.then(() => undefined) : undefined;
      },
    });
    const losses = (await Promise.all(evaluations)).map(({ loss }) => loss);
    assert.deepEqual(losses, history.validationLoss);
    return { losses, weights: weightsOf(model) };
  };
  assert.deepEqual(await run(false), await run(true));
});

test('an evaluation has the weights of the moment of its call, even if a backend has to start first', async () => {
  const [model, other] = [smallConvnet(1), smallConvnet(2)];
  const { loss } = await evaluate(model, held, { engine: 'tfjs' });
  await tf.setBackend('cpu');
  const evaluation = evaluate(model, held, { engine: 'tfjs' });
  model.setWeights(other.getWeights());
  assert.equal((await evaluation).loss, loss);
  assert.deepEqual(weightsOf(model), weightsOf(other));
});
