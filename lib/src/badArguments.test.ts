/**
 * Everything that `index.ts` exports, called with bad arguments: each call either succeeds, without a NaN anywhere in
 * its result, or throws an error that names the function, the argument, what was given and what was expected.
 *
 * The bad arguments are those of `testdata/goodArguments.ts` with something wrong in one place or two: an argument,
 * an option, a field or an element that is missing, of another type, out of range, too long or too short.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as convlab from '.';
import { shown } from './check';
import { random } from './random';
import type { Example } from './testdata/goodArguments';
import { examples, writeFiles } from './testdata/goodArguments';

/** Wrong values; created anew for every call. */
const wrongValues: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => NaN,
  () => -1,
  () => 0,
  () => 1.5,
  () => 3e9,
  () => 1e300,
  () => Infinity,
  () => '',
  () => 'no such thing',
  () => true,
  () => [],
  () => [[]],
  () => [1, undefined],
  () => cyclic(),
  () => ({}),
  () => ({ nothing: 1 }),
  () => Object.create(null) as object,
  () => new Float32Array(3),
  () => new Map([[1, 2]]),
  () => () => undefined,
  () => Symbol('wrong'),
  () => 10n,
];

function cyclic(): unknown[] {
  const list: unknown[] = [1];
  list.push(list);
  return list;
}

type Path = readonly (string | number)[];

/** One fault: a place within the arguments, and a function that makes the wrong value from the right one. */
interface Fault {
  readonly at: Path;
  readonly what: string;
  /** How a message has to show the value; undefined if it may show something else, such as a length. */
  readonly given?: string;
  readonly change: (value: unknown) => unknown;
}

/** All single faults of a list of arguments. */
function faultsOf(args: readonly unknown[], depth = 4): Fault[] {
  const faults: Fault[] = [];
  const visit = (value: unknown, at: Path): void => {
    if (at.length > 0) {
      for (const make of wrongValues) {
        const wrong = make();
        const isPlainValue =
          wrong === null || ['string', 'boolean', 'symbol', 'bigint'].includes(typeof wrong);
        faults.push({ at, what: shown(wrong), change: make, ...(isPlainValue && { given: shown(wrong) }) });
      }
    }
    if (typeof value === 'function') {
      for (const make of wrongValues.slice(0, 12)) {
        faults.push({ at, what: `a function that gives ${shown(make())}`, change: () => make });
      }
    } else if (ArrayBuffer.isView(value)) {
      for (const [what, change] of wrongNumbers) faults.push({ at, what, change });
    } else if (Array.isArray(value)) {
      if (at.length > 0) {
        faults.push({ at, what: 'one too few', change: (list) => (list as unknown[]).slice(1) });
        faults.push({
          at,
          what: 'one too many',
          change: (list) => [...(list as unknown[]), (list as unknown[])[0]],
        });
      }
      if (at.length <= depth) value.forEach((part, i) => visit(part, [...at, i]));
    } else if (isPlain(value)) {
      faults.push({
        at,
        what: 'an unknown field',
        change: (object) => ({ ...(object as object), unheardOf: 1 }),
      });
      if (at.length <= depth) for (const [key, part] of Object.entries(value)) visit(part, [...at, key]);
    }
  };
  visit(args, []);
  return faults;
}

type Numbers = Float64Array;

/** The faults of a typed array. */
const wrongNumbers: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ['one number too few', (value) => (value as Numbers).slice(1)],
  ['one number too many', (value) => new (value as Numbers & { constructor: Float64ArrayConstructor }).constructor([...(value as Numbers), 1])], // prettier-ignore
  ['numbers of another type', (value) => Int16Array.from(value as Numbers)],
  ['a list', (value) => Array.from(value as Numbers)],
  ...[NaN, Infinity, -1, 1.5, 1e300].map(
    (wrong) =>
      [
        `${wrong} in it`,
        (value: unknown) => (value as Numbers).map((x, i) => (i === 1 ? wrong : x)),
      ] as const,
  ),
  ...[NaN, undefined, null, '1', -1, [1]].map(
    (wrong) =>
      [
        `a list with ${shown(wrong)}`,
        (value: unknown) => Array.from(value as Numbers, (x, i) => (i === 1 ? wrong : x)),
      ] as const,
  ),
];

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The arguments with the fault; undefined if another fault has removed its place. */
function withFault(args: unknown[], { at, change }: Fault): unknown[] | undefined {
  if (at.length === 0) return change(args) as unknown[];
  let parent: unknown = args;
  for (const key of at.slice(0, -1)) parent = (parent as Record<string, unknown> | undefined)?.[key];
  if (typeof parent !== 'object' || parent === null || ArrayBuffer.isView(parent)) return undefined;
  const place = parent as Record<string, unknown>;
  const key = at[at.length - 1];
  place[key] = change(place[key]);
  return args;
}

/** The place of a NaN in a result; undefined if there is none. */
function nanIn(value: unknown, path = 'result', depth = 0): string | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? path : undefined;
  if (typeof value === 'string') return value.includes('NaN') ? path : undefined;
  if (ArrayBuffer.isView(value)) {
    const at = (value as Numbers).findIndex((x) => Number.isNaN(x));
    return at >= 0 ? `${path}[${at}]` : undefined;
  }
  if (depth > 6 || (!Array.isArray(value) && !isPlain(value))) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = nanIn(part, `${path}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The names of the fields at a place and below it. */
function fieldsOf(value: unknown, at: Path = []): string[] {
  const place = at.reduce<unknown>(
    (parent, key) => (parent as Record<string, unknown> | undefined)?.[key],
    value,
  );
  if (Array.isArray(place)) return place.flatMap((part) => fieldsOf(part));
  return isPlain(place) ? Object.entries(place).flatMap(([key, part]) => [key, ...fieldsOf(part)]) : [];
}

/** What is wrong with the outcome of a call; undefined if nothing is. */
async function complaint(
  name: string,
  example: Example,
  args: unknown[],
  faults: readonly Fault[],
): Promise<string | undefined> {
  let result: unknown;
  try {
    result = await callOf(name, example)(...args);
    if (name === 'batches') result = [...(result as Iterable<unknown>)];
  } catch (error) {
    if (!(error instanceof Error)) return `threw ${shown(error)}`;
    const { message } = error;
    if (!message.startsWith(`${name}: `)) return `names no function: ${error.name}: ${message}`;
    if (example.otherwise?.test(message)) return undefined;
    // If two arguments do not fit each other, either may be named; a kernel and its dilation make a window.
    const fields = faults.flatMap(({ at }) => [...at, ...fieldsOf(example.args(), at)]);
    const words = [...example.names, ...fields, 'unheardOf', 'nothing', 'options', 'window'];
    if (!words.some((word) => new RegExp(`\\b${word}\\b`).test(message))) {
      return `names no argument: ${message}`;
    }
    if (!/expected|there is no|has \d|was made with/.test(message)) {
      return `says not what was expected: ${message}`;
    }
    const given = faults.length === 1 ? faults[0].given : undefined;
    if (given !== undefined && !message.includes(given.replaceAll("'", '')))
      return `says not what was given: ${message}`;
    return undefined;
  }
  const place = nanIn(result);
  if (place !== undefined && !(example.carries && faults.some(({ what }) => what.includes('NaN')))) {
    return `NaN in ${place}`;
  }
  await example.release?.(result as never);
  return undefined;
}

function callOf(name: string, { call }: Example): (...args: unknown[]) => unknown {
  return (call ?? convlab[name as keyof typeof convlab]) as (...args: unknown[]) => unknown;
}

/** Each fault of an example, calls with too few arguments, and some of two faults at a time. */
function triesOf({ args, names, depth }: Example): (readonly Fault[])[] {
  const single = faultsOf(args(), depth);
  for (let count = 0; count < names.length; count++) {
    single.push({
      at: [],
      what: `${count} arguments`,
      change: (list) => (list as unknown[]).slice(0, count),
    });
  }
  const generator = random(1);
  const pick = (): Fault => single[generator.below(single.length)];
  const pairs = Array.from({ length: Math.min(single.length, 80) }, () => [pick(), pick()]);
  return [...single.map((fault) => [fault]), ...pairs.filter(([a, b]) => !overlap(a.at, b.at))];
}

/** Whether one place is within the other. */
function overlap(a: Path, b: Path): boolean {
  return a.every((key, i) => i >= b.length || key === b[i]);
}

/** Exports that users do not call. */
const notCalled: Readonly<Record<string, string>> = {
  EnvironmentError: 'an error, created only by the library',
  NonFiniteLossError: 'an error, created only by the library',
  Unsupported: 'an error, created only by the library',
};

// The wrong values include relative paths.
const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'convlab-arguments-'));
before(async () => {
  process.chdir(folder);
  await convlab.useBackend('cpu');
  await writeFiles(folder);
});
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const table = examples(folder);
let calls = 0;

test('every export has an example, and every example works', async () => {
  const exported = Object.entries(convlab).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : Object.keys(value).map((part) => `${name}.${part}`),
  );
  const without = exported.filter((name) => !(name in table) && !(name in notCalled));
  assert.deepEqual(without, [], 'they have no example in testdata/goodArguments.ts');
  for (const [name, list] of Object.entries(table)) {
    for (const example of list) {
      if (example.skip || example.otherwise) continue;
      const result = await callOf(name, example)(...example.args());
      assert.equal(nanIn(result), undefined, name);
      await example.release?.(result as never);
    }
  }
});

for (const [name, list] of Object.entries(table)) {
  test(`${name}, called wrongly`, async () => {
    const complaints: string[] = [];
    for (const example of list) {
      for (const faults of triesOf(example)) {
        const args = faults.reduce<unknown[] | undefined>(
          (made, fault) => made && withFault(made, fault),
          example.args(),
        );
        if (args === undefined || example.skip?.(...args)) continue;
        calls++;
        const wrong = await complaint(name, example, args, faults);
        if (wrong === undefined) continue;
        const places = faults.map(
          ({ at, what }) => `${[example.names[at[0] as number], ...at.slice(1)].join('.')} ← ${what}`,
        );
        complaints.push(`${places.join(', ')}: ${wrong}`);
      }
    }
    const most = 20;
    assert.equal(
      complaints.length,
      0,
      `${complaints.length} wrong answers:\n${complaints.slice(0, most).join('\n')}`,
    );
  });
}

test('there were some ten thousand calls', () => assert.ok(calls > 10_000, `${calls} calls`));
