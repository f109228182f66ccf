/** A training of an experiment's arm as a job of `scripts/jobs`: all that travels is which one, and its seed. */
import { useBackend } from 'convlab';
import { z } from 'zod';
import type { Job, JobProgram } from '../jobs/job';
import type { Experiment } from './experiment';
import { experiments } from './experiments';
import type { Training } from './protocol';

const data = z.strictObject({
  experiment: z.string(),
  arm: z.string(),
  seed: z.int(),
  learningRate: z.number(),
  on: z.enum(['validation', 'test']),
});

export function trainingJob({ name }: Experiment, { arm, run }: Training): Job {
  const { seed, learningRate, on } = run;
  return {
    kind: 'experiment',
    data: { experiment: name, arm: arm.name, seed, learningRate, on } satisfies z.input<typeof data>,
  };
}

export const trainingProgram: JobProgram = async (given, { progress }) => {
  const { experiment, arm: name, ...run } = data.parse(given);
  const arm = experiments.find((one) => one.name === experiment)?.arms.find((one) => one.name === name);
  if (!arm) throw new Error(`there is no experiment '${experiment}' with an arm '${name}'`);
  await useBackend();
  progress(`${experiment}, ${name}: rate ${run.learningRate}, seed ${run.seed}`);
  return arm.run(run);
};
