/**
 * Comparisons of trained networks that take longer than a notebook may: trained once with many seeds, and stored. How
 * they are made: `npm run experiments`, scripts/experiments/experiment.ts.
 */
import { readFileSync } from 'node:fs';
import { check, isObject, path as pathRule, shown } from '../check';

/** One of the ways to train that are compared, with the results of all its seeds. */
export interface ExperimentArm {
  readonly arm: string;
  /** All that its results depend on. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Validation images read wrongly with each learning rate that was tried, a number for each of the seeds that were
   * used for that alone; empty when the rate was not chosen.
   */
  readonly tuning: readonly { readonly learningRate: number; readonly wrong: readonly number[] }[];
  readonly learningRate: number;
  readonly seeds: readonly number[];
  /** For each name a number for each seed; `wrong` are the test images read wrongly. */
  readonly measured: Readonly<Record<string, readonly number[]>>;
  /** Version and day of the last training. */
  readonly made: string;
}

/**
 * The stored results of an experiment.
 *
 * @returns a function that gives the arm of this name, and throws a RangeError that lists the names if there is none
 * @throws Error when the file cannot be read, or is not one that `npm run experiments` has written
 * @example readExperiment('../scripts/experiments/results/pooling.json')('max pooling, 50 images').measured.wrong
 */
export function readExperiment(path: string): (name: string) => ExperimentArm {
  check('readExperiment', 'path', path, pathRule('results/pooling.json'));
  const arms = armsIn(path);
  return (name) => {
    const found = arms.find(({ arm }) => arm === name);
    if (found) return found;
    const names = arms.map(({ arm }) => shown(arm)).join(', ');
    throw new RangeError(`readExperiment: name is ${shown(name)}, expected one of the arms ${names}`);
  };
}

function armsIn(path: string): readonly ExperimentArm[] {
  const refuse = (expected: string, cause?: unknown): never => {
    throw new Error(`readExperiment: path is ${shown(path)}, expected ${expected}`, { cause });
  };
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    refuse('a file that can be read', error);
  }
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch (error) {
    refuse('a file of JSON', error);
  }
  if (!isObject(stored) || !Array.isArray(stored.arms) || !stored.arms.every(isArm)) {
    return refuse('results of `npm run experiments`');
  }
  return stored.arms as readonly ExperimentArm[];
}

function isArm(value: unknown): boolean {
  return isObject(value) && typeof value.arm === 'string' && isObject(value.measured);
}
