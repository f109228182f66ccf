/** Trains what an experiment's stored results lack: first each arm's candidates, then its seeds. */
import { isDeepStrictEqual } from 'node:util';
import { made } from '../accuracy/runs';
import { tuningSeeds, type Arm, type Experiment, type Measured, type Run } from './experiment';
import { readResults, storedArm, writeResults, type StoredArm } from './results';

export interface Training {
  readonly arm: Arm;
  readonly run: Run;
}

/** Makes these trainings, in any order, and gives each one's results once. */
export type Train = (
  experiment: Experiment,
  trainings: readonly Training[],
  onTrained: (index: number, results: Measured) => void,
) => Promise<void>;

/** One after the other, in this process. */
const here: Train = async (_, trainings, onTrained) => {
  for (const [index, { arm, run }] of trainings.entries()) onTrained(index, await arm.run(run));
};

/**
 * Continues where the stored results end; an arm whose settings have changed starts again.
 *
 * @param seeds how many, 1 … seeds
 * @param folder of the stored results
 */
export async function complete(
  experiment: Experiment,
  seeds: number,
  folder?: string,
  train: Train = here,
): Promise<void> {
  await tune(experiment, folder, train);
  await trainSeeds(experiment, seeds, folder, train);
  for (const arm of readResults(experiment, folder).arms) {
    console.log(`${experiment.name}, ${arm.arm}: ${summary(arm)}`);
  }
}

/**
 * Gives each arm that has none its learning rate, the one with the fewest errors on the validation images. What has been
 * trained in the very same way, for this arm or another, is not trained again.
 */
async function tune(experiment: Experiment, folder: string | undefined, train: Train): Promise<void> {
  const { arms: stored } = readResults(experiment, folder);
  const fresh = experiment.arms.filter(
    (arm) => !storedArm({ question: experiment.question, arms: stored }, arm),
  );
  if (fresh.length === 0) return;
  const alike = ({ settings }: Arm) => stored.filter((one) => isDeepStrictEqual(one.settings, settings));
  const known = (arm: Arm, learningRate: number) =>
    alike(arm)
      .flatMap(({ tuning }) => tuning)
      .find((one) => one.learningRate === learningRate)?.wrong;
  const isSame = (training: Training, arm: Arm, learningRate: number): boolean =>
    training.run.learningRate === learningRate && isDeepStrictEqual(training.arm.settings, arm.settings);
  const trainings: Training[] = [];
  for (const arm of fresh) {
    for (const learningRate of candidates(arm)) {
      if (known(arm, learningRate) || trainings.some((one) => isSame(one, arm, learningRate))) continue;
      for (const seed of tuningSeeds) trainings.push({ arm, run: { seed, learningRate, on: 'validation' } });
    }
  }
  const wrong: number[] = [];
  await train(experiment, trainings, (index, results) => (wrong[index] = results.wrong));
  const tuned = fresh.map((arm): StoredArm => {
    const { name, settings, rates } = arm;
    const tuning = candidates(arm).map((learningRate) => ({
      learningRate,
      wrong:
        known(arm, learningRate) ??
        trainings.flatMap((one, index) => (isSame(one, arm, learningRate) ? [wrong[index]] : [])),
    }));
    const inAll = tuning.map((one) => one.wrong.reduce((sum, count) => sum + count, 0));
    const learningRate = rates[Math.max(0, inAll.indexOf(Math.min(...inAll)))];
    const same = alike(arm).find((one) => one.learningRate === learningRate);
    const runs = { seeds: same?.seeds ?? [], measured: same?.measured ?? {}, made: same?.made ?? '' };
    return { arm: name, settings, tuning, learningRate, ...runs };
  });
  const others = stored.filter((one) => !fresh.some(({ name }) => name === one.arm));
  writeResults(experiment, [...others, ...tuned], folder);
}

/** A single rate is not chosen by anything. */
function candidates({ rates }: Arm): readonly number[] {
  return rates.length === 1 ? [] : rates;
}

/** Arms that are trained in the very same way share their runs. */
async function trainSeeds(
  experiment: Experiment,
  seeds: number,
  folder: string | undefined,
  train: Train,
): Promise<void> {
  const arms = [...readResults(experiment, folder).arms];
  const isTwin = (a: StoredArm, b: StoredArm): boolean =>
    a.learningRate === b.learningRate && isDeepStrictEqual(a.settings, b.settings);
  const trainings: Training[] = [];
  for (const arm of experiment.arms) {
    const stored = arms.find((one) => one.arm === arm.name);
    for (let seed = 1; stored && seed <= seeds; seed++) {
      const twins = arms.filter((one) => isTwin(one, stored));
      const isThere = twins.some((one) => one.seeds.includes(seed));
      const first = experiment.arms.find(({ name }) => twins.some((one) => one.arm === name));
      if (isThere || first !== arm) continue;
      trainings.push({ arm, run: { seed, learningRate: stored.learningRate, on: 'test' } });
    }
  }
  const give = (seed: number, from: StoredArm, results: Measured, when?: string): void =>
    arms.forEach((arm, i) => {
      if (isTwin(arm, from) && !arm.seeds.includes(seed)) arms[i] = withRun(arm, seed, results, when);
    });
  for (const arm of [...arms]) {
    arm.seeds.forEach((seed, i) => {
      const results = Object.entries(arm.measured).map(([name, values]) => [name, values[i]]);
      if (seed <= seeds) give(seed, arm, Object.fromEntries(results) as Measured, arm.made);
    });
  }
  await train(experiment, trainings, (index, results) => {
    const { arm, run } = trainings[index];
    const from = arms.find((one) => one.arm === arm.name);
    if (from) give(run.seed, from, results);
    writeResults(experiment, arms, folder);
  });
  writeResults(experiment, arms, folder);
}

/** With the runs in the order of their seeds, whichever was ready first. */
function withRun(stored: StoredArm, seed: number, results: Measured, when?: string): StoredArm {
  const at = stored.seeds.filter((one) => one < seed).length;
  const measured = Object.entries(results).map(([name, value]) => [
    name,
    inserted(stored.measured[name] ?? [], at, value),
  ]);
  const { convlab, date } = made();
  return {
    ...stored,
    seeds: inserted(stored.seeds, at, seed),
    measured: Object.fromEntries(measured) as StoredArm['measured'],
    made: when ?? `convlab ${convlab}, ${date}`,
  };
}

function inserted(list: readonly number[], at: number, value: number): number[] {
  return [...list.slice(0, at), value, ...list.slice(at)];
}

function summary({ learningRate, tuning, seeds, measured }: StoredArm): string {
  const mean = measured.wrong.reduce((sum, wrong) => sum + wrong, 0) / seeds.length;
  const tried = tuning.map((one) => one.learningRate);
  const isAtEdge = [Math.min(...tried), Math.max(...tried)].includes(learningRate);
  const edge = isAtEdge ? ' (at the edge of the candidates: try further ones)' : '';
  return `rate ${learningRate}${edge}, ${mean.toFixed(1)} wrong in the mean of ${seeds.length} seeds`;
}

/**
 * Trains the first seed of every stored arm again.
 *
 * @returns a sentence for each arm that does not give the stored numbers any more
 */
export async function check(experiment: Experiment, folder?: string, train: Train = here): Promise<string[]> {
  const results = readResults(experiment, folder);
  const trainings = experiment.arms.flatMap((arm): Training[] => {
    const stored = storedArm(results, arm);
    if (!stored || stored.seeds.length === 0) return [];
    return [{ arm, run: { seed: stored.seeds[0], learningRate: stored.learningRate, on: 'test' } }];
  });
  const again = new Map<Arm, Measured>();
  await train(experiment, trainings, (index, measured) => again.set(trainings[index].arm, measured));
  return experiment.arms.flatMap((arm) => {
    const measured = again.get(arm);
    const stored = storedArm(results, arm);
    if (!measured || !stored) {
      return [`${experiment.name}, ${arm.name}: not trained with its present settings`];
    }
    return Object.entries(measured).flatMap(([name, value]) => {
      const before = stored.measured[name]?.[0];
      if (value === before) return [];
      return [
        `${experiment.name}, ${arm.name}: ${name} with seed ${stored.seeds[0]} is ${value}, stored ${before}`,
      ];
    });
  });
}
