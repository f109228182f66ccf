/** Deno's kernel, the notebooks' second home; without Deno only that its absence is said. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { augmenter, models, random, train } from 'convlab';
import { denoProgram, KernelspecError } from '../../scripts/notebooks/run/kernelspec';
import { results, ROOT } from './runner';

function missing(): string | false {
  try {
    denoProgram();
    return false;
  } catch (error) {
    if (!(error instanceof KernelspecError)) throw error;
    return error.message;
  }
}

test('where Deno is not, the notebook fails with a sentence that says so', async () => {
  const environment = { DENO: join(ROOT, 'no-deno') };
  const { code, of } = await results(['test', '--kernel', 'deno', 'notebooks/02-padding-and-stride.ipynb'], environment); // prettier-ignore
  assert.equal(code, 1);
  const [{ kind, message }] = of('02-padding-and-stride').failures;
  assert.equal(kind, 'start failed');
  assert.match(message, /^DENO is '.*no-deno', which is no file; expected the path of the program deno$/);
});

/** Runs a program of CommonJS. @returns the JSON that it prints */
function inDeno(program: string): unknown {
  const { stdout, stderr } = spawnSync(
    denoProgram(),
    ['eval', `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(__filename)}); ${program}`], // prettier-ignore
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' } },
  );
  assert.match(stdout, /^[[{"]/, stderr);
  return JSON.parse(stdout);
}

describe('under Deno', { skip: missing() }, () => {
  test('a notebook of the course has the outputs that are stored', async () => {
    const { of } = await results(['test', '--kernel', 'deno', 'notebooks/02-padding-and-stride.ipynb']);
    const { verdict, failures, cells } = of('02-padding-and-stride');
    assert.deepEqual(failures, []);
    assert.equal(verdict, 'passed');
    assert.ok(cells.filter(({ compared }) => compared).length > 50);
  });

  test('a training on threads gives the weights of Node, and its memory stays within bounds', async () => {
    /** 12 million pixels: when Deno searched what its threads received, that took 550 MB. */
    const IMAGES = 16_000;
    const make = `(random) => {
      const generator = random(5);
      const images = new Float32Array(${IMAGES} * 784).map(() => generator.uniform());
      const labels = new Uint8Array(${IMAGES}).map((_, i) => i % 10);
      return { images, labels, size: ${IMAGES}, imageShape: [28, 28, 1], classes: 10 };
    }`;
    const program = `
      const { models, random, train } = require('convlab');
      const data = (${make})(random);
      const model = models.linear({ seed: 2 });
      train(model, data, { epochs: 1, batchSize: 512, threads: 2, engine: 'simd' }).then(() => {
        console.log(JSON.stringify([[...model.getWeights()[1].dataSync()], process.memoryUsage().rss]));
        process.exit();
      });`;
    const [biases, bytes] = inDeno(program) as [number[], number];
    const model = models.linear({ seed: 2 });
    const data = (eval(make) as (make: typeof random) => Parameters<typeof train>[1])(random);
    await train(model, data, { epochs: 1, batchSize: 512, threads: 1, engine: 'simd' });
    assert.deepEqual(biases, [...model.getWeights()[1].dataSync()]);
    assert.ok(bytes < 500 * 2 ** 20, `${Math.round(bytes / 2 ** 20)} MB`);
  });

  test('threads augment images as Node does', async () => {
    const limits = { shift: 2, rotate: 10, elastic: 0.5 };
    const make = `async (random, augmenter) => {
      const generator = random(5);
      const images = new Float32Array(4000 * 784).map(() => generator.uniform());
      const data = { images, labels: new Uint8Array(4000), size: 4000, imageShape: [28, 28, 1], classes: 10 };
      const sums = [];
      for await (const made of augmenter(${JSON.stringify(limits)}).ahead(data, 7, 1, 3))
        sums.push(made.reduce((sum, pixel, i) => sum + pixel * (1 + (i % 1009)), 0));
      return sums;
    }`;
    const found = inDeno(`
      process.env.CONVLAB_THREADS = '3';
      const { augmenter, random } = require('convlab');
      (${make})(random, augmenter).then((sums) => { console.log(JSON.stringify(sums)); process.exit(); });`);
    const here = eval(make) as (r: typeof random, a: typeof augmenter) => Promise<number[]>;
    assert.deepEqual(found, await here(random, augmenter));
  });
});
