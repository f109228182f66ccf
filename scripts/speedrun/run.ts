/**
 * One run of the speedrun by ConvLab, in a process of its own: nothing is warm but the data. Writes its result as a line
 * of JSON. Arguments: the goal, the seed, the folder of the official files.
 */
import { evaluate, loadMnist, permutation, sizeOf, take, train } from 'convlab';
import { trainOptions } from '../accuracy/experiments';
import { goals } from './goals';
import type { Measured } from './runs';

async function main([name, seed, directory]: readonly string[]): Promise<void> {
  const goal = goals.find((one) => one.name === name);
  if (!goal) throw new Error(`there is no goal ${name}`);
  const data = await loadMnist({ source: 'full', directory });
  const model = goal.model({ seed: Number(seed) });
  const { images } = goal.recipe;
  const start = performance.now();
  const seen =
    images < data.train.size
      ? take(data.train, permutation(data.train.size, Number(seed)).subarray(0, images))
      : data.train;
  const history = await train(model, seen, { ...trainOptions(goal.recipe), seed: Number(seed) });
  const seconds = (performance.now() - start) / 1000;
  // The only look at the test images.
  const { accuracy } = await evaluate(model, data.test);
  const result: Measured = {
    seconds,
    imagesSeen: goal.recipe.epochs * seen.size,
    testErrors: Math.round((1 - accuracy) * data.test.size),
    testImages: data.test.size,
    parameters: model.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape as number[]), 0),
    by: `ConvLab on Node ${process.version}`,
    threads: history.threads,
  };
  console.log(JSON.stringify(result));
}

// Ctrl-C, which reaches all processes of a terminal, is for the one that started this to judge.
process.on('SIGINT', () => undefined);
void main(process.argv.slice(2));
