/**
 * Runs an answer to an exercise as the notebook's cell would be run: TypeScript, whose types are taken off and not checked,
 * with the names of library.ts, what the notebook defines above, and `check`.
 */
import { transform } from 'sucrase';
import { check, checkExamples } from '../../../../lib/src/exercises/check';
import type { CheckResult } from '../../../../lib/src/exercises/result';
import { toSvg, type Figure } from '../../../../lib/src/plot/draw';
import type { Digits } from '../unpack';
import { assert, textOf } from './assert';
import { LIBRARY } from './library';

export type Verdict = Pick<CheckResult, 'id' | 'title' | 'state' | 'message'>;

/** A line of text, or a figure. */
export type Printed = string | { readonly svg: string; readonly description: string };

/** What an answer finds in a notebook besides the library. */
export interface Surroundings {
  /** What the notebook defines above, as TypeScript. */
  readonly definitions?: string;
  readonly loadDigits?: () => Promise<Digits>;
}

export interface Run {
  /** What `check` said, the last time it was called; undefined if it was not. */
  readonly verdict?: Verdict;
  readonly printed: readonly Printed[];
  /** Why the answer did not run to its end. */
  readonly error?: string;
}

/** More than this is not shown. */
const MOST_PRINTED = 200;

/** Whatever the answer does, short of never ending, becomes a result. */
export async function runAnswer(
  source: string,
  { definitions = '', loadDigits }: Surroundings = {},
): Promise<Run> {
  const printed: Printed[] = [];
  const add = (one: Printed): void => {
    if (printed.length < MOST_PRINTED) printed.push(one);
  };
  const print = (...values: readonly unknown[]): void => add(values.map(textOf).join(' '));
  let verdict: Verdict | undefined;
  const noted = <Args extends unknown[]>(checkIt: (...args: Args) => CheckResult) => {
    return (...args: Args): CheckResult => {
      const result = checkIt(...args);
      const { id, title, state, message } = result;
      verdict = { id, title, state, message: withAdvice(message) };
      return result;
    };
  };
  const known: Readonly<Record<string, unknown>> = {
    ...LIBRARY,
    assert,
    check: noted(check),
    checkExamples: noted(checkExamples),
    show: (figure: Figure) => add({ svg: toSvg(figure), description: figure.description }),
    loadMnist: async (options: object = {}): Promise<Digits> => {
      const others = Object.values(options).filter((value) => value !== 'mnist' && value !== 'subset');
      if (loadDigits && others.length === 0) return loadDigits();
      throw new Error(`loadMnist: got ${textOf(options)}; this page has the digits of loadMnist() only`);
    },
    console: { log: print, info: print, warn: print, error: print, debug: print },
  };
  const require = (name: string): unknown => {
    if (name === 'convlab') return known;
    if (/^node:assert(?:\/strict)?$/.test(name))
      return { __esModule: true, ...assert, default: assert, strict: assert };
    throw new Error(`${name} is not in this page`);
  };
  try {
    // Each in a function of its own: names may be taken again, and a cell may wait.
    const body = `return (async () => {${javascript(definitions)}
return (async () => {${javascript(source)}
})();
})();`;
    const names = Object.keys(known);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the reader's own program, in a worker
    const run = new Function('require', 'exports', ...names, body) as (...values: unknown[]) => unknown;
    await run(require, {}, ...names.map((name) => known[name]));
  } catch (error) {
    return { printed, error: reasonOf(error) };
  }
  return verdict === undefined
    ? { printed, error: 'Nothing was checked: the cell calls check at its end.' }
    : { printed, verdict };
}

function javascript(typescript: string): string {
  return transform(typescript, { transforms: ['typescript', 'imports'], disableESTransforms: true }).code;
}

function reasonOf(error: unknown): string {
  const text = String(error).replace(/^(?:Syntax)?Error: /, '');
  // Sucrase: `Error transforming (unknown): Unexpected token (3:14)`
  const place = /\((\d+):(\d+)\)$/.exec(text);
  if (place)
    return `Line ${place[1]}: ${text
      .replace(/^.*?transforming[^:]*: /, '')
      .replace(place[0], '')
      .trim()}.`;
  return withAdvice(error instanceof ReferenceError ? `${text}.` : text);
}

/** In a notebook, an answer may use what stands above it. */
function withAdvice(message: string): string {
  return / is not defined\b/.test(message)
    ? `${message} Here the library’s functions are known, and not all that the notebook defines above.`
    : message;
}
