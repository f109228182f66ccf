/** The stored results of an experiment: a line for each arm, written whole after every training. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ExperimentArm } from 'convlab';
import { replaceFile } from '../replaceFile';
import type { Arm, Experiment } from './experiment';

/** An arm as it is stored. */
export type StoredArm = ExperimentArm;

export interface Results {
  readonly question: string;
  readonly arms: readonly StoredArm[];
}

const folder = join(__dirname, 'results');

export function readResults(experiment: Experiment, from = folder): Results {
  const file = join(from, `${experiment.name}.json`);
  const empty = { question: experiment.question, arms: [] };
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : empty;
}

/** The stored arm, unless what its results depend on has changed since. */
export function storedArm({ arms }: Results, { name, settings, rates }: Arm): StoredArm | undefined {
  const stored = arms.find((one) => one.arm === name);
  const tried = stored?.tuning.map(({ learningRate }) => learningRate);
  const isSame =
    stored &&
    isDeepStrictEqual(stored.settings, settings) &&
    (rates.length === 1 ? stored.learningRate === rates[0] : isDeepStrictEqual(tried, rates));
  return isSame ? stored : undefined;
}

/** Writes the arms that the experiment has at present, in its order. */
export function writeResults(experiment: Experiment, arms: readonly StoredArm[], to = folder): void {
  const present = experiment.arms.flatMap(({ name }) => arms.filter(({ arm }) => arm === name));
  const lines = present.map((arm) => `    ${JSON.stringify(arm)}`).join(',\n');
  const text = `{\n  "question": ${JSON.stringify(experiment.question)},\n  "arms": [\n${lines}\n  ]\n}\n`;
  replaceFile(join(to, `${experiment.name}.json`), text);
}
