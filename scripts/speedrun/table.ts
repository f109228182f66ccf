/** The README's table of the speedrun. */
import { mean, percent } from 'convlab';
import { arrange, isOf, type Version } from '../accuracy/runs';
import type { Goal } from './goals';
import { ofPyTorch, type SpeedRun } from './runs';

/**
 * A table in Markdown: a row for each goal that has runs, from all seeds of one version. A mean accuracy below the goal
 * says so; runs of an earlier version are marked.
 */
export function table(
  runs: readonly SpeedRun[],
  goals: readonly Pick<Goal, 'name' | 'title'>[],
  versions: readonly Version[],
): string {
  const { shown } = arrange(runs, versions);
  let marked = false;
  const rows = goals.flatMap(({ name, title }) => {
    const own = shown.filter((run) => run.experiment === name);
    if (own.length === 0) return [];
    const torch = shown.filter((run) => run.experiment === ofPyTorch(name));
    const isPresent = [...own, ...torch].every((run) => versions.some((version) => isOf(run, version)));
    marked ||= !isPresent;
    const accuracies = own.map(accuracyOf);
    const missed = mean(accuracies) * 100 < Number(name) ? ' (missed)' : '';
    const beside =
      torch.length === 0
        ? '| |'
        : `${secondsOf(torch)}; ${percent(mean(torch.map(accuracyOf)))} | ` +
          `**${(mean(torch.map(({ seconds }) => seconds)) / mean(own.map(({ seconds }) => seconds))).toFixed(1)}** |`;
    return [
      `| ${name} %${missed}${isPresent ? '' : ' †'} | ${title} (${own[0].parameters.toLocaleString('en')}) | ` +
        `${own[0].imagesSeen.toLocaleString('en')} | **${percent(mean(accuracies))}** (${percent(Math.min(...accuracies))} to ` +
        `${percent(Math.max(...accuracies))}, ${own.length} seeds) | ${secondsOf(own)} | ${beside}`,
    ];
  });
  if (rows.length === 0) return 'Not measured yet.';
  return [
    '| goal | network (parameters) | images seen | test accuracy, mean (lowest to highest) | seconds, mean (lowest to highest) | PyTorch: seconds; accuracy | ConvLab is faster by |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    ...(marked ? ['', '† From before a change to the recipe, the network or the arithmetic.'] : []),
  ].join('\n');
}

function accuracyOf({ testErrors, testImages }: SpeedRun): number {
  return 1 - testErrors / testImages;
}

function secondsOf(runs: readonly SpeedRun[]): string {
  const seconds = runs.map((run) => run.seconds);
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map((s) => s.toFixed(1));
  return `${mean(seconds).toFixed(1)} (${least} to ${most})`;
}
