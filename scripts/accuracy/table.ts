/** The README's table of accuracies. */
import { readFileSync } from 'node:fs';
import { median } from 'convlab';
import { replaceFile } from '../replaceFile';
import type { Experiment, Recipe } from './experiments';
import { arrange, isOf, type Run, type Version } from './runs';

/** A run of `npm run accuracy`, as results.json holds it. */
export interface AccuracyRun extends Run {
  readonly parameters: number;
  readonly trainImages: number;
  readonly testImages: number;
  /** Share of the test images classified correctly after the last epoch; no epoch is chosen by it. */
  readonly testAccuracy: number;
  readonly testErrors: number;
  readonly trainLoss: number;
  readonly secondsPerEpoch: number;
  readonly machine: string;
}

/**
 * A table in Markdown: a row for each experiment that has runs, in the order of `experiments`, from all seeds of one
 * version. A row of an earlier version is marked, and a note below says what the mark means.
 */
export function table(
  runs: readonly AccuracyRun[],
  experiments: readonly Pick<Experiment, 'name' | 'title'>[],
  versions: readonly Version[],
): string {
  const { shown } = arrange(runs, versions);
  let marked = false;
  const rows = experiments.flatMap(({ name, title }) => {
    const group = shown.filter((run) => run.experiment === name);
    if (group.length === 0) return [];
    const [{ parameters, recipe }] = group;
    const isPresent = versions.some((version) => isOf(group[0], version));
    marked ||= !isPresent;
    const accuracies = group.map((run) => run.testAccuracy);
    const spread = `${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))}`;
    const seeds = group.map((run) => run.seed).sort((a, b) => a - b);
    return [
      `| ${title} | ${parameters.toLocaleString('en')} | ${training(recipe)}${isPresent ? '' : ' †'} | ` +
        `**${percent(median(accuracies))}** (${spread}) | ${seeds.join(', ')} |`,
    ];
  });
  return [
    '| network | parameters | training | test accuracy, median (lowest to highest) | seeds |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...(marked ? ['', note] : []),
  ].join('\n');
}

const note =
  '† From before a change to the recipe, the network, its random numbers or the arithmetic: ' +
  '`npm run accuracy` trains these networks again.';

/** Puts the table that `npm run COMMAND` makes between the two marks of a page. */
export function writeTable(file: string, command: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- ${command}: npm run ${command} -->`, `<!-- /${command} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} lacks the marks ${begin} and ${end}`);
  replaceFile(file, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
}

function training({ epochs, name }: Recipe): string {
  return `${epochs} epoch${epochs === 1 ? '' : 's'}, ${name}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
