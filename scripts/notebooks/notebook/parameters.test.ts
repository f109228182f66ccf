import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNotebook } from './notebook';
import { injectedCode } from './parameters';

const inject = (source: string, ...given: [string, string][]) =>
  injectAfter(['parameters'], source, ...given);

function injectAfter(tags: readonly string[], source: string, ...given: [string, string][]): string {
  const cell = { cell_type: 'code', source, outputs: [], metadata: { tags } };
  const notebook = parseNotebook('/tmp/n.ipynb', JSON.stringify({ nbformat: 4, cells: [cell] }));
  return injectedCode(notebook, new Map(given));
}

test('the value as TypeScript, with the declared keyword and type', () => {
  assert.equal(inject('const epochs = 3;', ['epochs', '2']), 'const epochs = 2;');
  assert.equal(inject('let rate: number = 0.1;', ['rate', '1e-3']), 'let rate: number = 0.001;');
  assert.equal(inject("const name = 'a';", ['name', `it's "b"`]), `const name = "it's \\"b\\"";`);
  assert.equal(inject('const name: string = "5";', ['name', '5']), 'const name: string = "5";');
  assert.equal(inject('const name = "";', ['name', 'a\u2028b']), 'const name = "a\\u2028b";');
  assert.equal(inject('const on = true;', ['on', 'false']), 'const on = false;');
  assert.equal(
    inject('const sizes: readonly number[] = [1];', ['sizes', '[2, 3]']),
    'const sizes: readonly number[] = [2,3];',
  );
  assert.equal(
    inject("let o: 'sgd' | 'adam' = 'sgd', n = 1;", ['o', 'adam'], ['n', '-2']),
    `let o: 'sgd' | 'adam' = "adam";\nlet n = -2;`,
  );
  assert.equal(
    inject('const limit: number | null = 5;', ['limit', 'null']),
    'const limit: number | null = null;',
  );
  assert.equal(inject('const o = { a: 1 };', ['o', '{"a":2}']), 'const o = {"a":2};');
});

for (const [source, name, value, sentence] of [
  [
    'const epochs = 3;',
    'epochs',
    'two',
    /^--param epochs is 'two', expected a number as \/tmp\/n\.ipynb declares it$/,
  ],
  ['const epochs = 3;', 'epochs', '"2"', /expected a number/],
  ['const epochs = 3;', 'epochs', '', /expected a number/],
  ['const epochs = 3;', 'epochs', '1e400', /^--param epochs is '1e400', expected a number/],
  ['const sizes = [1];', 'sizes', '[1, -1e400]', /expected a JSON list, each item a number/],
  ['const o = { a: 1 };', 'o', '{ "a": 1e400 }', /expected JSON/],
  ['const on = true;', 'on', 'yes', /expected a boolean/],
  ["let o: 'sgd' | 'adam' = 'sgd';", 'o', 'rmsprop', /expected "sgd" or "adam"/],
  ['const sizes = [1];', 'sizes', '["a"]', /expected a JSON list, each item a number/],
  [
    'const epochs = 3;',
    'epoch',
    '2',
    /^--param epoch: \/tmp\/n\.ipynb declares epochs in its parameters cell$/,
  ],
  ['{ const inner = 1; }', 'inner', '2', /declares nothing/],
] as const) {
  test(`refused: ${source} with ${name}=${value}`, () => {
    assert.throws(() => inject(source, [name, value]), { message: sentence });
  });
}

test('a parameters cell that does not run declares nothing', () => {
  for (const skipped of ['skip-execution', 'nbval-skip']) {
    assert.throws(() => injectAfter(['parameters', skipped], 'const epochs = 3;', ['epochs', '2']), {
      message:
        '--param epochs: the cell of /tmp/n.ipynb tagged parameters has another tag that skips it, so it declares nothing',
    });
  }
});
