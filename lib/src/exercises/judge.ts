/**
 * The verdict on a function from what it answered to each input: plain data in, plain data out. The inputs, the right
 * answers and the mistakes need not be where the learner's function runs.
 */
import { random } from '../random';
import type { Part } from './answers';
import { partText, readAnswer, sameParts, sameShape } from './answers';
import { difference, nonFiniteReason, roundedReason } from './measure';
import { memberDifference } from './members';
import type { Case, FunctionExercise } from './exercise';
import type { Outcome } from './outcome';
import { outcomeOf } from './outcome';
import { sentence } from './words';

/** An input with its right answer. */
export interface Question extends Case {
  readonly expected: unknown;
}

export interface Verdict {
  readonly state: 'passed' | 'wrong' | 'not written';
  /** Which of the answers are right. */
  readonly right: readonly boolean[];
  /** What is wrong, measured, in one sentence; empty when nothing is. */
  readonly measured: string;
  /** What learners who made this mistake are told; undefined if no known mistake fits. */
  readonly hint?: string;
  /** The question that `measured` speaks of. */
  readonly at?: number;
}

/** The questions of an exercise; the seed decides the random ones. */
export function questionsOf(exercise: FunctionExercise, seed = 1): Question[] {
  return exercise.cases(random(seed)).map(({ name, args }) => ({
    name,
    args,
    expected: exercise.right(...(args as never[])),
  }));
}

/** Compares the outcomes with the right answers and with the answers of each mistake. */
export function judge(
  exercise: FunctionExercise,
  questions: readonly Question[],
  outcomes: readonly Outcome[],
): Verdict {
  if (outcomes.some((outcome) => 'notWritten' in outcome)) {
    return { state: 'not written', right: outcomes.map(() => false), measured: '' };
  }
  const answers = outcomes.map(partsOf);
  const expected = questions.map(
    (question) => partsOf(readAnswer(question.expected, question.expected, '')) ?? [],
  );
  const right = answers.map((parts, i) => isSame(parts, expected[i]));
  const failing = right.flatMap((isRight, i) => (isRight ? [] : [i]));
  if (failing.length === 0) return { state: 'passed', right, measured: '' };
  const at = failing[0];
  const mistaken = exercise.mistakes.map(({ hint, wrong }) => ({
    hint,
    answers: questions.map((question) => partsOf(outcomeOf(wrong, question.args, question.expected))),
  }));
  const part = answers[at]?.find((given, i) => !sameParts([given], [expected[at][i]]))?.name;
  // Of two mistakes, in two parts of the answer, the learner reads about the first.
  const only = (parts: Parts): Parts => parts?.filter(({ name }) => name === part);
  const hint =
    hintFor(mistaken, answers, expected) ??
    hintFor(
      mistaken.map((mistake) => ({ hint: mistake.hint, answers: mistake.answers.map(only) })),
      answers.map(only),
      expected.map((parts) => only(parts) ?? []),
    );
  const described = measuredAt(exercise, questions[at], outcomes[at], expected[at]);
  const reasons = answers[at]?.map((given, i) =>
    given.name === part ? (nonFiniteReason(given) ?? roundedReason(given, expected[at][i])) : undefined,
  );
  const reason = hint === undefined ? reasons?.find(Boolean) : undefined;
  const measured = reason === undefined ? described : `${described} ${reason}`;
  return { state: 'wrong', right, measured, at, ...(hint !== undefined && { hint }) };
}

function measuredAt(
  exercise: FunctionExercise,
  question: Question,
  outcome: Outcome,
  expected: readonly Part[],
): string {
  const given = `With ${question.name}, `;
  if ('fault' in outcome) return sentence(given + outcome.fault);
  const parts = partsOf(outcome) ?? [];
  const at = parts.findIndex((part, i) => !sameParts([part], [expected[i]]));
  const { name } = expected[at];
  const axes = Array.isArray(exercise.axes) ? (exercise.axes as readonly string[]) : axesOf(exercise, name);
  const differs = exercise.unordered === true ? memberDifference : difference;
  return sentence(`${given}${partText(name, 'the result')} ${differs(parts[at], expected[at], axes)}`);
}

function axesOf({ axes }: FunctionExercise, part: string): readonly string[] {
  return (axes as Readonly<Record<string, readonly string[]>>)[part] ?? [];
}

/** An answer; undefined if there is none. */
type Parts = readonly Part[] | undefined;

interface Mistaken {
  readonly hint: string;
  readonly answers: readonly Parts[];
}

/**
 * The sentence of the mistake that explains most of the wrong answers by its numbers: the first of them, at least half
 * of all, and at least half of those that the mistake would make. Or else of the mistake that has all their shapes.
 */
function hintFor(
  mistakes: readonly Mistaken[],
  answers: readonly Parts[],
  expected: readonly (readonly Part[])[],
): string | undefined {
  const all = answers.map((_, i) => i);
  const failing = all.filter((i) => !isSame(answers[i], expected[i]));
  const misshapen = failing.filter((i) => !haveShapesOf(answers[i], expected[i]));
  let best: { hint: string; explained: number; exact: boolean } | undefined;
  let byShape: string | undefined;
  for (const mistake of mistakes) {
    const explains = (i: number): boolean => isSame(answers[i], mistake.answers[i]);
    const explained = failing.filter(explains).length;
    const exact = all.every(explains);
    // Where the mistake shows, the answers must be the mistaken ones too, not the right ones.
    const shows = all.filter((i) => !isSame(mistake.answers[i], expected[i])).length;
    if (explains(failing[0]) && 2 * explained >= Math.max(failing.length, shows)) {
      if (!best || (exact && !best.exact) || (exact === best.exact && explained > best.explained)) {
        best = { hint: mistake.hint, explained, exact };
      }
    }
    if (misshapen[0] === failing[0] && all.every((i) => haveShapesOf(answers[i], mistake.answers[i]))) {
      byShape ??= mistake.hint;
    }
  }
  if (best === undefined)
    return byShape === undefined ? undefined : `Its size is that of a known mistake. ${byShape}`;
  if (best.explained === failing.length) return best.hint;
  return `${best.hint} (That explains ${best.explained} of the ${failing.length} wrong answers.)`;
}

function isSame(parts: Parts, others: Parts): boolean {
  return parts !== undefined && others !== undefined && sameParts(parts, others);
}

function haveShapesOf(parts: Parts, others: Parts): boolean {
  if (parts === undefined || others === undefined) return false;
  return parts.length === others.length && parts.every((part, i) => sameShape(part, others[i]));
}

function partsOf(outcome: Outcome): Parts {
  return 'parts' in outcome ? outcome.parts : undefined;
}
