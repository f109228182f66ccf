/** A lean compiler says and emits what tslab's own does, whatever becomes of the files between two cells. */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'convlab-lean-'));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
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

const cells = [
  `import { box, type Size, type Pattern } from 'shapes';\nconst size: Size = { height: 2 };`,
  `const area = box(size.height);\nconst pattern: Pattern = '/**/x';`,
  `const wrong: Pattern = '/* /x';`,
  `const tooWide: Size = { height: 1, width: 2 };`,
  `import 'wider';\nconst wide: Size = { height: 1, width: 2 };`,
  `const narrow: Size = { height: 1 };`,
  `import { half } from './own';\nconst quarter = half(half(area));`,
  `const text: string = half(2);`,
  `const awaited = await Promise.resolve(quarter);\nlet area = 'declared again';`,
  `area.toUpperCase()`,
  `import assert from 'node:assert/strict';\nassert.equal(area.length, 14);`,
  `const broken = (;`,
];

/** All that tslab's converter answers for the cells, one after the other. */
function convertAll(prepare: string): unknown[] {
  const tslab = dirname(require.resolve('tslab/dist/main.js'));
  const code = `
    const ts = require(require.resolve('@tslab/typescript-for-tslab', { paths: [${JSON.stringify(tslab)}] }));
    ${prepare}
    const { createConverter } = require(${JSON.stringify(join(tslab, 'converter.js'))});
    const converter = createConverter({ isJS: false, isBrowser: false });
    let declarations = '';
    const answers = ${JSON.stringify(cells)}.map((source) => {
      const answer = converter.convert(declarations, source);
      if (answer.diagnostics.length === 0) declarations = answer.declOutput;
      return answer;
    });
    converter.close();
    console.log(JSON.stringify(answers));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], { cwd: folder, encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as unknown[];
}

test('every cell is compiled and refused as by the compiler as it is', () => {
  const plain = convertAll('');
  const refused = plain.map((answer) => (answer as { diagnostics: unknown[] }).diagnostics.length > 0);
  // The cells do show what could differ: errors, a module that another one widens, a file of the notebook's own.
  assert.deepEqual(refused, [0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1].map(Boolean));
  const lean = convertAll(`require(${JSON.stringify(join(__dirname, 'leanCompiler.js'))}).makeLean(ts);`);
  assert.deepEqual(lean, plain);
});
