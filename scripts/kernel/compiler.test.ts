/** How cells are compiled: refused for the same reasons as in plain tslab, and declared for later cells. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { CellCompiler } from './compiler';

let folder: string;
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
before(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'convlab-compiler-')));
  put('own.ts', 'export const half = (x: number): number => x / 2;');
  put(
    'node_modules/shapes/index.d.ts',
    `/** @deprecated use square */
export declare function box(side: number): number;
/** A pattern, not a comment: */
export type Pattern = \`/**/\${string}\`;
export interface Size {
  /** In pixels. */
  readonly height: number;
}`,
  );
  put('node_modules/shapes/index.js', '');
  put(
    'node_modules/wider/index.d.ts',
    `declare module 'shapes' {
  interface Size { readonly width: number }
}
export {};`,
  );
  put('node_modules/wider/index.js', '');
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Compiles cells one after another; refused cells declare nothing. */
function compileAll(cells: readonly string[], compiler = new CellCompiler(folder, 'typescript')) {
  return cells.map((source) => {
    const compiled = compiler.compile(source);
    if (compiled.cell) compiler.declare(compiled.cell.declarations);
    return compiled;
  });
}

/** All declarations after the last cell, as statements. */
function declared(...cells: string[]): string[] {
  const compiled = compileAll(cells).at(-1);
  assert.deepEqual(compiled?.diagnostics, undefined);
  return compiled?.cell?.declarations.map(({ text }) => text) ?? [];
}

test('every cell is compiled, or refused for the same reason, as in plain tslab', () => {
  const cells = [
    `import { box, type Size, type Pattern } from 'shapes';\nconst size: Size = { height: 2 };`,
    `const area = box(size.height);\nconst pattern: Pattern = '/**/x';`,
    `const wrong: Pattern = '/* /x';`,
    `const tooWide: Size = { height: 1, width: 2 };`,
    `import 'wider';\nconst wide: Size = { height: 1, width: 2 };`,
    `const narrow: Size = { height: 1 };`,
    `import { half } from './own';\nconst quarter = half(half(area));`,
    `\n\nconst text: string = half(2);`,
    `const awaited = await Promise.resolve(quarter);\nlet area = 'declared again';`,
    `area.toUpperCase()`,
    `import assert from 'node:assert/strict';\nassert.equal(area.length, 14);`,
    `const broken = (;`,
    `function f() { await 1; }`,
    `size.height = 3;`,
    `enum Colour { Red }\nclass Paint { constructor(readonly colour: Colour) {} }`,
    `new Paint(Colour.Red).colour = 1`,
    `const readonly: Paint = new Paint();`,
    `area = 5`,
  ];
  const tslab = dirname(require.resolve('tslab/dist/main.js'));
  const code = `
    const { createConverter } = require(${JSON.stringify(join(tslab, 'converter.js'))});
    const converter = createConverter({ isJS: false, isBrowser: false });
    let declarations = '';
    console.log(JSON.stringify(${JSON.stringify(cells)}.map((source) => {
      const { diagnostics, declOutput } = converter.convert(declarations, source);
      if (diagnostics.length === 0) declarations = declOutput;
      return diagnostics;
    })));
    converter.close();`;
  const { stdout } = spawnSync(process.execPath, ['-e', code], { cwd: folder, encoding: 'utf8' });
  const theirs = JSON.parse(stdout) as {
    messageText: string;
    start: { line: number; character: number };
  }[][];
  const first = theirs.map(
    ([diagnostic]) =>
      diagnostic && [diagnostic.start.line + 1, diagnostic.start.character + 1, diagnostic.messageText],
  );
  const ours = compileAll(cells).map(
    ({ diagnostics: [diagnostic] = [] }) =>
      diagnostic && [diagnostic.start.line, diagnostic.start.column, diagnostic.message.split('\n')[0]],
  );
  assert.deepEqual(ours, first);
  assert.ok(first.filter(Boolean).length >= 8);
});

test('a later declaration replaces an earlier one of the same name', () => {
  assert.deepEqual(declared('const a = 1, b = 2;', "const a = 'one';"), [
    'declare const b = 2;',
    'declare const a = "one";',
  ]);
  assert.deepEqual(declared('class C { n = 1; }', 'const C = 3;'), ['declare const C = 3;']);
  // A type does not affect a value of the same name, nor vice versa.
  assert.deepEqual(declared('interface I { n: number }', 'const I = 3;').length, 2);
  assert.deepEqual(declared('class C { n = 1; }', 'type C = string;'), [
    'declare let C: any;',
    'type C = string;',
  ]);
});

test('imports are declared name by name, as values or types', () => {
  assert.deepEqual(
    declared("import { box, type Size } from 'shapes';\nimport * as path from 'path';", 'const box = 1;'),
    ["import { type Size } from 'shapes';", "import * as path from 'path';", 'declare const box = 1;'],
  );
});

test('what a cell adds to the global types, or to those of a package, stays', () => {
  const everywhere = 'declare global { var answer: number; interface Array<T> { lastOne(): T } }';
  const inShapes =
    "import { box } from 'shapes';\ndeclare module 'shapes' { interface Size { readonly depth: number } }";
  const compiled = compileAll([
    everywhere,
    inShapes,
    "import { type Size } from 'shapes';\nconst size: Size = { height: 1, depth: [answer].lastOne() };",
    everywhere,
    'const wrong: string = answer;',
  ]);
  const errors = compiled.map(({ diagnostics }) => diagnostics?.map(({ message }) => message));
  const refused = ["Type 'number' is not assignable to type 'string'."];
  assert.deepEqual(errors, [undefined, undefined, undefined, undefined, refused]);
  assert.deepEqual(compiled[0].cell?.names, []);
});

test('what an edited cell adds elsewhere replaces what it added before, and nothing else', () => {
  const cells = [
    'declare global { var counter: number, other: number; interface Array<T> { total(): number; } }',
    `declare global { interface Array<T> { /** The first. */ firstOne(): T; }
      namespace NodeJS { interface ProcessEnv { SEED?: '1'; } } }`,
    "import { box } from 'shapes';\ndeclare module 'shapes' { interface Size { depth: number } type Unit = 'm' }",
    // Edited:
    `declare global { var counter: string; interface Array<T> { total(start: number): string; } }
Array.prototype.total = (start: number) => String(start);`,
    "declare global { namespace NodeJS { interface ProcessEnv { SEED?: '2'; } } }\nprocess.env.SEED = '2';",
    "import { box } from 'shapes';\ndeclare module 'shapes' { interface Size { depth: string } type Unit = 'cm' }",
    `import { type Size, type Unit } from 'shapes';
const unit: Unit = 'cm';
const size: Size = { height: 1, depth: [1].total(2) + counter };
other.toFixed() + [size].firstOne().height;`,
  ];
  const messages = compileAll(cells).map(({ diagnostics = [] }) => diagnostics.map(({ message }) => message));
  assert.deepEqual(
    messages,
    cells.map(() => []),
  );
  const refused = compileAll([cells[0], cells[3], '[1].total(); counter.toFixed();']).at(-1)?.diagnostics;
  assert.equal(refused?.length, 2);
});

test('doc comments stay with their declarations', () => {
  assert.deepEqual(declared('/** Doubles. */\nfunction twice(x: number) { return 2 * x; }'), [
    '/** Doubles. */\ndeclare function twice(x: number): number;',
  ]);
});

test('the next cell sees a package that has changed on disk, and one that is new', () => {
  const compiler = new CellCompiler(folder, 'typescript');
  const refused = (source: string) => compileAll([source], compiler)[0].diagnostics?.[0].message;
  const use = "import { grow } from 'growing';\ngrow(1);";
  assert.match(refused(use) ?? '', /Cannot find module 'growing'/);
  put('node_modules/growing/index.d.ts', 'export declare function grow(text: string): void;');
  assert.match(refused(use) ?? '', /'number' is not assignable to parameter of type 'string'/);
  put('node_modules/growing/index.d.ts', 'export declare function grow(count: number): void;');
  utimesSync(join(folder, 'node_modules/growing/index.d.ts'), new Date(), new Date(Date.now() + 5000));
  assert.equal(refused(use), undefined);
});

test('sources beside the notebook are compiled with the cell, and recompiled when they have changed', () => {
  const compiler = new CellCompiler(folder, 'typescript');
  const sources = () =>
    compileAll(["import { half } from './own';\nhalf(2)"], compiler)[0].cell?.sources.map(
      ({ code }) => code,
    ) ?? [];
  assert.match(sources()[0], /x \/ 2/);
  put('own.ts', 'export const half = (x: number): number => 0.5 * x;');
  assert.match(sources()[0], /0\.5 \* x/);
});

test('so is JSON, whose faults are told when it is loaded', () => {
  const compiler = new CellCompiler(folder, 'typescript');
  const cell = "import sizes from './sizes.json';\nsizes.kernel.toFixed()";
  put('sizes.json', '{ "kernel": 3 }');
  put(
    'own.ts',
    "import sizes from './sizes.json';\nexport const half = (x: number): number => x / sizes.kernel;",
  );
  const codes = (source: string) =>
    compileAll([source], compiler)[0].cell?.sources.map(({ path, code }) => [basename(path), code.trim()]);
  const three = ['sizes.json', '{ "kernel": 3 }'];
  assert.deepEqual(codes(cell), [three]);
  assert.deepEqual(codes("import { half } from './own';\nhalf(2)")?.at(-1), three);
  put('sizes.json', '{ "kernel": 55 }');
  assert.deepEqual(codes(cell), [['sizes.json', '{ "kernel": 55 }']]);
  put('sizes.json', '{ "kernel": 5');
  assert.deepEqual(codes(cell), [['sizes.json', '{ "kernel": 5']]);
  // These separators may stand in a string of JSON, as in one of JavaScript.
  put('sizes.json', '{ "text": "a\u2028b\u2029c", "kernel": 7 }');
  const [[, separated] = []] = codes(cell) ?? [];
  assert.deepEqual(JSON.parse(separated), { text: 'a\u2028b\u2029c', kernel: 7 });
});

test('await at the top of a source that a cell imports is refused there', () => {
  put('slow.ts', 'export const three =\n  await Promise.resolve(3);');
  const cells = ["import { three } from './slow';\nawait three", '/** @module late */\nawait 1;'];
  const found = compileAll(cells).map(({ diagnostics: [wrong] = [] }) => [wrong.file, wrong.start.line]);
  assert.deepEqual(found, [
    ['slow.ts', 2],
    [undefined, 2],
  ]);
});

test('modules beside the notebook that are named .mjs or .cjs', () => {
  put('third.mjs', 'export const third = (x) => x / 3;');
  put('fifth.cjs', 'exports.fifth = (x) => x / 5;');
  const cell = "import { third } from './third.mjs';\nimport { fifth } from './fifth.cjs';\nthird(fifth(1))";
  const codes = compileAll([cell])[0].cell?.sources.map(({ code }) => code) ?? [];
  assert.deepEqual(
    codes.map((code) => /exports\.(\w+) = (?!void)/.exec(code)?.[1]),
    ['third', 'fifth'],
  );
});

test('names whose types no declaration file can hold are declared all the same', () => {
  const [imported, local, mixin, use, wrong] = compileAll([
    "const fs = await import('node:fs');\nconst two = 2;",
    'function make() {\n  interface Pair { a: number }\n  const pair: Pair = { a: 1 };\n  return pair;\n}\nconst pair = make();',
    'const Counter = class {\n  private n = 0;\n  next() { return ++this.n; }\n};',
    "fs.existsSync('x'); two + pair.a; new Counter().next();",
    'fs.existsSync(two); const three: string = two;',
  ]);
  for (const { diagnostics } of [imported, local, mixin, use]) assert.deepEqual(diagnostics ?? [], []);
  assert.deepEqual(imported.cell?.names, ['fs', 'two']);
  // The module keeps its types, and the names beside it theirs.
  assert.equal(wrong.diagnostics?.length, 2);
});
