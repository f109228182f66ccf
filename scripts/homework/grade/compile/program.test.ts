import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { programOf, type Program } from './program';

function compiled(
  sources: Readonly<Record<string, string>>,
  answer = 'f',
  forbidden: readonly string[] = ['conv2d', 'Math.max'],
): Program {
  const cells = Object.entries(sources).map(([id, source]) => ({
    id,
    source,
    isStudents: !id.startsWith('given'),
  }));
  return programOf({ cells, questions: [{ answer, forbidden }] });
}

/** What the cells leave behind, run one after the other. */
function run(...sources: string[]): Record<string, unknown> {
  const { scripts, unreadable } = compiled(
    Object.fromEntries(sources.map((source, i) => [`cell${i}`, source])),
  );
  assert.deepEqual(unreadable, {});
  const library = { __esModule: true, one: 1, default: 'all' };
  const context = createContext({ __import: () => library });
  for (const { script } of scripts) runInContext(script, context);
  return context;
}

test('cells share what they declare, and may declare it again', () => {
  const { a, b, c, f, K, E } = run(
    'const a = 1; let b: number = 2; class K { static x = 3 } enum E { A = 5 }',
    'const a = 10; let { c, d: [e] } = { c: a + b, d: [7] };',
    'export function f(): number { return a + e + K.x + E.A; }\nexport { a as g };\nexport default f;',
  ) as { a: number; b: number; c: number; f: () => number; K: unknown; E: unknown };
  assert.deepEqual([a, b, c, f()], [10, 2, 12, 10 + 7 + 3 + 5]);
  assert.equal(typeof K, 'function');
  assert.equal(typeof E, 'object');
});

test('imports are there for later cells, types are not', () => {
  const { one, renamed, all } = run(
    `import { one, one as renamed, type Three } from 'convlab';\nimport type { Four } from 'convlab';\nimport * as all from 'convlab';`,
    'interface Layer { size: number }\ntype Pair = [number, number];\nconst x: Layer = { size: one };',
  ) as { one: number; renamed: number; all: { one: number } };
  assert.deepEqual([one, renamed, all.one], [1, 1, 1]);
});

test('what waits at the top level is left out, and the rest runs', () => {
  const { f, y } = run('const y = await Promise.resolve(1);\nfunction f() { return 2; }') as {
    f: () => number;
    y: unknown;
  };
  assert.deepEqual([f(), y], [2, undefined]);
});

test('only the cells that an answer rests on are needed', () => {
  const { needed } = compiled({
    given1: `import { ndarray } from 'convlab';\nconst scale = 2;`,
    given2: 'const history = train();',
    helper: 'const twice = (x: number) => scale * x;',
    other: 'const g = 1;',
    answer: 'function f(history: number) { return twice(history) + { g: 1 }.g; }',
  });
  assert.deepEqual(needed, [['given1', 'helper', 'answer']]);
});

test('a cell that does not parse says where; the others are compiled', () => {
  const { unreadable, scripts } = compiled({
    a: 'const x = 1;\nfunction f( {',
    b: 'const y = 1;',
    c: `const z = ${'['.repeat(20_000)}`,
  });
  assert.match(unreadable.a, /^does not parse, line 2: /);
  assert.match(unreadable.c, /^does not parse/);
  assert.deepEqual(
    scripts.map(({ id }) => id),
    ['b'],
  );
});

const all = `import * as lib from 'convlab';\n`;

for (const [what, source] of [
  ['an import', `import { conv2d } from 'convlab'; const f = 1;`],
  ['an alias', `import { conv2d as c } from 'convlab'; const f = c;`],
  ['a name that is given', 'const f = (x) => conv2d(x);'],
  ['a property', `${all}const f = lib.conv2d;`],
  ['a property of anything', 'const f = (x) => x.conv2d;'],
  ['a key', `${all}const f = lib['conv2d'];`],
  ['a key that is put together', `${all}const f = lib['con' + ('v2' + \`d\`)];`],
  ['a key that is put together from many', `${all}const f = lib[${`'' + `.repeat(2_000)}'conv' + '2d'];`],
  ['a key that is worked out', `${all}const f = (key) => lib[key];`],
  ['destructuring', `${all}const { conv2d: c } = lib; const f = c;`],
  ['destructuring by a key', `${all}const { ['conv2d']: c } = lib; const f = c;`],
  ['a rest', `${all}const { relu, ...rest } = lib; const f = rest;`],
  ['a parameter that is destructured', `${all}const f = (({ conv2d }) => conv2d)(lib);`],
  ['an assignment', `${all}let other; other = lib; const f = other;`],
  ['an argument', `${all}const f = Object.values(lib);`],
  ['a default import', `import lib from 'convlab'; const f = { ...lib };`],
  ['a member', 'const f = Math.max;'],
  ['a member by its key', `const f = Math['max'];`],
  ['a member through the global object', `const G = this; const f = G['Math']['max'];`],
  ['a member by destructuring', 'const { max } = Math; const f = max;'],
  ['an object as a whole', 'const M = Math; const f = M.max;'],
  ['eval', `const f = () => eval('1');`],
  ['Function', `const f = () => Function('1')();`],
  ['a constructor', `const f = () => (() => 1).constructor('1')();`],
  ['a constructor by its key', `const f = () => (() => 1)['constructor']('1')();`],
  ['import()', `const f = () => import('convlab');`],
  ['require', `const f = () => require('convlab');`],
  ['the global object', `const f = () => globalThis['conv2d'];`],
] as const) {
  test(`forbidden: ${what}`, () => {
    const { forbidden, isInnocent } = compiled({ given: 'const conv = 1;', a: source });
    assert.match(forbidden[0] ?? 'nothing', /^Line \d+ uses `/);
    assert.equal(isInnocent, false);
  });
}

for (const [what, source] of [
  ['a function of the student’s own', 'function conv2d() {} const f = () => conv2d();'],
  ['a parameter', 'const f = (conv2d: number) => conv2d;'],
  ['another member', 'const f = Math.min(1, Math["abs"](2));'],
  ['another name of the library', `import { relu } from 'convlab'; ${all}const f = lib.relu ?? relu;`],
  ['destructuring something else', `${all}const { relu } = lib; const f = relu;`],
  ['a type', `import type { conv2d } from 'convlab'; const f = 1;`],
  ['text and comments', `// conv2d\nconst f = { type: 'conv2d', conv: 1 };`],
  ['this in a method', 'const f = { a: 1, g() { return this.a; } };'],
] as const) {
  test(`allowed: ${what}`, () => {
    const { forbidden, isInnocent } = compiled({ a: source });
    assert.deepEqual([forbidden[0], isInnocent], [undefined, true]);
  });
}

test('what another answer uses is forbidden only to those that rest on it', () => {
  const cells = {
    a: `import { conv2d } from 'convlab'; const g = conv2d;`,
    b: 'const f = () => g;',
    c: 'const h = 1;',
  };
  assert.match(compiled(cells, 'f').forbidden[0] ?? '', /conv2d/);
  assert.equal(compiled(cells, 'h').forbidden[0], undefined);
});
