/**
 * The hidden tests of an assignment's question, as its source notebook states them: what is asked, with which inputs,
 * and which wrong answers must be caught. The grader reads them from the notebook; for the teacher who runs it they are
 * tried on the spot.
 */
import { anything, callback, checkList, checkOptions, finite, isObject, shown, text } from '../../check';
import type { Check, OptionRules } from '../../check';
import type { NestedArray } from '../../ndarray';
import type { Random } from '../../random';
import type { Exercise, FunctionExercise, Quantity } from '../exercise';
import { namedCase } from '../exercise';
import { judge, questionsOf } from '../judge';
import { outcomeOf } from '../outcome';
import type { CheckResult } from '../result';
import { showsItself } from '../result';
import { exercises } from '../table';
import { judgeValue } from '../values';
import { countText } from '../words';
import { checkNetwork } from './network';
import type { NetworkEntry, NetworkLimits } from './network';

type AnyFunction = (...args: never[]) => unknown;

/** The arguments of a function; an answer that is a value has none. */
type ArgumentsOf<Answer> = Answer extends (...args: infer Args) => unknown ? Args : [];

/** A wrong answer; of several values by name, those that are wrong. */
type Wrong<Answer> = Answer extends AnyFunction ? Answer : Answer extends object ? Partial<Answer> : Answer;

export interface HiddenTests<Answer> {
  /** Names that a solution must not use, such as `conv2d`. */
  readonly forbidden?: readonly string[];
  /** Wrong answers that people give, each with what to tell those who do. */
  readonly mistakes?: readonly { readonly hint: string; readonly wrong: Wrong<Answer> }[];
  /** More wrong answers, without a hint. All of them must be caught, or the assignment is not released. */
  readonly wrong?: readonly Wrong<Answer>[];
  /** An exercise of the library, which brings its inputs, its right answer and hints: `'h1.2'`. */
  readonly exercise?: string;
  /** Without `exercise`, for a function: lists of arguments, some fixed and some drawn. The solution is right. */
  readonly cases?: (random: Random) => readonly [...ArgumentsOf<Answer>][];
  /** Without `exercise`: what the axes of the answer are called, `['rows', 'columns']`. */
  readonly axes?: readonly string[];
  /** For a function that gives a network (`checkNetwork`): the budget, and the accuracies that earn points. */
  readonly network?: NetworkLimits;
  /** Without `exercise`, for values: how far off they may be, relative to the right ones. Default 1e-9. */
  readonly tolerance?: number;
}

/**
 * States the hidden tests of a question, between `// BEGIN HIDDEN TESTS` and `// END HIDDEN TESTS` of its test cell.
 * Says whether the solution above passes them and every recorded wrong answer is caught.
 *
 * @param answer the function or the value that the solution cell declares, by its name
 * @throws TypeError when there is neither an exercise nor, for a function, cases
 * @example
 * hiddenTests(mean, {
 *   cases: (random) => [[[1, 2, 6]], [[random.normal(), random.normal()]]],
 *   mistakes: [{ hint: 'That is the sum: divide by how many there are.', wrong: (list) => mean(list) * list.length }],
 * });
 */
export function hiddenTests<Answer>(answer: Answer, tests: HiddenTests<Answer>): CheckResult {
  checkTests(answer, tests);
  if (tests.network !== undefined) return networkTests(answer as () => NetworkEntry, tests, tests.network);
  const exercise = hiddenExercise(answer, tests);
  const wrong = wrongAnswers(answer, tests, exercise);
  const missed = wrong.flatMap((given, i) => (passes(exercise, given) ? [i + 1] : []));
  const passed = passes(exercise, answer);
  const cases = [
    { name: 'the solution passes', passed },
    ...wrong.map((_, i) => ({ name: `wrong answer ${i + 1} is caught`, passed: !missed.includes(i + 1) })),
  ];
  const caught =
    missed.length > 0
      ? `Not caught: wrong answer ${missed.join(', ')}.`
      : `${countText(wrong.length, 'wrong answers')} caught.`;
  return showsItself({
    id: 'hidden tests',
    title: exercise.title,
    passed: passed && missed.length === 0,
    state: passed && missed.length === 0 ? 'passed' : 'wrong',
    message: `${passed ? 'The solution passes.' : 'The solution does not pass.'} ${caught}`,
    cases,
  });
}

const list: Check = (callee, name, value) => checkList(callee, name, value, 'a list');
const testRules: OptionRules<HiddenTests<unknown>> = {
  forbidden: list,
  mistakes: list,
  wrong: list,
  exercise: text,
  cases: callback,
  axes: list,
  network: anything,
  tolerance: finite({ above: 0 }),
};

function checkTests(answer: unknown, tests: unknown): void {
  checkOptions('hiddenTests', tests, testRules, { name: 'tests' });
  tests.mistakes?.forEach((mistake: unknown, i) => {
    if (isObject(mistake) && typeof mistake.hint === 'string') return;
    throw new TypeError(`hiddenTests: mistakes[${i}] is ${shown(mistake)}, expected { hint, wrong }`);
  });
  if (typeof answer === 'function' || typeof answer === 'object' || typeof answer === 'number') return;
  if (typeof answer === 'boolean') return;
  throw new TypeError(`hiddenTests: answer is ${shown(answer)}, expected a function or a value`);
}

/** What can be said without training: whether the solution and the wrong answers are within the budget. */
function networkTests<Answer>(
  answer: () => NetworkEntry,
  { mistakes = [], wrong = [] }: HiddenTests<Answer>,
  limits: NetworkLimits,
): CheckResult {
  const others = [...mistakes.map((mistake): unknown => mistake.wrong), ...wrong] as (() => NetworkEntry)[];
  const within = others.filter((one) => checkNetwork(one, limits).passed).length;
  const own = checkNetwork(answer, limits);
  const refused = `${countText(others.length - within, 'wrong answers')} refused.`;
  const left = within === 0 ? '' : ` ${within} within the budget, to be caught by accuracy (release trains).`;
  return showsItself({ ...own, message: `${own.message} ${refused}${left}` });
}

/** The exercise that hidden tests stand for. */
export function hiddenExercise<Answer>(answer: Answer, tests: HiddenTests<Answer>): Exercise {
  const { exercise: id, cases } = tests;
  if (id !== undefined) {
    if (Object.hasOwn(exercises, id)) return exercises[id];
    throw new TypeError(
      `hiddenTests: exercise is ${shown(id)}, expected one of ${Object.keys(exercises).join(', ')}`,
    );
  }
  if (typeof answer !== 'function') return valueTests(answer, tests);
  if (cases === undefined) {
    throw new TypeError('hiddenTests: cases is missing, expected a function that gives lists of arguments');
  }
  const exercise: FunctionExercise = {
    kind: 'function',
    title: answer.name,
    stub: '',
    axes: tests.axes ?? [],
    cases: (generator) => listsFrom(cases(generator)).map(namedCase),
    right: answer as unknown as AnyFunction,
    mistakes: (tests.mistakes ?? []).map(({ hint, wrong }) => ({ hint, wrong: wrong as AnyFunction })),
  };
  return exercise;
}

function listsFrom(given: unknown): readonly (readonly unknown[])[] {
  const expected = 'a list of lists of arguments';
  checkList('hiddenTests', 'what cases gives', given, expected, 1);
  Array.from(given).forEach((args) => checkList('hiddenTests', 'what cases gives', args, expected));
  return given as readonly (readonly unknown[])[];
}

/** All wrong answers that are recorded; of several values, each with the right ones for what it does not name. */
export function wrongAnswers<Answer>(
  answer: Answer,
  { exercise: id, mistakes = [], wrong = [] }: HiddenTests<Answer>,
  exercise: Exercise,
): unknown[] {
  const own = [...mistakes.map((mistake): unknown => mistake.wrong), ...wrong];
  if (exercise.kind === 'function') return own;
  const ofLibrary =
    id === undefined
      ? []
      : Object.entries(exercise.quantities).flatMap(([name, quantity]) =>
          quantity.mistakes.map((mistake): unknown =>
            name === '' ? mistake.answer : { [name]: mistake.answer },
          ),
        );
  const several = isObject(answer) && !Array.isArray(answer);
  return [...own, ...ofLibrary].map((given) => (several ? { ...answer, ...(given as object) } : given));
}

type Value = number | boolean | NestedArray;

function valueTests<Answer>(answer: Answer, { mistakes = [], tolerance }: HiddenTests<Answer>): Exercise {
  const quantity = (right: unknown, pick: (wrong: unknown) => unknown): Quantity => ({
    answer: right as Value,
    ...(tolerance !== undefined && { tolerance }),
    mistakes: mistakes.flatMap(({ hint, wrong }) => {
      const picked = pick(wrong);
      return picked === undefined ? [] : [{ hint, answer: picked as Value }];
    }),
  });
  const several = isObject(answer) && !Array.isArray(answer);
  const quantities = several
    ? Object.fromEntries(
        Object.entries(answer).map(([name, right]) => [
          name,
          quantity(right, (wrong) => (wrong as Record<string, unknown>)[name]),
        ]),
      )
    : { '': quantity(answer, (wrong) => wrong) };
  return { kind: 'value', title: 'values', stub: '', quantities };
}

function passes(exercise: Exercise, answer: unknown): boolean {
  if (exercise.kind === 'value') return judgeValue(exercise, answer).state === 'passed';
  if (typeof answer !== 'function') return false;
  const questions = questionsOf(exercise);
  const outcomes = questions.map(({ args, expected }) => outcomeOf(answer as AnyFunction, args, expected));
  return judge(exercise, questions, outcomes).state === 'passed';
}
