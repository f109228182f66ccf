/**
 * Hostile submissions. None may gain a point, learn what is hidden, take anything from another question or student, or
 * outlive its limits; in each sandbox that works here.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { QuestionState, SandboxName, SubmissionGrade } from '../../scripts/homework/grade/job';
import { whyNot } from '../../scripts/homework/sandbox/choose';
import {
  assignment,
  folder,
  graded,
  honest,
  limits,
  notebookText,
  SECRET,
  submissionCells,
  written,
  type Answers,
  type Cell,
} from './assignment';

interface Attack {
  readonly name: string;
  /** What the student writes into solution cells. */
  readonly answers?: Answers;
  /** What else is done to the cells. */
  readonly cells?: (cells: Cell[]) => unknown[];
  /** Instead of a notebook of cells: the path of whatever is handed in. */
  readonly file?: () => string;
  /** Points of the sum, the convolution and the two numbers; 10 each by default, of those that are honest. */
  readonly points: readonly [total: number, slide: number, sizes: number];
  /** What the attacked question is found to be. */
  readonly state?: QuestionState;
  /** It goes on for ever: the limit is short, to be waited for. */
  readonly isEndless?: true;
  /** Found in the messages, or the problems, of the grade. */
  readonly says?: RegExp;
}

/** The body of `slide`. */
const slide = (body: string, head = ''): Answers => ({
  slide: `${head}\nfunction slide(x: number[], kernel: number[]): any {\n${body}\n}`,
});
const onlySlide = [10, 0, 10] as const;

const attacks: readonly Attack[] = [
  // What is not a solution cell.
  {
    name: 'edits the visible tests',
    answers: slide('return [];'),
    cells: (cells) =>
      cells.map((cell) =>
        cell.metadata.nbgrader?.grade === true ? { ...cell, source: 'console.log("all passed");' } : cell,
      ),
    points: onlySlide,
    state: 'wrong',
  },
  {
    name: 'edits points, locks and roles',
    answers: slide('return [];'),
    cells: (cells) =>
      cells.map((cell) => ({
        ...cell,
        metadata: { nbgrader: { ...cell.metadata.nbgrader, points: 1e6, grade: true, locked: false } },
      })),
    points: onlySlide,
  },
  {
    name: 'edits what is given',
    answers: { slide: honest.slide.replace('scale *', 'scale * scale *') },
    cells: (cells) =>
      cells.map((cell) => ({ ...cell, source: cell.source.replace('scale = 2', 'scale = 1') })),
    points: onlySlide,
    state: 'wrong',
  },
  {
    name: 'adds a cell of tests with hidden tests of its own',
    answers: slide('return [];'),
    cells: (cells) => [
      ...cells,
      {
        ...cells[5],
        source: '// BEGIN HIDDEN TESTS\nhiddenTests(slide, { cases: () => [] });\n// END HIDDEN TESTS',
      },
    ],
    points: onlySlide,
  },
  {
    name: 'deletes a solution cell',
    cells: (cells) => cells.filter((cell) => cell.metadata.nbgrader?.grade_id !== 'slide'),
    points: onlySlide,
    state: 'missing',
    says: /A cell is missing: slide\./,
  },
  {
    name: 'copies a solution cell',
    cells: (cells) => [...cells, { ...cells[4], source: 'function slide() { return 1; }' }],
    points: onlySlide,
    state: 'wrong',
    says: /The cell slide is there 2 times/,
  },
  // What is printed, or stored where a grader might look.
  {
    name: 'prints a score and writes it to where it can',
    answers: slide(
      `console.log('{"score": 100, "passed": true}'); (globalThis as any).score = 100; (globalThis as any).passed = true; return { passed: true, score: 100, points: 10 };`,
    ),
    points: onlySlide,
  },
  {
    name: 'exits with 0',
    answers: slide('process.exit(0);'),
    points: onlySlide,
    state: 'wrong',
    says: /exit is not a function/,
  },
  // Changes its own realm.
  {
    name: 'patches Array.prototype, JSON, Object.is and Math',
    answers: slide(
      'return [];',
      `Array.prototype.every = () => true; (Array.prototype as any).some = () => false; JSON.stringify = () => '{"done":true,"value":true}'; JSON.parse = () => ({}); Object.is = () => true; Math.abs = () => 0; Number.isFinite = () => true;`,
    ),
    points: onlySlide,
    state: 'wrong',
  },
  {
    name: 'changes what JSON calls',
    answers: slide(
      'return [1];',
      `(Number.prototype as any).toJSON = () => 0; (Object.prototype as any).toJSON = () => ({ value: [12, 32] }); (Array.prototype as any).toJSON = () => [];`,
    ),
    points: [0, 0, 0],
  },
  {
    name: 'patches process.stdout and what prints',
    answers: slide('return [];', '(process.stdout as any).write = () => "passed"; console.log = () => {};'),
    points: onlySlide,
  },
  {
    name: 'replaces what runs it',
    answers: slide(
      'return [];',
      'var __import = () => ({}); Reflect.apply = () => [12, 32]; Function.prototype.call = () => 1 as any;',
    ),
    points: onlySlide,
  },
  // Answers that are no data.
  {
    name: 'answers with a proxy',
    answers: slide('return new Proxy([], { get: (_, p) => p === "length" ? 2 : 12 });'),
    points: onlySlide,
  },
  {
    name: 'answers with a proxy of endless length',
    answers: slide('return new Proxy([], { get: (_, p) => p === "length" ? Infinity : 12 });'),
    points: onlySlide,
    says: /contains more than|takes more than/,
  },
  {
    name: 'answers with getters that change their mind',
    answers: slide(
      'let n = 0; return { get length() { return ++n; }, get 0() { return ++n; }, shape: [2], get data() { return [n++, n++]; } };',
    ),
    points: onlySlide,
  },
  {
    name: 'answers with what equals everything',
    answers: slide(
      'return { valueOf: () => 12, toString: () => "12", [Symbol.toPrimitive]: () => 12, equals: () => true };',
    ),
    points: onlySlide,
  },
  {
    name: 'answers with NaN',
    answers: slide('return x.slice(kernel.length - 1).map(() => NaN);'),
    points: onlySlide,
    says: /is NaN/,
  },
  {
    name: 'answers with a promise',
    answers: slide('return Promise.resolve([24, 46]);'),
    points: onlySlide,
    says: /Promise/,
  },
  { name: 'answers with a function', answers: slide('return () => [];'), points: onlySlide },
  {
    name: 'answers with __proto__ and constructor',
    answers: slide(
      `const answer = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "length": 2}'); return answer;`,
    ),
    points: onlySlide,
  },
  {
    name: 'answers with 100,000 levels of lists',
    answers: slide('let deep: any = 1; for (let i = 0; i < 1e5; i++) deep = [deep]; return deep;'),
    points: onlySlide,
    says: /nested more than/,
  },
  {
    name: 'answers with itself',
    answers: slide('const me: any[] = []; me.push(me); return me;'),
    points: onlySlide,
  },
  {
    name: 'answers with more than is read',
    answers: slide('return Array.from({ length: 90_000 }, () => 0.123456789);'),
    points: onlySlide,
    state: 'failed',
    says: /answers with more than 300000 bytes/,
  },
  {
    name: 'answers with a list of its own kind',
    answers: slide(
      'class Own extends Array { get length() { return 2; } set length(_) {} } return Own.from([12, 32]);',
    ),
    points: onlySlide,
  },
  {
    name: 'answers with a list that is longer than it is',
    answers: slide('const list: number[] = []; list.length = 4e9; return list;'),
    points: onlySlide,
    says: /contains more than/,
  },
  {
    name: 'answers with a generator',
    answers: { slide: 'function* slide(x: number[]): any { for (;;) yield x[0]; }' },
    points: onlySlide,
  },
  // Looks for a way out.
  {
    name: 'reads the source folder',
    answers: slide(`return require('fs').readdirSync('..');`),
    points: onlySlide,
    says: /uses `require`/,
  },
  {
    name: 'imports fs',
    answers: slide(`return fs.readdirSync('/');`, `import * as fs from 'node:fs';`),
    points: onlySlide,
  },
  {
    name: 'reads /proc and the environment',
    answers: slide('return Object.keys(process.env);'),
    points: onlySlide,
  },
  {
    name: 'uses process.binding',
    answers: slide(`return (process as any).binding('fs');`),
    points: onlySlide,
    says: /binding is not a function/,
  },
  {
    name: 'asks for built-in modules',
    answers: slide(`return (process as any).getBuiltinModule('fs').readdirSync('/');`),
    points: onlySlide,
  },
  {
    name: 'opens sockets',
    answers: slide(`return [fetch, WebSocket];`),
    points: onlySlide,
    says: /fetch is not defined/,
  },
  {
    name: 'starts processes',
    answers: slide(`return (process as any).mainModule.require('child_process').fork('x');`),
    points: onlySlide,
  },
  {
    name: 'starts a worker',
    answers: slide(`return new Worker('data:,1');`),
    points: onlySlide,
    says: /Worker is not defined/,
  },
  {
    name: 'looks for the grader on the stack',
    answers: slide(
      `(Error as any).prepareStackTrace = (_: any, sites: any[]) => sites.map((site) => site.getThis() ?? site.getFunction());
      const found = (new Error().stack as any).map((each: any) => typeof each); if (found.some((each: string) => each !== 'undefined')) return 'found'; return [];`,
    ),
    points: onlySlide,
  },
  {
    name: 'compiles WebAssembly',
    answers: slide('return new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));'),
    points: onlySlide,
    says: /Wasm code generation disallowed|WebAssembly is not defined/,
  },
  {
    name: 'imports as CommonJS does',
    answers: slide(`return (fs as any).readdirSync('/');`, `import fs = require('fs');`),
    points: onlySlide,
  },
  {
    name: 'has the compiler read other files',
    answers: {
      slide: `/// <reference path="/etc/passwd" />\n/// <amd-dependency path="/etc/passwd" />\n${honest.slide}\n//# sourceMappingURL=file:///etc/passwd`,
    },
    points: [10, 10, 10],
  },
  // The forbidden function.
  {
    name: 'imports it under an alias',
    answers: slide('return c(x, kernel);', `import { conv2d as c } from 'convlab';`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'uses the one that is given',
    answers: slide('return rowsOf(conv2d(x, kernel));'),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'takes it from the whole library',
    answers: slide('return lib.conv2d(x);', `import * as lib from 'convlab';`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'puts its name together',
    answers: slide(`return lib['con' + 'v2d'](x);`, `import * as lib from 'convlab';`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'escapes its name',
    answers: slide(`return lib.\\u0063onv2d(x);`, `import * as lib from 'convlab';`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'escapes its name in an import',
    answers: slide('return c(x);', `import { c\\u006fnv2d as c } from 'convlab';`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'works its name out',
    answers: slide(`return lib[['conv', '2d'].join('')](x);`, `import * as lib from 'convlab';`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'destructures the library',
    answers: slide('return c(x);', `import * as lib from 'convlab';\nconst { conv2d: c } = lib;`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'passes the library on through a variable',
    answers: slide('return other.conv2d(x);', `import * as lib from 'convlab';\nconst other: any = lib;`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'exports it again from another answer',
    answers: {
      total: `${honest.total}\nimport { conv2d } from 'convlab';\nexport const helper = conv2d;`,
      ...slide('return helper(x, kernel);'),
    },
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'leaves it where no name leads to it',
    answers: {
      total: `import { conv2d } from 'convlab';\n${honest.total}\n(Array.prototype as any).zap = conv2d ?? 'gone';`,
      ...slide('return [typeof ([] as any).zap];'),
    },
    points: onlySlide,
    state: 'wrong',
  },
  {
    name: 'evaluates text',
    answers: slide(`return eval('conv2d')(x);`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'makes a Function',
    answers: slide(`return new Function('return conv2d')();`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'finds Function',
    answers: slide(`return [].map.constructor('return conv2d')();`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'finds Function by a key',
    answers: slide(
      `const key = ['constr', 'uctor'].join(''); return (slide as any)[key]('return conv2d')();`,
    ),
    points: onlySlide,
    says: /Code generation from strings/,
  },
  {
    name: 'loads a module later',
    answers: slide(`return import('convlab');`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'reaches for the global object',
    answers: slide(`return (globalThis as any)['conv' + x.length];`),
    points: onlySlide,
    state: 'forbidden',
  },
  {
    name: 'reaches for the global object by `this`',
    answers: slide('return all.conv2d;', 'const all: any = this;'),
    points: onlySlide,
    state: 'forbidden',
  },
  // Guesses.
  {
    name: 'knows the visible inputs by heart',
    answers: { total: 'function total(list: number[]) { return list.length === 3 ? 6 : 0; }' },
    points: [0, 10, 10],
    state: 'wrong',
  },
  {
    name: 'guesses',
    answers: slide('return x.slice(kernel.length - 1).map(() => Math.random());'),
    points: onlySlide,
  },
  // Takes what it can get.
  {
    name: 'never ends',
    isEndless: true,
    answers: slide('for (;;);'),
    points: onlySlide,
    state: 'too long',
    says: /takes more than 3 seconds/,
  },
  {
    name: 'never ends before it is asked',
    isEndless: true,
    answers: slide('return [];', 'for (;;);'),
    points: onlySlide,
  },
  {
    name: 'sleeps',
    isEndless: true,
    answers: slide('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return [];'),
    points: onlySlide,
  },
  {
    name: 'never ends while its answer is read',
    isEndless: true,
    answers: slide('return { get a() { for (;;); } };'),
    points: onlySlide,
    state: 'too long',
  },
  {
    name: 'calls itself for ever',
    answers: slide('return slide(x, kernel);'),
    points: onlySlide,
    says: /RangeError/,
  },
  {
    name: 'fills the heap',
    answers: slide('const all: any[] = []; for (;;) all.push(new Array(1e5).fill(0.5));'),
    points: onlySlide,
    state: 'failed',
    says: /more than 128 MB/,
  },
  {
    name: 'fills memory beside the heap',
    answers: slide('const all: any[] = []; for (;;) all.push(new Uint8Array(1e7).fill(1));'),
    points: onlySlide,
    says: /allocation failed|more than 128 MB|takes more than/,
  },
  {
    name: 'fills memory in small pieces',
    answers: slide('const all: any[] = []; for (;;) all.push(new Uint8Array(1e3).fill(1));'),
    points: onlySlide,
  },
  {
    name: 'prints without end',
    answers: slide('for (let i = 0; i < 1e6; i++) console.log(i); return [];'),
    points: onlySlide,
  },
  {
    name: 'schedules code for later',
    answers: slide('setTimeout(() => {}, 1e6); return [];'),
    points: onlySlide,
    says: /setTimeout is not defined/,
  },
  {
    name: 'goes on in promises for ever',
    isEndless: true,
    answers: slide('(function again(): void { void Promise.resolve().then(again); })(); return [];'),
    points: [10, 0, 10],
  },
  {
    name: 'rejects what nobody waits for',
    answers: slide('void Promise.reject(new Error("later")); return [];'),
    points: onlySlide,
  },
  {
    name: 'has a pattern searched for ever',
    isEndless: true,
    answers: slide("return [/^(a+)+$/.test('a'.repeat(60) + 'b')];"),
    points: onlySlide,
    state: 'too long',
  },
  {
    name: 'multiplies numbers without end',
    isEndless: true,
    answers: slide('let n = 3n; for (;;) n *= n;'),
    points: onlySlide,
  },
  {
    name: 'answers with a text of half a gigabyte',
    answers: slide("return 'x'.repeat(2 ** 29 - 24);"),
    points: onlySlide,
  },
  // Feeds the tools.
  {
    name: 'takes the parser 90,000 levels down',
    answers: { slide: `const slide = ${'('.repeat(90_000)}1${')'.repeat(90_000)};` },
    points: onlySlide,
    state: 'failed',
    says: /nested too deeply/,
  },
  {
    name: 'has the compiler work for ever',
    isEndless: true,
    state: 'failed',
    says: /The cell slide takes more than 3 seconds to be compiled/,
    answers: { slide: `const slide = ${'1 + '.repeat(49_000)}1;` },
    points: onlySlide,
  },
  {
    name: 'does not parse',
    answers: { slide: 'function slide( {' },
    points: onlySlide,
    state: 'failed',
    says: /The cell slide does not parse, line 1/,
  },
  {
    name: 'hands in a cell of a megabyte',
    answers: { slide: `// ${'x'.repeat(1e6)}\n${honest.slide}` },
    points: onlySlide,
    state: 'missing',
    says: /more than 200000 bytes/,
  },
  {
    name: 'writes HTML and script into answers and errors',
    answers: {
      ...slide('throw new Error("<script>alert(1)</script><img src=x onerror=alert(1)>");'),
      words: '<script>alert(1)</script>',
    },
    points: onlySlide,
    says: /<script>/,
  },
  {
    name: 'throws what cannot be shown',
    answers: slide('throw { get message() { throw 1; }, toString() { throw 2; } };'),
    points: onlySlide,
  },
  {
    name: 'throws for ever',
    isEndless: true,
    answers: slide('throw { get message() { for (;;); } };'),
    points: onlySlide,
    state: 'too long',
  },
  // Files that are no notebooks.
  {
    name: 'hands in a link to the solutions',
    file: () => link(assignment),
    points: [0, 0, 0],
    state: 'missing',
    says: /a link to another file/,
  },
  { name: 'hands in a link to an endless device', file: () => link('/dev/zero'), points: [0, 0, 0] },
  {
    name: 'hands in a path through a folder that is none',
    file: () => join(written('{}'), '..', '..', 'x.ipynb'),
    points: [0, 0, 0],
  },
  { name: 'hands in a folder', file: () => emptyFolder(), points: [0, 0, 0] },
  { name: 'hands in a pipe', file: () => pipe(), points: [0, 0, 0] },
  {
    name: 'hands in nothing',
    file: () => join(folder, 'nothing.ipynb'),
    points: [0, 0, 0],
    says: /no such file/,
  },
  { name: 'hands in an empty file', file: () => written(''), points: [0, 0, 0], says: /not a notebook/ },
  {
    name: 'hands in bytes',
    file: () => written(Uint8Array.from({ length: 1e5 }, (_, i) => (i * 7919) % 256)),
    points: [0, 0, 0],
  },
  {
    name: 'hands in a list',
    file: () => written('[[1, {"cells": []}]]'),
    points: [0, 0, 0],
    says: /not a notebook/,
  },
  { name: 'hands in 200 MB', file: () => huge(), points: [10, 10, 10] },
  { name: 'hands in what is nested 100,000 deep', file: () => nested(), points: [10, 10, 10] },
  {
    name: 'hands in a notebook that breaks off',
    file: () => {
      const text = notebookText(submissionCells());
      return written(text.slice(0, text.indexOf('const sizes') + 5));
    },
    points: [10, 10, 0],
    state: 'missing',
    says: /breaks off, is damaged/,
  },
  {
    name: 'hands in more cells and fields than can be kept',
    file: () => {
      const many = `${'1,'.repeat(2_000_000)}1`;
      const fields = Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',');
      const text = notebookText(submissionCells());
      return written(text.replace('"cells":[', `"cells":[${many},`).replace(/}$/, `,${fields}}`));
    },
    points: [0, 0, 0],
    says: /goes on for too long after 10000 cells/,
  },
  {
    name: 'hands in ids that objects have of themselves',
    cells: (cells) => [
      ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((grade_id) => ({
        ...cells[4],
        metadata: { nbgrader: { ...cells[4].metadata.nbgrader, grade_id } },
        source: 'const points = 100;',
      })),
      ...cells,
    ],
    points: [10, 10, 10],
  },
  {
    name: 'hands in the same fields twice',
    file: () => {
      const text = notebookText(submissionCells(slide('return [];')));
      const honestCells = JSON.stringify(submissionCells());
      return written(text.replace('"cells":', `"cells":${honestCells},"cells":`));
    },
    points: onlySlide,
    state: 'wrong',
  },
  {
    name: 'hands in characters that end texts',
    answers: slide(`return ['\\0'];`, `// \u2028\u2029 \ud800 \0 \u001b[2J \u202e`),
    points: onlySlide,
  },
  {
    name: 'hands in cells of other types',
    cells: (cells) => [
      null,
      1,
      'cell',
      [],
      { metadata: 7 },
      { metadata: { nbgrader: [] } },
      { source: { a: 1 } },
      ...cells,
    ],
    points: [10, 10, 10],
  },
];

function link(target: string): string {
  const path = `${written('')}.link`;
  symlinkSync(target, path);
  return path;
}

function emptyFolder(): string {
  const path = `${written('')}.folder`;
  mkdirSync(path);
  return path;
}

function pipe(): string {
  const path = `${written('')}.pipe`;
  if (process.platform === 'win32') return path;
  execFileSync('mkfifo', [path]);
  return path;
}

/** An honest notebook with an output of 200 MB, in front of everything. */
function huge(): string {
  const text = notebookText(submissionCells());
  const place = text.indexOf('"outputs":[]') + '"outputs":['.length;
  return written(
    Buffer.concat([
      Buffer.from(`${text.slice(0, place)}{"output_type":"stream","name":"stdout","text":"`),
      Buffer.alloc(200_000_000, 'x'),
      Buffer.from(`"}${text.slice(place)}`),
    ]),
  );
}

function nested(): string {
  const text = notebookText(submissionCells());
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  return written(
    text.replace('"metadata":{', `"deep":${deep},"metadata":{`).replace('"outputs":[]', `"outputs":${deep}`),
  );
}

const secrets = new RegExp(`${SECRET}|BEGIN SOLUTION|HIDDEN|hiddenTests`);

async function check(attack: Attack, sandbox: SandboxName): Promise<void> {
  const cells = submissionCells(attack.answers);
  const file = attack.file?.() ?? written(notebookText(attack.cells?.(cells) ?? cells));
  const start = performance.now();
  const seconds = attack.isEndless ? 3 : limits.questionSeconds;
  const grade = await graded(file, sandbox, { limits: { ...limits, questionSeconds: seconds } });
  const took = (performance.now() - start) / 1000;
  assert.deepEqual(pointsOf(grade).slice(0, 3), attack.points, JSON.stringify(grade.questions, null, 1));
  assert.ok(took < limits.totalSeconds + 30, `it took ${took} s`);
  const said = [...grade.problems, ...grade.questions.map(({ message }) => message)].join('\n');
  assert.doesNotMatch(said, secrets);
  assert.ok(said.length < 20_000);
  if (attack.says) assert.match(said, attack.says);
  if (attack.state)
    assert.ok(
      grade.questions.some(({ state }) => state === attack.state),
      JSON.stringify(grade, null, 1),
    );
  if (existsSync(file)) rmSync(file, { recursive: true });
}

function pointsOf({ questions }: SubmissionGrade): number[] {
  return questions.map(({ points }) => points);
}

after(() => rmSync(folder, { recursive: true, force: true }));

for (const sandbox of ['bubblewrap', 'node'] as const) {
  describe(`attacks in the sandbox ${sandbox}`, { concurrency: 2 }, async () => {
    const reason = await whyNot(sandbox);
    const skip = reason === undefined ? false : `NOT TESTED: ${reason}`;
    for (const attack of attacks) test(attack.name, { skip }, () => check(attack, sandbox));
    test('the honest get all their points, and leave nothing behind', { skip }, async () => {
      const file = written(notebookText(submissionCells()));
      assert.deepEqual(pointsOf(await graded(file, sandbox)), [10, 10, 10, 0]);
    });
  });
}

test('no process or folder of a submission is left', () => {
  const own = readdirSync(tmpdir()).filter((name) => name.startsWith(`convlab-homework-${process.pid}-`));
  assert.deepEqual(own, []);
});
