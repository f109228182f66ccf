/** The code that runs is always that of the sources: tested in a copy of the project whose sources are changed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from '../scripts/build';

const ROOT = join(__dirname, '..');
const PASSES = 'lib/src/engine/run/passes.ts';

describe('of a copy of the project', () => {
  let copy: string;
  const path = (name: string): string => join(copy, name);

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'convlab-build-'));
    for (const folder of ['lib', 'data']) mkdirSync(path(folder));
    const manifests = ['mnist', 'fashion', 'kmnist'].map((name) => `data/${name}.json`);
    const settings = ['package.json', 'tsconfig.json', 'lib/package.json', 'lib/tsconfig.build.json'];
    for (const file of [...settings, ...manifests]) {
      copyFileSync(join(ROOT, file), path(file));
    }
    for (const folder of ['lib/src', 'lib/dist']) {
      cpSync(join(ROOT, folder), path(folder), { recursive: true, preserveTimestamps: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), path('node_modules'), 'junction');
  });
  after(() => rmSync(copy, { recursive: true }));

  /** Loads the compiled library in a process of its own and uses the engine. */
  function use(): string {
    const code = `
      const { train, models } = require('./lib/dist');
      const data = { images: new Float32Array(784), labels: new Uint8Array(1), size: 1, imageShape: [28, 28, 1], classes: 10 };
      train(models.linear(), data, { epochs: 1, engine: 'simd', threads: 1 })
        .then(() => console.log('trained'), (error) => console.log(String(error)));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], { cwd: copy, encoding: 'utf8' });
    return stdout + stderr;
  }

  test('if nothing has changed, the build changes nothing', async () => {
    const time = () =>
      ['index.js', 'engine/kernels/kernels.wasm'].map((file) => statSync(path(`lib/dist/${file}`)).mtimeMs);
    const earlier = time();
    assert.ok(await build(copy));
    assert.deepEqual(time(), earlier);
    assert.match(use(), /^trained/);
  });

  test('a file that was touched, but has the same contents, has not changed', () => {
    utimesSync(path(PASSES), new Date(), new Date());
    assert.match(use(), /^trained/);
  });

  test(
    'where nothing can be written, what is compiled is up to date, and what has changed is one sentence',
    { skip: process.platform !== 'linux' && 'only Linux has a folder in which nobody may write' },
    async () => {
      const text = readFileSync(path(PASSES), 'utf8');
      rmSync(path('node_modules'));
      symlinkSync('/sys', path('node_modules'));
      try {
        // Only a time that has changed since.
        assert.ok(await build(copy));
        appendFileSync(path(PASSES), '// changed\n');
        await assert.rejects(build(copy), {
          message: /^what has changed cannot be compiled, since nothing can be written here: E[A-Z]+: /,
        });
      } finally {
        writeFileSync(path(PASSES), text);
        rmSync(path('node_modules'));
        symlinkSync(join(ROOT, 'node_modules'), path('node_modules'), 'junction');
      }
    },
  );

  test('code compiled from another source is not run: the error names the file and the command', () => {
    appendFileSync(path(PASSES), "\nthrow new Error('broken on purpose');\n");
    assert.match(use(), /Error: convlab: .*passes\.ts has changed since lib was built; run `npm run build`/);
  });

  test('the engine from source, whose workers are compiled, refuses as well', () => {
    const code = "require('./lib/src/platform/node').platform.readModule('kernels.wasm')";
    const loader = join(ROOT, 'scripts/typescript.js');
    const { stderr } = spawnSync(process.execPath, ['-r', loader, '-e', code], {
      cwd: copy,
      encoding: 'utf8',
    });
    assert.match(stderr, /Error: convlab: .*passes\.ts has changed since lib was built/);
  });

  test('a source that does not compile makes the build fail, and is not run', async () => {
    const text = readFileSync(path(PASSES), 'utf8');
    appendFileSync(path(PASSES), "export const wrong: number = 'text';\n");
    assert.equal(await build(copy), false);
    assert.match(use(), /has changed since lib was built/);
    writeFileSync(path(PASSES), text);
  });

  test('after a build the changed code runs, including kernels, and the removed code is gone', async () => {
    const kernels = () => readFileSync(path('lib/dist/engine/kernels/kernels.wasm'));
    const earlier = kernels();
    const loss = path('lib/src/engine/kernels/assembly/loss.ts');
    appendFileSync(loss, '\nexport function addedForATest(): i32 {\n  return 12345;\n}\n');
    appendFileSync(
      path('lib/src/engine/kernels/assembly/index.ts'),
      "\nexport { addedForATest } from './loss';\n",
    );
    writeFileSync(path('lib/dist/removed.js'), '');
    assert.ok(await build(copy));
    assert.match(use(), /broken on purpose/);
    assert.notDeepEqual(kernels(), earlier);
    assert.ok(
      WebAssembly.Module.exports(new WebAssembly.Module(kernels())).some(
        ({ name }) => name === 'addedForATest',
      ),
    );
    assert.ok(!existsSync(path('lib/dist/removed.js')));
  });

  test('kernels that were compiled in a build that failed are not kept when the sources are restored', async () => {
    const kernels = () => readFileSync(path('lib/dist/engine/kernels/kernels.wasm'));
    const earlier = kernels();
    const files = [path(PASSES), path('lib/src/engine/kernels/assembly/index.ts')];
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    appendFileSync(files[0], "export const wrong: number = 'text';\n");
    appendFileSync(files[1], '\nexport function halfBuilt(): i32 {\n  return 1;\n}\n');
    assert.equal(await build(copy), false);
    files.forEach((file, i) => writeFileSync(file, texts[i]));
    assert.ok(await build(copy));
    assert.deepEqual(kernels(), earlier);
  });

  test('a deleted source counts as changed', () => {
    renameSync(path('lib/src/cost.ts'), path('elsewhere.ts'));
    assert.match(use(), /cost\.ts has changed since lib was built/);
  });

  test('a package without sources is not compared with sources', () => {
    renameSync(path('lib/src'), path('elsewhere'));
    assert.match(use(), /broken on purpose/);
  });
});
