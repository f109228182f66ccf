/**
 * What an exercise is. The right answer and the classic mistakes are data of the same form: implementations of one
 * signature, tried on the same inputs. A hint is the sentence of the mistake that answers as the learner does.
 */
import { isObject, shown } from '../check';
import type { NDArray, NestedArray } from '../ndarray';
import type { Random } from '../random';

/** What a function under check may return: a number, rows or an array, or several of them by name. */
export type Answer =
  number | NestedArray | NDArray | { readonly [part: string]: number | NestedArray | NDArray };

/** One input of a function. `name` completes "With …". */
export interface Case<Args extends readonly unknown[] = readonly unknown[]> {
  readonly name: string;
  readonly args: Args;
}

/** A wrong implementation that people write, and what to tell them: one sentence or two. */
export interface Mistake<Args extends readonly unknown[] = readonly never[], Result = unknown> {
  readonly hint: string;
  readonly wrong: (...args: Args) => Result;
}

/** Plural names of the axes of an array, from the first to the last: `['rows', 'columns']`. */
export type AxisNames = readonly string[];

export const imageAxes: AxisNames = ['images', 'rows', 'columns', 'channels'];

/** The parts of an answer by name. */
export type Arrays = Readonly<Record<string, NDArray>>;

export interface Evidence {
  readonly agrees: boolean;
  /** What was found, in a sentence. */
  readonly text: string;
}

export interface FunctionExercise {
  readonly kind: 'function';
  /** The task in a few words. */
  readonly title: string;
  /** What is in the learner's cell at first: a typed function that throws {@link notWritten}. */
  readonly stub: string;
  /** The axes of the answer, or of each of its parts. */
  readonly axes: AxisNames | Readonly<Record<string, AxisNames>>;
  /** Whether it does not count in which order the parts name things; `axes` says what they name. */
  readonly unordered?: boolean;
  /**
   * Turns what the learner's function returns into plain data, where it is something else; leaves plain data alone.
   * Throws {@link OtherKind} for what it does not know.
   */
  readonly read?: (value: unknown) => unknown;
  /** The inputs, from one that can be checked by hand to random ones. */
  readonly cases: (generator: Random) => readonly Case[];
  readonly right: (...args: readonly never[]) => unknown;
  readonly mistakes: readonly Mistake[];
  /** Another proof, tried when all cases are right; it does not use the right answer. */
  readonly evidence?: (answerTo: (...args: readonly never[]) => Arrays) => Evidence;
}

/** A number, a yes or no, or a table that is worked out on paper. */
export interface Quantity {
  readonly answer: number | boolean | NestedArray;
  /** How far off an answer may be, relative to the right one. Default one in a billion. */
  readonly tolerance?: number;
  readonly mistakes: readonly { readonly answer: number | boolean | NestedArray; readonly hint: string }[];
}

export interface ValueExercise {
  readonly kind: 'value';
  readonly title: string;
  readonly stub: string;
  /** By name; under the empty name when only one is asked for. */
  readonly quantities: Readonly<Record<string, Quantity>>;
}

export type Exercise = FunctionExercise | ValueExercise;

/** By id: `07.2` is the second exercise of notebook 7. */
export type Exercises = Readonly<Record<string, Exercise>>;

/** What a learner's function returns is of another kind than was asked for; the message goes on after “the result”. */
export class OtherKind extends Error {}

/** The message of the error that a stub throws. */
export const notWritten = 'not written yet';

/** A case that is named by its arguments. */
export function namedCase(args: readonly unknown[]): Case {
  const text = args.map(written).join(' and ');
  return { name: args.length === 0 ? 'no argument' : `the input ${text}`, args };
}

/** As `shown`, with the values of plain objects: a learner has to try the case. */
function written(value: unknown): string {
  const isPlain = isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
  if (isPlain) {
    const fields = Object.entries(value).map(([name, field]) => `${name}: ${written(field)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  const hasObjects = Array.isArray(value) && value.some(isObject);
  return hasObjects ? `[${value.map(written).join(', ')}]` : shown(value);
}

/** An exercise in which a function is written; the types of its cases, answer and mistakes agree. */
export function functionExercise<Args extends readonly unknown[], Result extends Answer>(
  exercise: Omit<FunctionExercise, 'kind' | 'stub' | 'axes' | 'cases' | 'right' | 'mistakes' | 'evidence'> & {
    /** The signature of the stub: `myRelu(x: NDArray): NDArray`. */
    readonly signature: string;
    readonly axes?: FunctionExercise['axes'];
    readonly cases: (generator: Random) => readonly Case<Args>[];
    readonly right: (...args: Args) => Result;
    readonly mistakes: readonly { readonly hint: string; readonly wrong: (...args: Args) => Result }[];
    readonly evidence?: (answerTo: (...args: Args) => Arrays) => Evidence;
  },
): FunctionExercise {
  const { signature, axes = [], ...rest } = exercise;
  const stub = `function ${signature} {\n  throw new Error('${notWritten}');\n}`;
  // Only their own cases' arguments are passed to `right` and `wrong`.
  return { kind: 'function', stub, axes, ...rest } as unknown as FunctionExercise;
}

/** An exercise with one answer, or with several by name, that is worked out on paper. */
export function valueExercise(
  title: string,
  quantities: Quantity | Readonly<Record<string, Quantity>>,
): ValueExercise {
  const one = isQuantity(quantities);
  const names = one ? [] : Object.keys(quantities);
  const parts = names.map((name) => `${name}: undefined`);
  const line = `{ ${parts.join(', ')} }`;
  const stub = one ? 'undefined' : fitsInLine(line) ? line : `{\n  ${parts.join(',\n  ')},\n}`;
  return { kind: 'value', title, stub, quantities: one ? { '': quantities } : quantities };
}

/** Whether `check('00.0', …);` is no wider than the other lines of the course, 100 characters. */
function fitsInLine(stub: string): boolean {
  return `check('00.0', ${stub});`.length <= 100;
}

function isQuantity(value: Quantity | Readonly<Record<string, Quantity>>): value is Quantity {
  return 'answer' in value && 'mistakes' in value;
}
