/**
 * The results of `npm run accuracy`, kept in results.json beside this file, and the table that the README shows.
 *
 * A run that is there already, with the same recipe, is not trained again: seeds can be added over several days.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipe } from './experiments';

export interface Run {
  readonly experiment: string;
  readonly title: string;
  readonly recipe: Recipe;
  readonly parameters: number;
  readonly seed: number;
  readonly trainImages: number;
  readonly testImages: number;
  /** Share of the test images that the network names rightly after the last epoch; no epoch is chosen by it. */
  readonly testAccuracy: number;
  readonly testErrors: number;
  readonly trainLoss: number;
  readonly secondsPerEpoch: number;
  readonly machine: string;
  readonly node: string;
  readonly convlab: string;
  readonly date: string;
}

const file = join(__dirname, 'results.json');
const readme = join(__dirname, '../../README.md');

export function readRuns(): readonly Run[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Run[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`npm run accuracy: ${file} is not readable: ${String(error)}`, { cause: error });
  }
}

export function addRun(run: Run): void {
  const others = readRuns().filter((other) => other.experiment !== run.experiment || other.seed !== run.seed);
  replaceFile(file, `${JSON.stringify([...others, run], null, 1)}\n`);
}

/** A table in Markdown: a row for each experiment, in the order given, from all its seeds. */
export function table(runs: readonly Run[], order: readonly string[]): string {
  const header = '| network | parameters | training | test accuracy, median (lowest to highest) | seeds |';
  const rows = order.flatMap((experiment) => {
    const group = runs.filter((run) => run.experiment === experiment);
    if (group.length === 0) return [];
    const { title, parameters, recipe } = group[0];
    const accuracies = group.map((run) => run.testAccuracy).sort((a, b) => a - b);
    const spread = `${percent(accuracies[0])} to ${percent(accuracies[accuracies.length - 1])}`;
    const seeds = group.map((run) => run.seed).sort((a, b) => a - b);
    return [
      `| ${title} | ${parameters.toLocaleString('en')} | ${recipe.epochs} epochs, ${recipe.name} | ` +
        `**${percent(median(accuracies))}** (${spread}) | ${seeds.join(', ')} |`,
    ];
  });
  return [header, '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** Puts the table between the README's two marks. */
export function writeTable(text: string): void {
  const page = readFileSync(readme, 'utf8');
  const [begin, end] = ['<!-- accuracy: npm run accuracy -->', '<!-- /accuracy -->'];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`npm run accuracy: README.md lacks the marks ${begin} and ${end}`);
  replaceFile(readme, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
}

/** The middle of sorted numbers, or the mean of the middle two. */
function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A reader sees the old file or the new one, never half of one. */
function replaceFile(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
