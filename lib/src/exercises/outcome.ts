/** What a function does with one input: its answer, or what went wrong on the way. */
import { isObject, shown } from '../check';
import type { Reading } from './answers';
import { isRecord, readAnswer } from './answers';
import { notWritten, OtherKind } from './exercise';
import { sentence } from './words';

export type Outcome = Reading | { readonly notWritten: true };

/** What a call gave, as plain data: it may have been made in another process. */
export type Reply =
  | {
      readonly value: unknown;
      /** The position of an argument that the function has changed. */
      readonly changed?: number;
    }
  | { readonly threw: unknown };

/**
 * Calls `f` with a copy of the arguments and reads its answer as one of the form of `like`. Whatever `f` does, short of
 * never ending, becomes an outcome.
 */
export function outcomeOf(
  f: (...args: never[]) => unknown,
  args: readonly unknown[],
  like: unknown,
): Outcome {
  const given = copyOf(args);
  try {
    const value = f(...(given as never[]));
    const changed = args.findIndex((arg, i) => !isSame(arg, given[i]));
    return outcomeOfReply({ value, ...(changed >= 0 && { changed }) }, like);
  } catch (error) {
    return failure(error);
  }
}

/** The outcome of a call that was made elsewhere. */
export function outcomeOfReply(reply: Reply, like: unknown): Outcome {
  if ('threw' in reply) return failure(reply.threw);
  const reading = readAnswer(reply.value, like, 'the result');
  if ('fault' in reading || reply.changed === undefined) return reading;
  const { changed } = reply;
  return {
    fault: `the function changes its ${ordinals[changed] ?? `${changed + 1}th`} argument; the caller may need it again, so work on a copy`,
  };
}

const ordinals = ['first', 'second', 'third'];

/** What is said of an answer that should be a function. @param call how the function is checked */
export function notAFunction(value: unknown, call: string): string {
  return sentence(`the answer is ${shown(value)}, expected a function: ${call}, without calling it`);
}

/** What came of a call that threw. */
export function failure(error: unknown): { readonly fault: string } | { readonly notWritten: true } {
  if (error instanceof OtherKind) return { fault: `the result ${error.message}` };
  const message = isObject(error) && 'message' in error ? String(error.message) : shown(error);
  if (message === notWritten) return { notWritten: true };
  const beside = /Cannot read properties of undefined \(reading '(-?\d+)'\)/.exec(message);
  const why = beside ? `: it looks for index ${beside[1]} in a row that is not there, outside the array` : '';
  const name =
    isObject(error) && typeof error.name === 'string' && error.name !== 'Error' ? `${error.name}: ` : '';
  return { fault: `the function throws “${name}${message}”${why}` };
}

/** A copy of plain data; functions, and what keeps its data elsewhere than in fields, are passed on. */
export function copyOf<T>(value: T): T {
  if (ArrayBuffer.isView(value)) return (value as unknown as Float64Array).slice() as unknown as T;
  if (Array.isArray(value)) return value.map((part: unknown) => copyOf(part)) as unknown as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyOf(part)])) as T;
}

/** Whether two values made by {@link copyOf} of each other still hold the same. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || ArrayBuffer.isView(a)) {
    if (!Array.isArray(b) && !ArrayBuffer.isView(b)) return false;
    return isSameList(a as ArrayLike<unknown>, b as ArrayLike<unknown>);
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isSame(a[name], b[name]));
}

function isSameList(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
  return true;
}
