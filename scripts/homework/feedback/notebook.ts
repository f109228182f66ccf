/** The feedback as a notebook: the student's own, with a cell of results at the top and one after whatever was found. */
import type { Assignment } from '../assignment/assignment';
import type { BookedQuestion, BookedSubmission } from '../gradebook/booked';
import { feedbackCells, pointsOf, stateOf, totalOf, type FeedbackCell } from './cells';

/** nbformat 4.5, without outputs: nothing in it has run. */
export function feedbackNotebook(assignment: Assignment, submission: BookedSubmission): string {
  const cells = [
    overview(assignment, submission),
    ...feedbackCells(assignment, submission).flatMap(cellsOf),
  ].map((cell, i) => ({ id: `feedback-${i}`, metadata: {}, ...cell }));
  const metadata = {
    kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
    language_info: { name: 'typescript' },
  };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

function overview({ title }: Assignment, submission: BookedSubmission) {
  const rows = submission.questions.map(
    (question) => `| ${escaped(question.title)} | ${pointsOf(question)} | ${stateOf(question)} |`,
  );
  return prose(
    [
      `# ${escaped(title)}`,
      `**${totalOf(submission)}**`,
      submission.problems.map((problem) => `- ${escaped(problem)}`).join('\n'),
      ['| question | points | |', '| --- | --- | --- |', ...rows].join('\n'),
    ].join('\n\n'),
  );
}

function cellsOf({ type, isAnswer, source, question, note, comment }: FeedbackCell) {
  const own = source ?? '(This cell is missing in the file that was handed in.)';
  const isShown = isAnswer || source?.trim() !== '';
  return [
    ...(!isShown ? [] : [type === 'code' && source !== undefined ? code(own) : prose(own)]),
    ...(question ? [prose(found(question))] : []),
    ...(note === '' ? [] : [prose(quoted(escaped(note)))]),
    ...(comment === '' ? [] : [prose(quoted(`**Your teacher:** ${escaped(comment)}`))]),
  ];
}

function found(question: BookedQuestion): string {
  const { message, right, cases } = question;
  const inputs = cases > 0 ? `, ${right} of ${cases} inputs right` : '';
  return quoted(`**${stateOf(question)}**: ${pointsOf(question)}${inputs}\n\n${escaped(message)}`.trimEnd());
}

function prose(source: string) {
  return { cell_type: 'markdown', source };
}

function code(source: string) {
  return { cell_type: 'code', source, execution_count: null, outputs: [] };
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** Plain text as Markdown: a message may hold words of a student's program, and nothing of them is markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~$&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
