/**
 * Grades answers in this process, for the teacher's own: the reference solution, the stubs and the recorded wrong
 * answers. What students hand in never runs here.
 */
import { judge, questionsOf } from 'convlab/dist/exercises/judge';
import { outcomeOf } from 'convlab/dist/exercises/outcome';
import { judgeValue } from 'convlab/dist/exercises/values';
import type { Assignment, Question } from '../assignment/assignment';
import { runCode } from '../assignment/runCode';
import { measureNetwork } from '../network/measure';
import type { Answers, Grade } from './proof';

/** @param seed decides the random inputs */
export async function gradeInProcess(assignment: Assignment, answers: Answers, seed = 1): Promise<Grade[]> {
  const grades: Grade[] = [];
  for (const question of assignment.questions) {
    if (question.kind !== 'manual') grades.push(await gradeQuestion(assignment, question, answers, seed));
  }
  return grades;
}

async function gradeQuestion(
  assignment: Assignment,
  question: Question,
  answers: Answers,
  seed: number,
): Promise<Grade> {
  const { id, points: max, partial } = question;
  let verdict;
  try {
    const answer = await answerOf(assignment, question, answers);
    if (question.network) {
      const { state, message, right, cases } = await measureNetwork(
        (answer as () => unknown)(),
        question.network,
      );
      return { id, max, state, message, points: (max * right) / cases };
    }
    verdict = judged(question, answer, seed);
  } catch (error) {
    return { id, points: 0, max, state: 'failed', message: String(error) };
  }
  const { right, measured, state } = verdict;
  const share = right.filter(Boolean).length / right.length;
  return { id, max, state, message: measured, points: partial || share === 1 ? max * share : 0 };
}

function judged({ exercise }: Question, answer: unknown, seed: number) {
  if (exercise?.kind === 'value') return judgeValue(exercise, answer);
  if (exercise?.kind !== 'function') throw new Error('no exercise');
  if (typeof answer !== 'function') throw new Error('the answer is no function');
  const questions = questionsOf(exercise, seed);
  const outcomes = questions.map(({ args, expected }) =>
    outcomeOf(answer as (...args: never[]) => unknown, args, expected),
  );
  return judge(exercise, questions, outcomes);
}

async function answerOf(
  { cells }: Assignment,
  { program, answer }: Question,
  answers: Answers,
): Promise<unknown> {
  const sources = program.map((position) => {
    const { gradeId = '', source } = cells[position];
    return answers[gradeId] ?? source;
  });
  let found: unknown;
  const answerIs = (value: unknown): void => {
    found = value;
  };
  await runCode([...sources, `answerIs(${answer});`].join('\n'), { answerIs });
  return found;
}
