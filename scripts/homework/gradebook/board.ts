/**
 * The best networks of a class by what they cost. All of them were trained by one protocol (network/measure.ts), so that
 * only what was handed in makes the difference.
 */
import { mean, percent } from 'convlab';
import { css } from '../feedback/style';
import type { MeasuredNetwork } from '../grade/job';
import { htmlDocument } from '../../notebooks/report/html/document';
import { element, type Markup } from '../../notebooks/report/markup';
import type { BookedAssignment, BookedSubmission } from './booked';

/** A table for each: the most parameters that a network in it may have. */
const SIZES = [10_000, 20_000];

export interface Place {
  /** From 1; equal accuracies share a place, and the places behind them are left out. */
  readonly rank: number;
  readonly student: string;
  readonly network: MeasuredNetwork;
}

/** The best network of each student, of those with at most so many parameters; of equal ones the smallest first. */
export function placesOf(submissions: readonly BookedSubmission[], parameters: number): Place[] {
  const entries = submissions
    .flatMap(({ student, questions }) => {
      const networks = questions.flatMap(({ network }) =>
        network && network.parameters <= parameters ? [network] : [],
      );
      const [best] = networks.sort(better);
      return best === undefined ? [] : [{ student: student.id, network: best }];
    })
    .sort((a, b) => better(a.network, b.network));
  const scores = entries.map(({ network }) => scoreOf(network));
  return entries.map((entry, i) => ({ rank: scores.indexOf(scores[i]) + 1, ...entry }));
}

function better(a: MeasuredNetwork, b: MeasuredNetwork): number {
  return scoreOf(b) - scoreOf(a) || a.parameters - b.parameters || a.multiplyAdds - b.multiplyAdds;
}

/** The mean accuracy, free of what rounding makes of the order of its terms. */
function scoreOf({ accuracies }: MeasuredNetwork): number {
  return Math.round(1e9 * mean(accuracies));
}

/** Whether a network was trained for the assignment. */
export function hasBoard(submissions: readonly BookedSubmission[]): boolean {
  return SIZES.some((size) => placesOf(submissions, size).length > 0);
}

/** The tables of an assignment; none if no network was trained for it. */
export function boardTables(submissions: readonly BookedSubmission[], withNames: boolean): Markup[] {
  return SIZES.flatMap((size) => {
    const places = placesOf(submissions, size);
    if (places.length === 0) return [];
    const title = `The best networks with at most ${size.toLocaleString('en-US')} parameters`;
    return [element('h2', {}, title), boardTable(places, withNames)];
  });
}

function boardTable(places: readonly Place[], withNames: boolean): Markup {
  const headings = ['place', 'accuracy', 'from … to', 'parameters', 'multiply-adds'];
  const number = (text: string | number) => element('td', { class: 'number' }, text);
  const rows = places.map(({ rank, student, network: { accuracies, parameters, multiplyAdds } }) =>
    element(
      'tr',
      {},
      number(rank),
      number(percent(mean(accuracies))),
      number(`${percent(Math.min(...accuracies))} … ${percent(Math.max(...accuracies))}`),
      number(parameters.toLocaleString('en-US')),
      number(multiplyAdds.toLocaleString('en-US')),
      withNames ? element('td', {}, student) : undefined,
    ),
  );
  const head = [
    headings.map((heading) => element('th', { class: 'number' }, heading)),
    withNames ? element('th', {}, 'student') : undefined,
  ];
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      { class: 'board' },
      element('thead', {}, element('tr', {}, head)),
      element('tbody', {}, rows),
    ),
  );
}

/** The page for the class, without names: all know their own network by the numbers in their feedback. */
export function boardPage({ title }: BookedAssignment, submissions: readonly BookedSubmission[]): string {
  const about =
    'Every network was trained with the same images and the same seeds. The accuracy is the mean over the seeds, on ' +
    'images that none was trained with; beside it stand the worst and the best seed. A difference smaller than that ' +
    'between the seeds may be chance: other seeds may give other places.';
  const header = element('header', {}, element('h1', {}, title), element('p', {}, about));
  return htmlDocument(
    `${title} – the board`,
    css,
    header,
    element('main', {}, boardTables(submissions, false)),
  );
}
