/** What a learner calls: `check('07.2', myConv2dGrad)`. */
import { checkList, shown } from '../check';
import { incomparableReason } from './answers';
import type { Arrays, Evidence, Exercise, FunctionExercise } from './exercise';
import { namedCase, notWritten } from './exercise';
import type { Verdict } from './judge';
import { judge, questionsOf } from './judge';
import { copyOf, notAFunction, outcomeOf } from './outcome';
import type { CheckedCase, CheckResult } from './result';
import { showsItself } from './result';
import { exercises } from './table';
import { judgeValue } from './values';
import { countText } from './words';

/**
 * Checks a learner's answer to an exercise of the course: a function, which is called with inputs small enough to check
 * by hand and with random ones, always the same; or a value worked out on paper. The result shows itself as a cell's
 * last expression, and is plain data for a script.
 *
 * A wrong answer is measured, and compared with what the classic mistakes give for the same inputs. Nothing that the
 * learner's function does makes `check` throw; one that never ends is not stopped.
 *
 * @param id notebook and number: `02.3` is the third exercise of notebook 2
 * @param value the function, or the value; several values are an object of them
 * @throws RangeError for an id that no exercise has; the message lists those of the notebook
 * @example check('02.3', (input: number) => input).passed // false
 */
export function check(id: string, value: unknown): CheckResult {
  const exercise = exerciseOf(id);
  if (exercise.kind === 'function') return checkFunction(id, exercise, value);
  const verdict = judgeValueSafely(exercise, value);
  const cases = Object.keys(exercise.quantities).map((name, i) => ({ name, passed: verdict.right[i] }));
  const all = cases.length === 2 ? 'both' : `all ${cases.length}`;
  const passed = cases.length === 1 ? 'Right.' : `Right, ${all} of them.`;
  return resultOf(id, exercise, verdict, cases, passed);
}

/**
 * Checks a function against examples whose answers are stated, for a question that the library has no exercise for. The
 * result shows itself, like that of {@link check}.
 *
 * @param examples pairs of a list of arguments and the answer to them: a number, a string, true, false, null, an array, or
 *   a list or an object of these
 * @throws TypeError when the examples are not pairs, or an answer is something else, such as a Map
 * @throws RangeError when there is no example
 * @example checkExamples(Math.max, [[[1, 2], 2], [[5, 3], 5]]).passed // true
 */
export function checkExamples<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  examples: readonly (readonly [args: Args, expected: Result])[],
): CheckResult {
  const expected = 'a list of pairs [arguments, answer]';
  checkList('checkExamples', 'examples', examples, expected, 1);
  examples.forEach((example: unknown, i) => checkExample(`examples[${i}]`, example));
  const title = typeof f === 'function' ? f.name : 'a function';
  const exercise: FunctionExercise = {
    kind: 'function',
    title,
    stub: '',
    axes: [],
    cases: () => [],
    right: () => undefined,
    mistakes: [],
  };
  const questions = examples.map(([args, answer]) => ({ ...namedCase(args), expected: answer }));
  const asked = { callee: 'checkExamples', call: 'checkExamples(name, …)', questions };
  return checkFunction('examples', exercise, f, asked);
}

function checkExample(name: string, example: unknown): void {
  if (!Array.isArray(example) || example.length !== 2 || !Array.isArray(example[0])) {
    throw new TypeError(`checkExamples: ${name} is ${shown(example)}, expected [arguments, answer]`);
  }
  example.forEach((half: unknown, i) => {
    if (!holdsItself(half)) return;
    throw new TypeError(`checkExamples: ${name}[${i}] holds itself, expected data that can be copied`);
  });
  const reason = incomparableReason(example[1], `${name}[1]`);
  if (reason !== undefined) throw new TypeError(`checkExamples: ${reason}`);
}

/** @param above what `value` is in */
function holdsItself(value: unknown, above: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (above.includes(value)) return true;
  const path = [...above, value];
  return Object.values(value).some((part) => holdsItself(part, path));
}

function exerciseOf(id: unknown): Exercise {
  if (typeof id === 'string' && Object.hasOwn(exercises, id)) return exercises[id];
  const all = Object.keys(exercises);
  const ofNotebook = all.filter((known) => typeof id === 'string' && known.slice(0, 3) === id.slice(0, 3));
  const expected =
    ofNotebook.length > 0
      ? ofNotebook.join(', ')
      : `the number of a notebook and of its exercise, from ${all[0]} to ${all[all.length - 1]}`;
  throw new RangeError(`check: id is ${shown(id)}, expected ${expected}`);
}

type Learner = (...args: never[]) => unknown;

function checkFunction(
  id: string,
  exercise: FunctionExercise,
  value: unknown,
  { callee = 'check', call = `check('${id}', name)`, questions = questionsOf(exercise) } = {},
): CheckResult {
  const cases = (right: readonly boolean[]): CheckedCase[] =>
    questions.map(({ name, args, expected }, i) => ({
      name,
      passed: right[i],
      args: copyOf(args),
      expected,
    }));
  if (typeof value !== 'function') {
    const measured = value === undefined ? '' : notAFunction(value, call);
    const state = value === undefined ? 'not written' : 'wrong';
    const right = questions.map(() => false);
    return resultOf(id, exercise, { state, right, measured }, cases(right), '');
  }
  const { read = (result) => result } = exercise;
  const learner: Learner = (...args) => read((value as Learner)(...args));
  const outcomes = questions.map(({ args, expected }) => outcomeOf(learner, args, expected));
  const verdict = judge(exercise, questions, outcomes);
  const among = questions[questions.length - 1].name;
  const passed = `Right in ${countText(questions.length, 'cases')}, among them ${among}.`;
  const proof = verdict.state === 'passed' ? evidenceOf(exercise, learner) : undefined;
  if (proof?.agrees === false) {
    const refuted: Verdict = {
      state: 'wrong',
      right: verdict.right,
      measured: `${passed} But ${proof.text}`,
    };
    return resultOf(id, exercise, refuted, cases(verdict.right), '');
  }
  const message = proof ? `${passed} ${proof.text}` : passed;
  return resultOf(id, exercise, verdict, cases(verdict.right), message, callee);
}

/** What the exercise's other proof finds; a function that fails on its numbers has not passed. */
function evidenceOf(exercise: FunctionExercise, learner: Learner): Evidence | undefined {
  const answerTo = (...args: readonly never[]): Arrays => {
    const outcome = outcomeOf(learner, args, exercise.right(...args));
    if (!('parts' in outcome)) throw new Error('fault' in outcome ? outcome.fault : notWritten);
    return Object.fromEntries(
      outcome.parts.map(({ name, shape, data }) => [name, { shape, data: Float64Array.from(data) }]),
    );
  };
  try {
    return exercise.evidence?.(answerTo);
  } catch (error) {
    const why = error instanceof Error ? error.message : shown(error);
    return { agrees: false, text: `with other numbers the function gives no answer: ${why}` };
  }
}

/** A value may be an object whose fields throw when they are read. */
function judgeValueSafely(exercise: Exercise & { kind: 'value' }, value: unknown): Verdict {
  try {
    return judgeValue(exercise, value);
  } catch (error) {
    const right = Object.keys(exercise.quantities).map(() => false);
    return { state: 'wrong', right, measured: `The answer cannot be read: ${String(error)}` };
  }
}

function resultOf(
  id: string,
  { kind, title }: Exercise,
  verdict: Verdict,
  cases: readonly CheckedCase[],
  passed: string,
  callee = 'check',
): CheckResult {
  const { state, measured, hint, at, right } = verdict;
  const messages: string[] = [];
  if (state === 'passed') messages.push(passed);
  else if (state === 'not written') messages.push('Not written yet.');
  else {
    messages.push(measured);
    if (hint !== undefined) messages.push(hint);
    const rightOnes = right.filter(Boolean).length;
    if (kind === 'function' && at !== undefined) {
      messages.push(
        `Right in ${rightOnes || 'none'} of ${countText(right.length, 'cases')}; what failed was called with \`${callee}(…).cases[${at}].args\`.`,
      );
    }
  }
  return showsItself({
    id,
    title,
    passed: state === 'passed',
    state,
    message: messages.join(' '),
    ...(hint !== undefined && { hint }),
    cases,
  });
}
