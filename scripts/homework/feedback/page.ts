/**
 * The page that a student gets back: the points, and the notebook with their own answers, what the checks measured, and
 * the teacher's comments beside the cells they are about. Whatever a student wrote is text in it.
 */
import { htmlDocument } from '../../notebooks/report/html/document';
import { element, type Child, type Markup } from '../../notebooks/report/markup';
import { count } from '../../notebooks/report/text';
import type { Assignment } from '../assignment/assignment';
import type { BookedQuestion, BookedSubmission } from '../gradebook/booked';
import { feedbackCells, isOpen, pointsOf, stateOf, totalOf, type FeedbackCell } from './cells';
import { markdown } from './markdown';
import { codeBlock } from './source';
import { css } from './style';

export function feedbackPage(assignment: Assignment, submission: BookedSubmission): string {
  const { student, submitted, problems } = submission;
  const name = `${student.firstName} ${student.lastName}`.trim() || student.id;
  const handedIn = submitted && `handed in ${submitted.replace('T', ' ').replace(/\..*/, ' UTC')}`;
  const header = element(
    'header',
    {},
    element('h1', {}, assignment.title),
    element('p', {}, [name, handedIn].filter(Boolean).join(' · ')),
    element('p', { class: 'total' }, totalOf(submission)),
  );
  const main = element(
    'main',
    {},
    problems.length > 0 ? problemList(problems) : undefined,
    questionTable(submission.questions),
    feedbackCells(assignment, submission).map(cellRow),
  );
  return htmlDocument(`${assignment.title} – ${name}`, css, header, main);
}

function problemList(problems: readonly string[]): Markup {
  const items = problems.map((problem) => element('li', {}, problem));
  return element(
    'div',
    { class: 'problems' },
    'About the file that was handed in:',
    element('ul', {}, items),
  );
}

function questionTable(questions: readonly BookedQuestion[]): Markup {
  const head = [
    element('th', {}, 'question'),
    element('th', { class: 'number' }, 'points'),
    element('th', {}),
  ];
  const rows = questions.map((question) => {
    const { id, title, points, max } = question;
    return element(
      'tr',
      {},
      element('td', {}, element('a', { href: `#${id}` }, title)),
      element('td', { class: 'number' }, `${isOpen(question) ? '–' : points} / ${max}`),
      element('td', {}, badge(question)),
    );
  });
  const table = element(
    'table',
    { class: 'questions' },
    element('thead', {}, element('tr', {}, head)),
    element('tbody', {}, rows),
  );
  return element('div', { class: 'scroll' }, table);
}

function badge(question: BookedQuestion): Markup {
  return element('span', { class: `badge ${colourOf(question)}` }, stateOf(question));
}

/** By what it was worth: a person may have judged otherwise than the checks. */
function colourOf(question: BookedQuestion): string {
  if (isOpen(question)) return 'open';
  if (question.points >= question.max) return 'right';
  return question.points > 0 ? 'partly' : 'wrong';
}

function cellRow(cell: FeedbackCell): Markup {
  const { question, note, comment } = cell;
  const body = element(
    'div',
    { class: 'body' },
    cell.isAnswer ? answer(cell) : question ? undefined : given(cell),
    question && checkBox(cell, question),
    note === '' ? undefined : element('p', { class: 'note' }, note),
  );
  const beside =
    comment !== '' &&
    element('aside', { class: 'comment' }, element('p', { class: 'who' }, 'Your teacher'), comment);
  return element('div', { class: 'row' }, body, beside || undefined);
}

function answer({ type, source }: FeedbackCell): Markup {
  const text =
    source === undefined
      ? element('p', { class: 'facts' }, 'This cell is missing in the file that was handed in.')
      : type === 'code'
        ? codeBlock(source)
        : element('div', { class: 'prose' }, markdown(source));
  return element('div', { class: 'answer' }, element('p', { class: 'who' }, 'Your answer'), text);
}

function given({ type, source = '' }: FeedbackCell): Child {
  if (type !== 'code') return element('div', { class: 'prose' }, markdown(source));
  return folded('given code', source);
}

function folded(title: string, source: string): Child {
  if (source.trim() === '') return undefined;
  return element('details', { class: 'given' }, element('summary', {}, title), codeBlock(source));
}

function checkBox(cell: FeedbackCell, question: BookedQuestion): Markup {
  const { id, message, right, cases } = question;
  const facts = [pointsOf(question), ...(cases > 0 ? [`${right} of ${count(cases, 'input')} right`] : [])];
  return element(
    'div',
    { class: `check ${colourOf(question)}`, id },
    badge(question),
    element('span', { class: 'facts' }, facts.join(' · ')),
    message === '' ? undefined : element('p', {}, message),
    cell.isAnswer ? undefined : element('div', { class: 'visible' }, folded('the check', cell.source ?? '')),
  );
}
