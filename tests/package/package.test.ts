/** lib as others get it: packed, installed in an empty project, and used from there in every way that the README promises. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { emptyProject, type Project } from './project';
import { installWebpack, type Webpack } from './webpack';

const ROOT = join(__dirname, '..', '..');

let project: Project;
before(() => {
  project = emptyProject();
});
after(() => project.remove());

/** The blocks of code in lib's README. */
function readmeCode(language: string): string[] {
  const text = readFileSync(join(ROOT, 'lib/README.md'), 'utf8');
  return Array.from(text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs')), ([, code]) => code);
}

test('it holds what is compiled, a licence and a README, and no sources', () => {
  const paths = project.files.map(({ path }) => path);
  for (const path of [
    'LICENSE',
    'README.md',
    'package.json',
    'dist/engine/kernels/kernels.wasm',
    'dist/data/mnist.json',
  ]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(
    paths.filter(
      (path) =>
        !/^(dist\/.*|LICENSE|README\.md|package\.json)$/.test(path) || /\.test\.|tsbuildinfo/.test(path),
    ),
    [],
  );
  assert.equal(
    readFileSync(join(ROOT, 'lib/LICENSE'), 'utf8'),
    readFileSync(join(ROOT, 'LICENSE'), 'utf8'),
    'the licence is the project’s',
  );
});

test('the training of its README, from CommonJS, recognises digits', () => {
  project.write('first.js', readmeCode('js')[0]);
  const said = /([\d.]+) % of 2000 digits are recognised/.exec(project.run('first.js').replace(',', ''));
  assert.ok(Number(said?.[1]) > 95, String(said?.[0]));
});

test('official files that are missing are to be got by hand, not by a script that only the repository has', () => {
  project.write(
    'official.js',
    `require('convlab').loadMnist({ dataset: 'fashion' }).catch(({ code, message }) => console.log(code, message));`,
  );
  const message = project.run('official.js');
  assert.match(message, /^NO_DATA loadMnist: expected the official files of Fashion-MNIST in /);
  assert.match(message, /\nPass \{ directory \}, or set .*, or get them by hand:\n {2}https:\/\//);
  assert.doesNotMatch(message, /npm run/);
});

test('an ES module imports by name all that CommonJS gets', () => {
  project.write(
    'names.mjs',
    `import * as convlab from 'convlab';
     import { createRequire } from 'node:module';
     const names = Object.keys(createRequire(import.meta.url)('convlab'));
     console.log(names.length > 100, names.filter((name) => !(name in convlab)));`,
  );
  assert.equal(project.run('names.mjs'), 'true []\n');
});

describe('TypeScript finds its types', () => {
  const source = `
    import { conv2d, EnvironmentError, models, ndarray, NonFiniteLossError, train, Unsupported, type Dataset, type History, type NDArray } from 'convlab';
    const y: NDArray = conv2d(ndarray([[[[1]]]]), ndarray([[[[2]]]]), undefined, { padding: 'same' });
    export async function learn(digits: Dataset): Promise<History> {
      return train(models.twoConvLayers({ seed: 2 }), digits, { epochs: 1, onEpoch: ({ accuracy }) => accuracy.toFixed(y.data[0]) });
    }
    export const isMissing = (error: unknown) => error instanceof EnvironmentError && error.code === 'NOT_INSTALLED';
    export const place = (error: unknown) =>
      error instanceof NonFiniteLossError ? [error.epoch, error.batch, error.where] : error instanceof Unsupported && error.name;
    import * as page from 'convlab/browser';
    export const inPage = [page.EnvironmentError, page.NonFiniteLossError, page.Unsupported];
    export const built: page.PageNetwork = page.buildNetwork([{ kind: 'conv', filters: 3, kernel: [3, 5] }]);
    export const learnt: Promise<page.History> = page.train(built, {} as page.Dataset, { epochs: 1 });
    // @ts-expect-error What is not there is an error: the types are not \`any\`.
    export { nothing } from 'convlab';
    // @ts-expect-error The optimizer is not called so.
    export const wrong = (digits: Dataset) => train(models.linear(), digits, { optimizer: 'adamant' });`;
  for (const [module, moduleResolution] of [
    ['commonjs', 'node10'],
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    test(`with moduleResolution ${moduleResolution}`, () => {
      const file = project.write('typed.ts', source);
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022'];
      const { stdout } = spawnSync(
        process.execPath,
        [
          join(ROOT, 'node_modules/typescript/bin/tsc'),
          ...options,
          ...['--module', module, '--moduleResolution', moduleResolution, file],
        ],
        { cwd: project.folder, encoding: 'utf8' },
      );
      assert.equal(stdout, '');
    });
  }
});

test('a bundler for Node takes it in; the engine, whose files stay behind, says what to do', async () => {
  const entry = project.write(
    'bundled.mjs',
    `import { conv2d, models, ndarray, train } from 'convlab';
     console.log(conv2d(ndarray([[[[3]]]]), ndarray([[[[2]]]])).data[0]);
     const digits = { images: new Float32Array(784), labels: new Uint8Array(1), size: 1, imageShape: [28, 28, 1], classes: 10 };
     train(models.linear(), digits, { epochs: 1 }).catch(({ name, code, message }) => console.log(name, code, message));`,
  );
  const outfile = join(project.folder, 'bundle/out.js');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', external: ['@tensorflow/*'] });
  // Somebody else's sources beside the bundle are not taken for this project's.
  project.write('src/index.ts', '');
  const [six, refusal] = project.run(outfile).split('\n');
  assert.equal(six, '6');
  assert.match(
    refusal,
    /^EnvironmentError NOT_BUILT engine: .*worker\.js is missing; .*keep convlab out of the bundle/,
  );
});

/** What a bundler makes of a page that trains: it must hold the engine, and look for no file. */
function checkPageBundle(code: string): void {
  assert.match(code, /wasm-unsafe-eval/);
  assert.doesNotMatch(code, /^import .* from|require\(|import\.meta/m);
}

test('bundlers for pages take the browser build in: esbuild and rollup', async () => {
  const entry = project.write(
    'page.mjs',
    `import { buildNetwork, train, twoConvLayers } from 'convlab/browser';
     globalThis.go = (digits) => train(buildNetwork(twoConvLayers), digits);`,
  );
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  checkPageBundle(outputFiles[0].text);
  const resolved = join(project.folder, 'node_modules/convlab/dist/browser.mjs');
  const bundle = await rollup({
    input: entry,
    plugins: [{ name: 'node_modules', resolveId: (id) => (id === 'convlab/browser' ? resolved : null) }],
  });
  const { output } = await bundle.generate({ format: 'es' });
  assert.equal(output.length, 1);
  checkPageBundle(output[0].code);
});

describe('webpack', () => {
  let webpack: Webpack | string;
  before(() => {
    webpack = installWebpack(project);
  });

  const TRAIN = `import { conv2d, models, ndarray, train } from 'convlab';
    console.log(conv2d(ndarray([[[[3]]]]), ndarray([[[[2]]]])).data[0]);
    const digits = { images: new Float32Array(784), labels: new Uint8Array(1), size: 1, imageShape: [28, 28, 1], classes: 10 };
    train(models.linear(), digits, { epochs: 1 }).then(
      ({ engine, steps }) => console.log(engine, steps),
      ({ name, code, message }) => console.log(name, code, message));`;

  test('makes a bundle for Node that trains, where convlab is external', (t) => {
    if (typeof webpack === 'string') return t.skip(webpack);
    project.write('webpack/outside.js', TRAIN);
    assert.deepEqual(webpack.bundle('webpack/outside.js', 'outside.js', 'node', ['convlab']), []);
    assert.equal(project.run('outside.js'), '6\nsimd 1\n');
  });

  test('takes convlab into a bundle for Node, whose engine says what to do', (t) => {
    if (typeof webpack === 'string') return t.skip(webpack);
    project.write('webpack/inside.js', TRAIN);
    const external = ['backend-cpu', 'backend-wasm', 'core', 'layers'].map(
      (name) => `@tensorflow/tfjs-${name}`,
    );
    assert.deepEqual(webpack.bundle('webpack/inside.js', 'inside.js', 'node', external), []);
    const [six, refusal] = project.run('inside.js').split('\n');
    assert.equal(six, '6');
    assert.match(
      refusal,
      /^EnvironmentError NOT_BUILT engine: .*worker\.js is missing; .*keep convlab out of the bundle/,
    );
  });

  test('takes the browser build into a page', (t) => {
    if (typeof webpack === 'string') return t.skip(webpack);
    project.write(
      'webpack/page.js',
      `import { buildNetwork, train, twoConvLayers } from 'convlab/browser';
       globalThis.go = (digits) => train(buildNetwork(twoConvLayers), digits);`,
    );
    assert.deepEqual(webpack.bundle('webpack/page.js', 'webpack-page.js', 'web'), []);
    checkPageBundle(readFileSync(join(project.folder, 'webpack-page.js'), 'utf8'));
  });
});

test('the browser build is under 70 KB compressed, as its README says', () => {
  const bytes = readFileSync(join(project.folder, 'node_modules/convlab/dist/browser.mjs'));
  assert.ok(gzipSync(bytes, { level: 9 }).length < 70_000);
});

test('in Node the browser build computes, and says where it trains', () => {
  project.write(
    'page.cjs',
    `const { buildNetwork, conv2d, ndarray, train } = require('convlab/browser');
     console.log(conv2d(ndarray([[[[3]]]]), ndarray([[[[2]]]])).data[0]);
     const digits = { images: new Float32Array(784), labels: new Uint8Array(1), size: 1, imageShape: [28, 28, 1], classes: 10 };
     train(buildNetwork([{ kind: 'dense', units: 10 }]), digits).catch(({ code, message }) => console.log(code, message));`,
  );
  assert.equal(
    project.run('page.cjs'),
    '6\nNO_THREADS engine: there are no workers here, in which it runs\n',
  );
});

test('what only some need is optional, and missed with a sentence', () => {
  project.write(
    'optional.js',
    `const { lineChart, openWindow, train, useBackend } = require('convlab');
     require('@tensorflow/tfjs-backend-cpu');
     const tf = require('@tensorflow/tfjs-layers');
     const model = tf.sequential({ layers: [
       tf.layers.separableConv2d({ filters: 2, kernelSize: 3, inputShape: [28, 28, 1] }),
       tf.layers.flatten(), tf.layers.dense({ units: 10 })] });
     const digits = { images: new Float32Array(784), labels: new Uint8Array(1), size: 1, imageShape: [28, 28, 1], classes: 10 };
     const say = ({ name, code, message }) => console.log(name, code, message);
     (async () => {
       await openWindow(lineChart([{ y: [1, 2] }])).catch(say);
       await useBackend().catch(say);
       await train(model, digits).catch(say);
     })();`,
  );
  const said = project.run('optional.js').split('\n');
  const missing = (callee: string, name: string) =>
    said.some((line) =>
      line.startsWith(`EnvironmentError NOT_INSTALLED ${callee}: ${name} is not installed`),
    );
  assert.ok(missing('openWindow', 'nodeplotlib'), said.join('\n'));
  assert.ok(missing('useBackend', '@tensorflow/tfjs'), said.join('\n'));
  assert.ok(missing('train', '@tensorflow/tfjs'), said.join('\n'));
});

test('what goes wrong is of the classes that it exports', () => {
  project.write(
    'errors.js',
    `require('@tensorflow/tfjs-backend-cpu');
     const tf = require('@tensorflow/tfjs-layers');
     const { models, NonFiniteLossError, train, Unsupported } = require('convlab');
     const separable = tf.sequential({ layers: [
       tf.layers.separableConv2d({ filters: 2, kernelSize: 3, inputShape: [28, 28, 1] }),
       tf.layers.flatten(), tf.layers.dense({ units: 10 })] });
     const digits = { images: new Float32Array(784).fill(1), labels: new Uint8Array(1), size: 1, imageShape: [28, 28, 1], classes: 10 };
     console.warn = () => undefined;
     (async () => {
       await train(separable, digits, { engine: 'simd' }).catch((error) => console.log(error instanceof TypeError, error.cause instanceof Unsupported));
       await train(models.twoConvLayers(), digits, { learningRate: 1e30 }).catch((error) => console.log(error instanceof NonFiniteLossError, error.epoch));
     })();`,
  );
  assert.match(project.run('errors.js'), /^true true\ntrue \d+\n/);
});

test('publint and arethetypeswrong find nothing', () => {
  const tool = (path: string, args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules', path), ...args],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stdout + stderr);
  };
  tool('publint/src/cli.js', ['run', '--strict', join(project.folder, 'node_modules/convlab')]);
  tool('@arethetypeswrong/cli/dist/index.js', [project.tarball]);
});
