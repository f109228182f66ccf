/** What the compiler said of a cell is taken from the last run only where it would say the same again. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { results, workspace } from './runner';

/** A cell's code that says it to the test. */
const say = (value: string) => `require('node:fs').appendFileSync('said.txt', \`\${${value}}\\n\`);`;
const COMPILER = "Object.keys(require.cache).some((file) => file.includes('typescript-for-tslab'))";
const SAY_COMPILER = say(COMPILER);

let place: ReturnType<typeof workspace>;
beforeEach(() => {
  place = workspace();
  mkdirSync(place.path('node_modules'));
});
afterEach(() => place.remove());

function put(path: string, text: string): void {
  mkdirSync(dirname(place.path(path)), { recursive: true });
  writeFileSync(place.path(path), text);
}

function putNotebook(...sources: string[]): void {
  putNotebooks(['a'], ...sources);
}

function putNotebooks(names: readonly string[], ...sources: string[]): void {
  const cells = sources.map((source, index) => ({
    cell_type: 'code',
    id: `c${index}`,
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  }));
  for (const name of names)
    put(`${name}.ipynb`, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
}

/** What the cells of the notebooks said, or the kind of the first failure. */
async function run(...options: string[]): Promise<string> {
  const { run } = await results(['test', '--no-compare', ...options, place.folder]);
  const failures = run.notebooks.flatMap((notebook) => notebook.failures);
  if (failures.length > 0) return failures[0].kind;
  const file = place.path('said.txt');
  const said = existsSync(file) ? readFileSync(file, 'utf8') : '';
  rmSync(file, { force: true });
  return said.trim();
}

describe('the second run', () => {
  test('does without the compiler, unless told not to, until a cell is edited', async () => {
    putNotebook('const one: number = 1;', '/** Two. */\nconst two = one + 1;', SAY_COMPILER);
    assert.equal(await run(), 'true');
    assert.equal(await run(), 'false');
    assert.equal(await run('--no-cache'), 'true');
    putNotebook("const one = 'one';", '/** Two. */\nconst two: number = one;', SAY_COMPILER);
    assert.equal(await run(), 'type error');
    assert.equal(await run(), 'type error');
  });

  test('takes nothing from a file that is not whole', async () => {
    putNotebook(SAY_COMPILER);
    await run();
    const folder = place.path('node_modules/.cache/convlab/cells');
    const file = join(folder, readdirSync(folder)[0]);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -100));
    assert.equal(await run(), 'true');
    assert.equal(await run(), 'false');
  });

  test('keeps what runs with and without a parameter need', async () => {
    putNotebook('// parameters\nlet n = 1;', SAY_COMPILER);
    for (const said of ['true', 'false']) {
      assert.equal(await run(), said);
      assert.equal(await run('--param', 'n=2'), said);
    }
  });

  test('takes nothing from a run in another language', async () => {
    putNotebook('const one: number = 1;', SAY_COMPILER);
    assert.equal(await run(), 'true');
    assert.equal(await run('--kernel', 'jslab'), 'type error');
  });

  test('writes nothing for a notebook outside of any package', async () => {
    rmSync(place.path('node_modules'), { recursive: true });
    putNotebook(SAY_COMPILER);
    for (let n = 0; n < 2; n++) assert.equal(await run(), 'true');
    assert.deepEqual(readdirSync(place.folder), ['a.ipynb']);
  });
});

describe('of many notebooks', () => {
  /** More than two for each job: then they are compiled ahead of their kernels. */
  const many = ['a', 'b', 'c'];

  test('the first run has no compiler in its kernels either', async () => {
    putNotebooks(many, 'const one: number = 1;', '/** Two. */\nconst two = one + 1;', SAY_COMPILER);
    assert.equal(await run('--jobs', '1'), 'false\nfalse\nfalse');
    assert.equal(await run('--jobs', '1', '--no-cache'), 'true\ntrue\ntrue');
  });

  test('in several folders each is compiled in its own', async () => {
    const names = ['one/a', 'one/b', 'two/a', 'two/b', 'three/a'];
    for (const folder of ['one', 'two', 'three']) {
      put(`${folder}/side.js`, `exports.side = '${folder}';`);
      put(`${folder}/side.d.ts`, `export declare const side: '${folder}';`);
    }
    for (const name of names) {
      const known = `const known: '${name.split('/')[0]}' = side;`;
      putNotebooks(
        [name],
        "import { side } from './side';",
        known,
        `if (${COMPILER}) throw new Error(side);`,
      );
    }
    assert.equal(await run('--jobs', '1'), '');
  });

  test('a cell that must fail declares nothing, in whichever way it fails', async () => {
    putNotebooks(
      many,
      'const n = 1;',
      "// raises-exception\nconst n = 'thrown';\nthrow new Error(n);",
      '// raises-exception\nconst n: string = 2;',
      'const twice: number = n * 2;',
      SAY_COMPILER,
    );
    assert.equal(await run('--jobs', '1'), 'false\nfalse\nfalse');
  });

  test('each has its own modules', async () => {
    put('side.ts', 'export const side = 2;');
    const user = `import { side } from './side';\n${say('side')}`;
    putNotebooks(['a', 'b'], user);
    putNotebooks(['c', 'd'], '/** @module side */\nexport const side = 3;', user);
    putNotebooks(['e'], user, SAY_COMPILER);
    assert.equal(await run('--jobs', '1'), '2\n2\n3\n3\n2\ntrue');
  });

  test('what a cell installs is there for the next one', async () => {
    const installer = `import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
rmSync('node_modules/shapes', { recursive: true, force: true });
mkdirSync('node_modules/shapes');
writeFileSync('node_modules/shapes/index.js', 'exports.side = 2;');
writeFileSync('node_modules/shapes/index.d.ts', 'export declare const side: number;');`;
    putNotebooks(many, installer, "import { side } from 'shapes';\nconst area: number = side * side;");
    for (let n = 0; n < 2; n++) {
      assert.equal(await run('--jobs', '1'), '');
      rmSync(place.path('node_modules/shapes'), { recursive: true });
    }
  });

  test('what a cell does to an installed package is there for the next one', async () => {
    for (const [name, text] of [
      ['index.d.ts', 'export declare const side: number;'],
      ['package.json', '{ "types": "side.d.ts" }'],
    ]) {
      rmSync(place.path('node_modules'), { recursive: true });
      put('node_modules/shapes/index.js', 'exports.side = 2;');
      put('node_modules/shapes/index.d.ts', 'export declare const side: string;');
      put('node_modules/shapes/side.d.ts', 'export declare const side: number;');
      const writer = `require('node:fs').writeFileSync('node_modules/shapes/${name}', '${text}');`;
      putNotebooks(many, writer, "import { side } from 'shapes';\nconst area: number = side * side;");
      assert.equal(await run('--jobs', '1'), '');
    }
  });
});

describe('a cell is compiled anew', () => {
  test('when a declaration that it uses has changed', async () => {
    put('node_modules/shapes/index.js', 'exports.side = 2;');
    put('node_modules/shapes/index.d.ts', 'export declare const side: number;');
    putNotebook("import { side } from 'shapes';", 'const area = side * side;', SAY_COMPILER);
    assert.equal(await run(), 'true');
    assert.equal(await run(), 'false');
    put('node_modules/shapes/index.d.ts', 'export declare const side: string;');
    assert.equal(await run(), 'type error');
  });

  test('when a file has come that the compiler had looked for in vain', async () => {
    put('node_modules/shapes/index.js', 'exports.side = 2;');
    putNotebook("import { side } from 'shapes';\nconst area: number = side * side;");
    assert.equal(await run(), '');
    put('node_modules/@types/shapes/index.d.ts', 'export declare const side: string;');
    assert.equal(await run(), 'type error');
  });

  test('when an earlier cell writes a file that it imports, other than the last time', async () => {
    put('side.js', 'exports.side = 2;');
    put('side.d.ts', 'export declare const side: number;');
    put('wanted.txt', 'number');
    const writer = `import { readFileSync, writeFileSync } from 'node:fs';
const wanted = readFileSync('wanted.txt', 'utf8');
if (wanted !== 'number') writeFileSync('side.d.ts', \`export declare const side: \${wanted};\`);`;
    putNotebook(writer, "import { side } from './side';\nconst area: number = side * side;");
    for (let n = 0; n < 2; n++) assert.equal(await run(), '');
    put('wanted.txt', 'string');
    assert.equal(await run(), 'type error');
  });

  test('the next time, when a later cell takes away a file that it rests on', async () => {
    put('side.d.ts', 'export type Side = number;');
    put('wanted.txt', 'kept');
    const taker = `import { readFileSync, rmSync } from 'node:fs';
if (readFileSync('wanted.txt', 'utf8') === 'taken') rmSync('side.d.ts');`;
    putNotebook("import type { Side } from './side';\nconst side: Side = 2;", taker, 'const last = 1;');
    for (const wanted of ['kept', 'taken']) {
      put('wanted.txt', wanted);
      assert.equal(await run(), '');
    }
    assert.equal(await run(), 'type error');
  });

  test('from the first module of the notebook’s own on, in a file', async () => {
    put('side.ts', 'export const side = 2;');
    putNotebook(`import { side } from './side';\n${say('side')}`, SAY_COMPILER);
    for (let n = 0; n < 2; n++) assert.equal(await run(), '2\ntrue');
    put('side.ts', 'export const side = 4;');
    assert.equal(await run(), '4\ntrue');
  });

  test('from the first module of the notebook’s own on, in a cell', async () => {
    const user = `import { side } from './side';\n${say('side')}`;
    for (const side of [2, 2, 4]) {
      putNotebook(`/** @module side */\nexport const side = ${side};`, user, SAY_COMPILER);
      assert.equal(await run(), `${side}\ntrue`);
    }
  });
});
