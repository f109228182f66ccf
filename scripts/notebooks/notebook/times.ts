/** How long each notebook takes: recorded once in times.json, by which the machines of a CI share them. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { replaceFile } from '../../replaceFile';

const ROOT = join(__dirname, '..', '..', '..');
const FILE = join(__dirname, '..', 'times.json');

/** Whole seconds, by the path in the project. */
export type Times = Readonly<Record<string, number>>;

export function readTimes(): Times {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Times) : {};
}

/** Adds these to the recorded ones. Seconds below one do not matter to anybody. */
export function recordTimes(taken: ReadonlyMap<string, number>): void {
  const fresh = [...taken].map(([file, seconds]) => [keyOf(file), Math.max(1, Math.round(seconds))] as const);
  const all = Object.entries({ ...readTimes(), ...Object.fromEntries(fresh) });
  const sorted = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  replaceFile(FILE, `${JSON.stringify(sorted, undefined, 2)}\n`);
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
