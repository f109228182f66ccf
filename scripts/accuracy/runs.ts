/**
 * Stored runs: which of them belong together, and which are of an earlier version of their experiment.
 *
 * Numbers may be compared, or share a row, only when recipe and fingerprint are the same. A file of results shows one
 * version of each experiment; the runs of all others are in a file beside it, and return when their version does.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { oneAtATime } from '../oneAtATime';
import { replaceFile } from '../replaceFile';
import type { Recipe } from './experiments';

/** How an experiment is run at present. */
export interface Version {
  readonly experiment: string;
  readonly recipe: Recipe;
  /** See fingerprint.ts. */
  readonly fingerprint: string;
}

/** How a stored run was made. */
export interface Run extends Version, Made {
  readonly seed: number;
}

interface Made {
  readonly node: string;
  readonly convlab: string;
  readonly date: string;
}

/** For a run made now. */
export function made(): Made {
  const { version } = JSON.parse(readFileSync(require.resolve('convlab/package.json'), 'utf8')) as {
    version: string;
  };
  return { node: process.version, convlab: version, date: new Date().toISOString().slice(0, 10) };
}

export interface Arranged<R extends Run> {
  /** The runs of one version of each experiment: the present one or, if that has no run yet, the one trained last. */
  readonly shown: readonly R[];
  readonly superseded: readonly R[];
}

export function isOf(run: Run, version: Version): boolean {
  return (
    run.experiment === version.experiment &&
    run.fingerprint === version.fingerprint &&
    isDeepStrictEqual(run.recipe, version.recipe)
  );
}

export function arrange<R extends Run>(runs: readonly R[], versions: readonly Version[]): Arranged<R> {
  const shown = (run: R): boolean => {
    const present = versions.find((version) => version.experiment === run.experiment);
    const all = runs.filter((other) => other.experiment === run.experiment);
    const chosen = present && all.some((other) => isOf(other, present)) ? present : all[all.length - 1];
    return isOf(run, chosen);
  };
  return { shown: runs.filter(shown), superseded: runs.filter((run) => !shown(run)) };
}

/** The runs with this one added, replacing one of the same version and seed. */
export function withRun<R extends Run>(runs: readonly R[], run: R): R[] {
  return [...runs.filter((other) => !(isOf(other, run) && other.seed === run.seed)), run];
}

/** A sentence for each experiment that has runs of an earlier version. */
export function stale(runs: readonly Run[], versions: readonly Version[]): string[] {
  const names = [...new Set(runs.map((run) => run.experiment))];
  return names.flatMap((name) => {
    const present = versions.find((version) => version.experiment === name);
    if (!present) return [`${name}: there is no such experiment any more`];
    const old = runs.filter((run) => run.experiment === name && !isOf(run, present));
    if (old.length === 0) return [];
    const seeds = old.map((run) => `${run.seed} (${run.date})`).join(', ');
    const reason = old.every((run) => isDeepStrictEqual(run.recipe, present.recipe))
      ? 'the network, its random numbers or the arithmetic has changed since'
      : 'the recipe has changed since';
    return [`${name}: not of the present version, seeds ${seeds}: ${reason}`];
  });
}

/** All runs of a file of results; those of the file of superseded runs beside it come first. */
export function readRuns<R extends Run>(file: string): R[] {
  const shown = readList<R>(file);
  const others = readList<R>(beside(file));
  return [...others.filter((run) => !shown.some((other) => isDeepStrictEqual(run, other))), ...shown];
}

/** Adds runs to a file of results, to which other commands may be adding theirs. @returns all that it has now */
export function addRuns<R extends Run>(
  file: string,
  added: readonly R[],
  versions: readonly Version[],
): Promise<readonly R[]> {
  return oneAtATime(`${file}.lock`, () => {
    const runs = added.reduce<readonly R[]>(withRun, readRuns<R>(file));
    writeRuns(file, runs, versions);
    return Promise.resolve(runs);
  });
}

/** Writes the runs that are shown to the file, and all others to the one beside it. */
export function writeRuns(file: string, runs: readonly Run[], versions: readonly Version[]): void {
  const { shown, superseded } = arrange(runs, versions);
  // In this order, every run is always in at least one of the files.
  if (superseded.length > 0 || existsSync(beside(file))) replaceFile(beside(file), text(superseded));
  replaceFile(file, text(shown));
}

function beside(file: string): string {
  return file.replace(/\.json$/, '.superseded.json');
}

function readList<R>(file: string): R[] {
  if (!existsSync(file)) return [];
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as R[];
  } catch (error) {
    throw new Error(`${file} is not readable: ${String(error)}`, { cause: error });
  }
}

/** One run per line, so that a diff of two versions of the file shows which runs were added. */
function text(runs: readonly Run[]): string {
  return `[\n${runs.map((run) => `  ${JSON.stringify(run)}`).join(',\n')}\n]\n`;
}
