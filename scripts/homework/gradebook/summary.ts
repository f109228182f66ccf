/** How a class did in an assignment: the distribution of the points, the hardest questions, the best networks. */
import { barChart, mean, median, toSvg, type Figure } from 'convlab';
import { isOpen, isWaiting } from '../feedback/cells';
import { css } from '../feedback/style';
import { htmlDocument } from '../../notebooks/report/html/document';
import { element, type Markup } from '../../notebooks/report/markup';
import { count } from '../../notebooks/report/text';
import { boardTables } from './board';
import type { BookedAssignment, BookedSubmission } from './booked';

/** How many questions are named as the hardest. */
const HARDEST = 3;

export interface QuestionShare {
  readonly id: string;
  readonly title: string;
  /** Mean share of its points, 0 to 1. */
  readonly share: number;
}

/** The questions from the hardest to the easiest; without those that still wait for a person. */
export function byDifficulty(
  { questions }: BookedAssignment,
  submissions: readonly BookedSubmission[],
): QuestionShare[] {
  return questions
    .flatMap(({ id, title }) => {
      const graded = submissions
        .flatMap((submission) => submission.questions)
        .filter((question) => question.id === id && question.max > 0);
      if (graded.length === 0 || graded.some(isOpen)) return [];
      return [{ id, title, share: mean(graded.map(({ points, max }) => points / max)) }];
    })
    .sort((a, b) => a.share - b.share);
}

/** How many scores lie in each tenth of the points; the highest tenth has all points in it. */
export function tenths(submissions: readonly BookedSubmission[]): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const { score, max } of submissions) counts[Math.min(9, Math.floor((10 * score) / (max || 1)))]++;
  return counts;
}

/** The summary in the terminal. */
export function summaryLines(
  assignment: BookedAssignment,
  submissions: readonly BookedSubmission[],
): string[] {
  if (submissions.length === 0) return [];
  const scores = submissions.map(({ score }) => score);
  const [lowest, highest] = [Math.min(...scores), Math.max(...scores)];
  const hardest = byDifficulty(assignment, submissions).slice(0, HARDEST);
  const waiting = submissions.flatMap(({ questions }) => questions.filter(isWaiting));
  const again = waiting.filter(({ outdated }) => outdated).length;
  const late = submissions.filter(({ penalty }) => penalty > 0).length;
  return [
    `points: median ${number(median(scores))}, mean ${number(mean(scores))}, ` +
      `lowest ${number(lowest)}, highest ${number(highest)} of ${assignment.max}`,
    ...(hardest.length > 0
      ? [
          `hardest, by their mean share of points: ${hardest.map(({ title, share }) => `${title} (${percentOf(share)})`).join(', ')}`,
        ]
      : []),
    ...(late > 0 ? [`late: ${count(late, 'submission')}`] : []),
    ...(waiting.length > 0 ? [`to be graded by hand: ${count(waiting.length, 'answer')}`] : []),
    ...(again > 0
      ? [
          `${again} of them again: they, or their points at most, have changed since, so what you gave does not count`,
        ]
      : []),
  ];
}

export function summaryPage(
  assignment: BookedAssignment,
  submissions: readonly BookedSubmission[],
  feedbackOf: (student: string) => string,
): string {
  const header = element(
    'header',
    {},
    element('h1', {}, assignment.title),
    element('p', { class: 'total' }, count(submissions.length, 'submission')),
    summaryLines(assignment, submissions).map((line) => element('p', {}, line)),
  );
  const main = element(
    'main',
    {},
    submissions.length > 0 ? picture(distribution(assignment, submissions)) : undefined,
    byDifficulty(assignment, submissions).length > 0
      ? picture(difficulty(assignment, submissions))
      : undefined,
    boardTables(submissions, true),
    table(submissions, feedbackOf),
  );
  return htmlDocument(`${assignment.title} – summary`, css, header, main);
}

function distribution({ max }: BookedAssignment, submissions: readonly BookedSubmission[]): Figure {
  const edge = (tenth: number) => number((tenth * max) / 10);
  const labels = Array.from({ length: 10 }, (_, i) => `${edge(i)} to ${edge(i + 1)}`);
  return barChart(labels, tenths(submissions), {
    title: 'How the points are distributed',
    xLabel: 'points',
    yLabel: 'students',
  });
}

function difficulty(assignment: BookedAssignment, submissions: readonly BookedSubmission[]): Figure {
  const questions = byDifficulty(assignment, submissions);
  const titles = questions.map(({ title }) => title);
  // Titles may be alike, labels may not.
  const labels = questions.map(({ id, title }) =>
    titles.indexOf(title) === titles.lastIndexOf(title) ? title : `${title} (${id})`,
  );
  return barChart(
    labels,
    questions.map(({ share }) => Math.round(100 * share)),
    { title: 'Questions, the hardest first', yLabel: '% of the points, mean', yRange: [0, 100] },
  );
}

function picture(figure: Figure): Markup {
  const svg = Buffer.from(toSvg(figure)).toString('base64');
  return element('img', {
    class: 'figure',
    alt: figure.description,
    src: `data:image/svg+xml;base64,${svg}`,
  });
}

function table(submissions: readonly BookedSubmission[], feedbackOf: (student: string) => string): Markup {
  const headings = ['student', 'points', 'late', 'by hand', 'about the file'];
  const rows = submissions.map(({ student, score, penalty, questions, problems }) => {
    const name = [student.lastName, student.firstName].filter(Boolean).join(', ');
    const waiting = questions.filter(isWaiting).length;
    const again = questions.filter(({ outdated }) => outdated).length;
    const toDo = waiting > 0 ? `${waiting} to do${again > 0 ? `, ${again} again` : ''}` : '';
    return element(
      'tr',
      {},
      element('td', {}, element('a', { href: feedbackOf(student.id) }, student.id), name && ` ${name}`),
      element('td', { class: 'number' }, number(score)),
      element('td', { class: 'number' }, penalty > 0 ? `−${number(penalty)}` : ''),
      element('td', { class: 'number' }, toDo),
      element('td', {}, problems.join(' ')),
    );
  });
  const head = element(
    'tr',
    {},
    headings.map((heading, i) => element('th', { class: i > 0 && i < 4 ? 'number' : undefined }, heading)),
  );
  return element(
    'div',
    { class: 'scroll' },
    element('table', { class: 'students' }, element('thead', {}, head), element('tbody', {}, rows)),
  );
}

/** At most two decimals. */
function number(value: number): string {
  return String(Math.round(100 * value) / 100);
}

function percentOf(share: number): string {
  return `${Math.round(100 * share)} %`;
}
