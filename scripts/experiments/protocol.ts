/** Trains what an experiment's stored results lack: first each arm's candidates, then its seeds. */
import { isDeepStrictEqual } from 'node:util';
import { made } from '../accuracy/runs';
import { tuningSeeds, type Arm, type Experiment, type Measured } from './experiment';
import { readResults, storedArm, writeResults, type StoredArm } from './results';

/**
 * Continues where the stored results end; an arm whose settings have changed starts again.
 *
 * @param seeds how many, 1 … seeds
 * @param folder of the stored results
 */
export async function complete(experiment: Experiment, seeds: number, folder?: string): Promise<void> {
  for (const arm of experiment.arms) {
    const { arms } = readResults(experiment, folder);
    const others = arms.filter((one) => one.arm !== arm.name);
    let stored = storedArm({ question: experiment.question, arms }, arm);
    if (!stored) {
      stored = await tuned(arm, arms);
      writeResults(experiment, [...others, stored], folder);
    }
    for (let seed = 1; seed <= seeds; seed++) {
      if (stored.seeds.includes(seed)) continue;
      const { learningRate } = stored;
      stored = withRun(stored, seed, await arm.run({ seed, learningRate, on: 'test' }));
      writeResults(experiment, [...others, stored], folder);
    }
    console.log(`${experiment.name}, ${arm.name}: ${summary(stored)}`);
  }
}

/**
 * The arm with its learning rate, the one with the fewest errors on the validation images, and no runs yet. What has
 * been trained in the very same way, for this arm or another, is not trained again.
 */
async function tuned({ name, settings, rates, run }: Arm, stored: readonly StoredArm[]): Promise<StoredArm> {
  const alike = stored.filter((one) => isDeepStrictEqual(one.settings, settings));
  const tuning: StoredArm['tuning'][number][] = [];
  for (const learningRate of rates.length === 1 ? [] : rates) {
    const known = alike.flatMap((one) => one.tuning).find((one) => one.learningRate === learningRate);
    const wrong: number[] = [];
    for (const seed of known ? [] : tuningSeeds) {
      wrong.push((await run({ seed, learningRate, on: 'validation' })).wrong);
    }
    tuning.push(known ?? { learningRate, wrong });
  }
  const inAll = tuning.map(({ wrong }) => wrong.reduce((sum, one) => sum + one, 0));
  const learningRate = rates[Math.max(0, inAll.indexOf(Math.min(...inAll)))];
  const same = alike.find((one) => one.learningRate === learningRate);
  const runs = { seeds: same?.seeds ?? [], measured: same?.measured ?? {}, made: same?.made ?? '' };
  return { arm: name, settings, tuning, learningRate, ...runs };
}

function withRun(stored: StoredArm, seed: number, results: Measured): StoredArm {
  const measured = Object.entries(results).map(([name, value]) => [
    name,
    [...(stored.measured[name] ?? []), value],
  ]);
  const { convlab, date } = made();
  return {
    ...stored,
    seeds: [...stored.seeds, seed],
    measured: Object.fromEntries(measured) as StoredArm['measured'],
    made: `convlab ${convlab}, ${date}`,
  };
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
export async function check(experiment: Experiment, folder?: string): Promise<string[]> {
  const results = readResults(experiment, folder);
  const changed: string[] = [];
  for (const arm of experiment.arms) {
    const stored = storedArm(results, arm);
    if (!stored || stored.seeds.length === 0) {
      changed.push(`${experiment.name}, ${arm.name}: not trained with its present settings`);
      continue;
    }
    const [seed] = stored.seeds;
    const again = await arm.run({ seed, learningRate: stored.learningRate, on: 'test' });
    for (const [name, value] of Object.entries(again)) {
      const before = stored.measured[name]?.[0];
      if (value === before) continue;
      changed.push(
        `${experiment.name}, ${arm.name}: ${name} with seed ${seed} is ${value}, stored ${before}`,
      );
    }
  }
  return changed;
}
