/**
 * One run of the speedrun by ConvLab, in a process of its own: nothing is warm but the data. Writes its result as a line
 * of JSON. Arguments: the goal, the seed, the folder of the official files.
 */
import { evaluate, loadMnist, sizeOf, train } from 'convlab';
import { trainOptions } from '../accuracy/experiments';
import { goals } from './goals';
import type { Measured } from './runs';

async function main([name, seed, directory]: readonly string[]): Promise<void> {
  const goal = goals.find((one) => one.name === name);
  if (!goal) throw new Error(`there is no goal ${name}`);
  const data = await loadMnist({ source: 'full', directory });
  const model = goal.model({ seed: Number(seed) });
  const start = performance.now();
  const history = await train(model, data.train, { ...trainOptions(goal.recipe), seed: Number(seed) });
  const seconds = (performance.now() - start) / 1000;
  // The only look at the test images.
  const { accuracy } = await evaluate(model, data.test);
  const result: Measured = {
    seconds,
    imagesSeen: goal.recipe.epochs * data.train.size,
    testErrors: Math.round((1 - accuracy) * data.test.size),
    testImages: data.test.size,
    parameters: model.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape as number[]), 0),
    by: `ConvLab on Node ${process.version}`,
    threads: history.threads,
  };
  console.log(JSON.stringify(result));
}

void main(process.argv.slice(2));
