/**
 * Runs an answer to an exercise as the notebook's cell would be run: TypeScript, whose types are taken off and not checked,
 * with the names of the library that need neither TensorFlow.js nor Node, and `check`.
 */
import { transform } from 'sucrase';
import * as cost from '../../../../lib/src/cost';
import * as contents from '../../../../lib/src/data/contents';
import * as idx from '../../../../lib/src/data/idx';
import * as parts from '../../../../lib/src/data/split';
import { check, checkExamples } from '../../../../lib/src/exercises/check';
import type { CheckResult } from '../../../../lib/src/exercises/result';
import * as lists from '../../../../lib/src/lists';
import * as medians from '../../../../lib/src/median';
import * as arrays from '../../../../lib/src/ndarray';
import * as ops from '../../../../lib/src/ops';
import * as paired from '../../../../lib/src/paired';
import * as randoms from '../../../../lib/src/random';
import * as rows from '../../../../lib/src/rows';
import * as shape from '../../../../lib/src/shape';

export type Verdict = Pick<CheckResult, 'id' | 'title' | 'state' | 'message'>;

export interface Run {
  /** What `check` said, the last time it was called; undefined if it was not. */
  readonly verdict?: Verdict;
  readonly printed: readonly string[];
  /** Why the answer did not run to its end. */
  readonly error?: string;
}

const LIBRARY: Readonly<Record<string, unknown>> = {
  ...cost,
  ...contents,
  ...idx,
  ...parts,
  ...lists,
  ...medians,
  ...arrays,
  ...ops,
  ...paired,
  ...randoms,
  ...rows,
  ...shape,
};

/** More lines than this are not shown. */
const MOST_LINES = 200;

/** Whatever the answer does, short of never ending, becomes a result. */
export function runAnswer(source: string): Run {
  const printed: string[] = [];
  const print = (...values: readonly unknown[]): void => {
    if (printed.length < MOST_LINES) printed.push(values.map(textOf).join(' '));
  };
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
    check: noted(check),
    checkExamples: noted(checkExamples),
    console: { log: print, info: print, warn: print, error: print, debug: print },
  };
  const require = (name: string): unknown => {
    if (name === 'convlab') return known;
    throw new Error(`${name} is not in this page`);
  };
  try {
    const { code } = transform(source, { transforms: ['typescript', 'imports'], disableESTransforms: true });
    // In a function of its own, the answer may give its functions the names of the library's.
    const body = `return (() => {${code}\n})();`;
    const names = Object.keys(known);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the reader's own program, in a worker
    const run = new Function('require', 'exports', ...names, body) as (...values: unknown[]) => unknown;
    run(require, {}, ...names.map((name) => known[name]));
  } catch (error) {
    return { printed, error: reasonOf(error) };
  }
  return verdict === undefined
    ? { printed, error: 'Nothing was checked: the cell calls check at its end.' }
    : { printed, verdict };
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
    ? `${message} Here the library’s functions are known, and not what the notebook defines above.`
    : message;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (ArrayBuffer.isView(value)) return JSON.stringify(Array.from(value as Float64Array));
  const json = (of: unknown): unknown =>
    JSON.stringify(of, (_, part: unknown) =>
      ArrayBuffer.isView(part) ? Array.from(part as Float64Array) : part,
    );
  try {
    return String(typeof value === 'object' ? json(value) : value);
  } catch {
    return String(value);
  }
}
