/** How long each notebook takes: recorded once in times.json, by which the machines of a CI share them. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../commandLine';
import { replaceFile } from '../../replaceFile';
import { read } from '../finding';
import { shownPath, visible } from './notebook';

const ROOT = join(__dirname, '..', '..', '..');
const FILE = join(__dirname, '..', 'times.json');

/** Whole seconds, by the path in the project. */
export type Times = Readonly<Record<string, number>>;

const times = z.record(
  z.string(),
  z.number({ error: () => 'seconds' }).positive({ error: () => 'seconds' }),
  {
    error: () => 'an object with the seconds of each notebook',
  },
);

/** @throws UsageError when the file is not such a one, as after a merge with conflicts */
export function readTimes(file = FILE): Times {
  if (!existsSync(file)) return {};
  try {
    return read(times, JSON.parse(readFileSync(file, 'utf8')), '');
  } catch (error) {
    throw new UsageError(`${shownPath(file)} cannot be read: ${visible((error as Error).message)}`);
  }
}

/** For the shards, which without them are all notebooks together too. */
export function timesOrNone(say: (sentence: string) => void, file = FILE): Times {
  try {
    return readTimes(file);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${error.message}; for --shard all notebooks count alike`);
    return {};
  }
}

/**
 * Adds these to the recorded ones. Seconds below one do not matter to anybody.
 *
 * @returns the notebooks outside of the project, which other machines do not have: their times are not recorded
 * @throws UsageError when the file cannot be read or written; it is then as it was
 */
export function recordTimes(taken: ReadonlyMap<string, number>, file = FILE): string[] {
  const [inside, outside] = [true, false].map((wanted) =>
    [...taken.keys()].filter((notebook) => isInProject(notebook) === wanted),
  );
  if (inside.length === 0) return outside;
  const fresh = inside.map((notebook) => {
    const seconds = Math.round(taken.get(notebook) ?? 0);
    return [keyOf(notebook), Math.max(1, seconds)] as const;
  });
  const all = Object.entries({ ...readTimes(file), ...Object.fromEntries(fresh) });
  const sorted = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  try {
    replaceFile(file, `${JSON.stringify(sorted, undefined, 2)}\n`);
  } catch (error) {
    throw new UsageError(`${shownPath(file)} cannot be written: ${visible((error as Error).message)}`);
  }
  return outside;
}

function isInProject(file: string): boolean {
  const key = keyOf(file);
  return !key.startsWith('../') && !isAbsolute(key);
}

/**
 * The files of one of `count` parts that take about equally long: each file, the longest first, goes to the part with the
 * least to do (Graham 1969: at most 4/3 of the best division). A file without a record counts as the median of the
 * others. Depends on nothing but its arguments, so all machines divide alike.
 *
 * @param index 1 … count
 */
export function shardOf(files: readonly string[], times: Times, index: number, count: number): string[] {
  const known = files.flatMap((file) => times[keyOf(file)] ?? []).sort((a, b) => a - b);
  const usual = known[Math.floor(known.length / 2)] ?? 1;
  const secondsOf = (file: string): number => times[keyOf(file)] ?? usual;
  const sums = new Array<number>(count).fill(0);
  const parts = new Map<string, number>();
  // Sorting is stable: equals stay in reading order.
  for (const file of [...files].sort((a, b) => secondsOf(b) - secondsOf(a))) {
    const least = sums.indexOf(Math.min(...sums));
    sums[least] += secondsOf(file);
    parts.set(file, least + 1);
  }
  return files.filter((file) => parts.get(file) === index);
}

const keyOf = (file: string): string => relative(ROOT, file).split(sep).join('/');
