import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { CellModules } from './modules';

test("a source is imported by its own name, without an extension, or by its compiled file's name", async () => {
  const folder = resolve('/course');
  const modules = new CellModules(folder);
  const names = ['plain.ts', 'view.tsx', 'module.mts', 'common.cts', 'folder/index.ts'];
  modules.update(
    names.map((name) => ({ path: join(folder, name), code: `exports.name = '${name}';`, map: '' })),
  );
  const imported = {
    './plain': 'plain.ts',
    './plain.js': 'plain.ts',
    './view.jsx': 'view.tsx',
    './view.js': 'view.tsx',
    './module.mjs': 'module.mts',
    './module.mts': 'module.mts',
    './common.cjs': 'common.cts',
    './folder': 'folder/index.ts',
  };
  for (const [name, file] of Object.entries(imported)) {
    assert.deepEqual({ ...(modules.require(name) as object) }, { name: file });
    assert.deepEqual({ ...((await modules.import(name)) as object) }, { name: file });
  }
});

test('JSON is imported by import() as Node does, and anew once it has changed', async () => {
  const folder = resolve('/course');
  const modules = new CellModules(folder);
  for (const kernel of [3, 5]) {
    const code = `{ "kernel": ${kernel} }`;
    modules.update([{ path: join(folder, 'sizes.json'), code, map: '' }]);
    assert.deepEqual(modules.require('./sizes.json'), { kernel });
    assert.deepEqual(await modules.import('./sizes.json'), { kernel, default: { kernel } });
  }
});

test('JSON is read as JSON.parse reads it, and an error names the file', () => {
  const folder = resolve('/course');
  const modules = new CellModules(folder);
  const read = (code: string): unknown => {
    modules.update([{ path: join(folder, 'data', 'sizes.json'), code, map: '' }]);
    return modules.require('./data/sizes.json');
  };
  for (const wrong of ['', '{ "x": 6, }', '// sizes\n{ "x": 6 }', '{ "x": 6'])
    assert.throws(() => read(wrong), { name: 'SyntaxError', message: /^data\/sizes\.json: [^]*JSON/ });
  assert.deepEqual(Object.keys(read('{ "__proto__": 1, "x": 6 }') as object), ['__proto__', 'x']);
});
