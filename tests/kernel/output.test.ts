/** The output of cells: streams, displays, results, in any amount and in order. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { one, publishedTypes, resultText, streamText, TestKernel } from './client';

describe('what a cell prints', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.close());

  test('goes to stdout and stderr, in order', async () => {
    const { published } = await kernel.run('console.log("a"); console.error("b"); console.log("c");');
    assert.equal(streamText(published, 'stdout'), 'a\nc\n');
    assert.equal(streamText(published, 'stderr'), 'b\n');
    assert.equal(streamText(published), 'a\nb\nc\n');
  });

  for (const lines of [784, 5000, 40_000]) {
    test(`${lines} lines in one turn of the event loop all arrive, in order, and the cell ends`, async () => {
      const { published, reply } = await kernel.run(`for (let i = 0; i < ${lines}; i++) console.log(i);`);
      const expected = Array.from({ length: lines }, (_, i) => `${i}\n`).join('');
      assert.ok(streamText(published) === expected, 'lines are missing or in another order');
      assert.equal(reply.content.status, 'ok');
    });
  }

  test('one line of 10 MB arrives', async () => {
    const { published } = await kernel.run('console.log("x".repeat(10_000_000));');
    assert.equal(streamText(published).length, 10_000_001);
  });

  test('is visible while the cell is still running', async () => {
    const cell = kernel.begin(
      'console.log("early"); await new Promise((resolve) => setTimeout(resolve, 500)); console.log("late");',
    );
    await kernel.printed(cell, 'early');
    assert.doesNotMatch(streamText(kernel.published(cell.id)), /late/);
    assert.equal(streamText((await cell.answered).published), 'early\nlate\n');
  });

  test('process.stdout.write: bytes, half characters, encodings, callbacks', async () => {
    const { published } = await kernel.run(`
      const bytes = Buffer.from('Größe 数');
      for (const byte of bytes) process.stdout.write(Buffer.of(byte));
      process.stdout.write(' 6869', 'utf8');
      process.stdout.write('6869', 'hex');
      await new Promise<void>((resolve) => process.stdout.write(' done', () => resolve()));
      console.log(process.stdout.write('.'));`);
    assert.equal(streamText(published), 'Größe 数 6869hi done.true\n');
  });

  test('of a first import() is its own, without a warning of Node', async () => {
    const first = await kernel.run("const fs = await import('node:fs');");
    assert.equal(streamText(first.published), '');
    const { published } = await kernel.run("console.log(fs.existsSync('.'));");
    assert.equal(streamText(published), 'true\n');
  });

  test('in a timer goes to the cell that set it, even while another runs', async () => {
    const first = await kernel.run('setTimeout(() => console.log("from the first"), 200);');
    const second = await kernel.run(
      'await new Promise((resolve) => setTimeout(resolve, 400)); console.log("second");',
    );
    assert.equal(streamText(second.published), 'second\n');
    assert.equal(streamText(kernel.published(first.id)), 'from the first\n');
  });
});

describe('what a cell shows', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.close());

  const bundle = (content: { data?: unknown }) => content.data as Record<string, unknown>;

  test('display_data: what tslab.display is given', async () => {
    const cell = await kernel.run(
      "import { display } from 'tslab';\ndisplay.html('<b>bold</b>');\ndisplay.png(Buffer.from([137, 80]));",
    );
    const shown = cell.published.filter(({ type }) => type === 'display_data').map(({ content }) => content);
    assert.deepEqual(shown.map(bundle), [{ 'text/html': '<b>bold</b>' }, { 'image/png': 'iVA=' }]);
    for (const { metadata } of shown) assert.deepEqual(metadata, {});
  });

  test('update_display_data: the same display_id', async () => {
    const cell = await kernel.run(
      "import { newDisplay } from 'tslab';\nconst shown = newDisplay(); shown.text('0 %'); shown.text('100 %');",
    );
    const [first, second] = [one(cell, 'display_data'), one(cell, 'update_display_data')];
    assert.deepEqual([bundle(first), bundle(second)], [{ 'text/plain': '0 %' }, { 'text/plain': '100 %' }]);
    const id = (first.transient as Record<string, unknown>).display_id;
    assert.equal(typeof id, 'string');
    assert.deepEqual(second.transient, { display_id: id });
  });

  test('update_display_data of a display of an earlier cell', async () => {
    const cell = await kernel.run("shown.text('again');");
    assert.deepEqual(bundle(one(cell, 'update_display_data')), { 'text/plain': 'again' });
  });

  test('clear_output: console.clear()', async () => {
    const cell = await kernel.run('console.log("gone"); console.clear(); console.log("stays");');
    assert.deepEqual(publishedTypes(cell), ['execute_input', 'stream', 'clear_output', 'stream']);
    assert.equal(typeof one(cell, 'clear_output').wait, 'boolean');
  });

  test("a figure shown by convlab's show is one bundle", async () => {
    const cell = await kernel.run(
      "import { heatMap, show } from 'convlab';\nshow(heatMap([[1, 2], [3, 4]]));",
    );
    assert.deepEqual(Object.keys(bundle(one(cell, 'display_data'))).sort(), [
      'application/vnd.plotly.v1+json',
      'image/svg+xml',
      'text/plain',
    ]);
  });

  test('a figure as last expression is shown', async () => {
    const cell = await kernel.run("import { lineChart } from 'convlab';\nlineChart([{ y: [3, 2, 1] }])");
    assert.deepEqual(Object.keys(bundle(one(cell, 'execute_result'))).sort(), [
      'application/vnd.plotly.v1+json',
      'image/svg+xml',
      'text/plain',
    ]);
  });

  describe("an object with Symbol.for('Jupyter.display') as last expression", () => {
    const show = (body: string) => `({ [Symbol.for('Jupyter.display')]${body} })`;

    test('gives its bundle', async () => {
      const cell = await kernel.run(show("() { return { 'text/html': '<i>so</i>', 'text/plain': 'so' }; }"));
      assert.deepEqual(bundle(one(cell, 'execute_result')), { 'text/html': '<i>so</i>', 'text/plain': 'so' });
    });

    test('may take its time', async () => {
      const cell = await kernel.run(show(": async () => ({ 'text/plain': 'later' })"));
      assert.deepEqual(bundle(one(cell, 'execute_result')), { 'text/plain': 'later' });
    });

    test('that returns nothing is printed like any other value', async () => {
      for (const body of ['() { return undefined; }', ': 7']) {
        assert.match(resultText(await kernel.run(show(body))), /Jupyter\.display/, body);
      }
    });

    // As text, an update would store it, and nobody would hear why it is no picture any more.
    test('that throws makes the cell fail, and so does a bundle that cannot be sent', async () => {
      for (const [body, message] of [
        ['() { throw new RangeError("lib has changed"); }', 'lib has changed'],
        [': async () => { throw new RangeError("lib has changed"); }', 'lib has changed'],
        ["() { return { 'text/plain': 1n }; }", 'Do not know how to serialize a BigInt'],
      ]) {
        const cell = await kernel.run(`const kept = 1;\n${show(body)}`);
        assert.equal(one(cell, 'error').evalue, message);
        assert.match(String(one(cell, 'error').traceback), /when the value of the cell was to be shown/);
        assert.equal(cell.reply.content.status, 'error');
        assert.equal(resultText(await kernel.run('kept')), '1');
      }
    });
  });

  describe('a value as last expression', () => {
    const shown = async (...lines: string[]) => resultText(await kernel.run(lines.join('\n')));

    test('a tensor: shape, dtype, a few values', async () => {
      assert.equal(
        await shown("import * as tf from '@tensorflow/tfjs';", 'tf.tensor2d([[0.1, 2], [3, 4]])'),
        'Tensor float32 [2, 2]: 0.1, 2, 3, 4',
      );
      assert.equal(
        await shown("import { zeros } from 'convlab';", 'zeros([1, 28, 28, 1])'),
        'NDArray float64 [1, 28, 28, 1]: 0, 0, 0, 0, 0, 0, 0, 0, … 776 more',
      );
    });

    test('gradients, each as a tensor', async () => {
      const text = await shown(
        "import { conv2dGrad, ndarray } from 'convlab';",
        'const one = ndarray([[[[2]]]]);',
        'conv2dGrad(one, one, one)',
      );
      assert.match(text, /dx: NDArray float64 \[1, 1, 1, 1\]: 4/);
      assert.match(text, /dbias: NDArray float64 \[1\]: 2/);
    });

    test('a network: the table of its layers', async () => {
      const text = await shown("import { models } from 'convlab';", 'models.twoConvLayers()');
      assert.match(text, /Layer \(type\)/);
      assert.match(text, /Total params: /);
    });

    test('a history: a table with one line per epoch', async () => {
      const text = await shown(
        "import { loadMnist, train } from 'convlab';",
        'const { test: few } = await loadMnist();',
        'const data = { ...few, images: few.images.slice(0, 784 * 64), labels: few.labels.slice(0, 64), size: 64 };',
        'await train(models.linear({ seed: 1 }), data, { epochs: 2, threads: 1 })',
      );
      assert.match(text, /^epoch +loss +accuracy\n +1 .*\n +2 .*\n4 steps$/);
    });

    test('a large one: shortened, saying how much is left out', async () => {
      assert.match(await shown('Array.from({ length: 1000 }, (_, i) => i)'), /\.\.\. 900 more items/);
      const lines = await shown(
        'Array.from({ length: 90 }, (_, i) => ({ i, text: "x".repeat(60), again: "y" }))',
      );
      assert.ok(lines.split('\n').length < 120);
      assert.match(lines, /… \d+ more lines$/);
      const text = await shown('"x".repeat(100_000)');
      assert.match(text.slice(-40), /\.\.\. 90000 more characters$/);
    });
  });
});
