/** A training of `npm run accuracy` as a job of `scripts/jobs`. Whoever makes it has the official images itself. */
import { cpus } from 'node:os';
import { evaluate, loadMnist, sizeOf, train } from 'convlab';
import { z } from 'zod';
import type { Job, JobProgram } from '../jobs/job';
import { experiments, trainOptions } from './experiments';
import { made, type Version } from './runs';
import type { AccuracyRun } from './table';

const data = z.strictObject({ experiment: z.string(), seed: z.int() });

/** A run without its version, which whoever asked for it knows. */
export type Trained = Omit<AccuracyRun, keyof Version>;

export function accuracyJob(experiment: string, seed: number): Job {
  return { kind: 'accuracy', data: { experiment, seed } satisfies z.input<typeof data> };
}

/** Loaded once in a process. */
let images: ReturnType<typeof loadMnist> | undefined;

export const accuracyProgram: JobProgram = async (given, { progress }): Promise<Trained> => {
  const { experiment: name, seed } = data.parse(given);
  const experiment = experiments.find((one) => one.name === name);
  if (!experiment) throw new Error(`there is no experiment '${name}'`);
  images ??= loadMnist({ source: 'full' });
  const { train: learned, test } = await images;
  const { recipe } = experiment;
  const model = experiment.model({ seed });
  const history = await train(model, learned, {
    ...trainOptions(recipe),
    seed,
    onEpoch: ({ epoch, accuracy, imagesPerSecond }) => {
      const measured = `accuracy ${(100 * accuracy).toFixed(2)} %, ${Math.round(imagesPerSecond)} images/s`;
      progress(`${name}, seed ${seed}: ${epoch} of ${recipe.epochs} epochs, ${measured}`);
    },
  });
  const { accuracy } = await evaluate(model, test);
  const epochs = history.loss.length;
  const parameters = model.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape as number[]), 0);
  model.dispose();
  return {
    seed,
    parameters,
    trainImages: learned.size,
    testImages: test.size,
    testAccuracy: accuracy,
    testErrors: Math.round((1 - accuracy) * test.size),
    trainLoss: history.loss[epochs - 1],
    secondsPerEpoch: Number((history.seconds.reduce((sum, s) => sum + s, 0) / epochs).toFixed(2)),
    machine: `${cpus()[0].model.trim()}, ${history.threads} thread${history.threads === 1 ? '' : 's'}`,
    ...made(),
  };
};
