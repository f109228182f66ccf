/** What a reader sees while a cell works: curves that grow, a line that tells how far it is, and what stays of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { screenshot } from './browser';
import { testLab, type NotebookPage } from './jupyter';

const lab = testLab();

const PREPARE = `import { evaluate, lineChart, liveFigure, loadMnist, models, train } from 'convlab';
const { train: digits, test } = await loadMnist();
const model = models.twoConvLayers({ seed: 1 });`;

/** Runs a cell. @returns the pictures that it showed one after the other until it had ended */
async function picturesOf(notebook: NotebookPage, index: number, onChange?: (count: number) => unknown) {
  const cell = await notebook.cell(index);
  const pictures: string[] = [];
  let hasEnded = false;
  const ended = notebook.run(index).finally(() => (hasEnded = true));
  while (!hasEnded) {
    const source = await notebook.page.evaluate<string | undefined>(
      `document.querySelector('[data-test-cell="${index}"] .jp-OutputArea img')?.src`,
    );
    // JupyterLab adds a picture first and gives it its source then.
    if (source && source !== pictures.at(-1)) await onChange?.(pictures.push(source));
    await notebook.page.waitForTimeout(50);
  }
  await ended;
  return { cell, pictures };
}

test('a training is seen to go on, and ends as a figure to zoom into', async () => {
  const options = '{ epochs: 8, threads: 1, seed: 1, validation: test }';
  const path = lab.write('live-training', [
    PREPARE,
    `const history = await train(model, digits, ${options});`,
  ]);
  const notebook = await lab.open(path);
  await notebook.run(0);
  const { cell, pictures } = await picturesOf(notebook, 1, async (count) => {
    if (count === 6) await screenshot(notebook.page, 'live-training-6th');
  });
  assert.ok(pictures.length >= 4, `${pictures.length} pictures were seen`);
  assert.match(decodeURIComponent(pictures[pictures.length - 1]), /images\/s|epochs/);
  assert.deepEqual(await notebook.errors(), []);
  assert.deepEqual(await notebook.figuresNotDrawn(), []);
  assert.equal(await cell.locator('.js-plotly-plot').count(), 1);
  assert.equal(
    await cell.locator('.jp-OutputArea img').count(),
    0,
    'the last picture has given way to the figure',
  );
  await screenshot(notebook.page, 'live-training-end');
  await notebook.close();
});

test('a live figure of the reader’s own changes, and ends as a figure to zoom into', async () => {
  const path = lab.write('live-figure', [
    PREPARE,
    `const live = liveFigure(lineChart([{ y: [1] }]));
for (let i = 2; i < 12; i++) {
  await new Promise((resolve) => setTimeout(resolve, 400));
  live.update(lineChart([{ y: Array.from({ length: i }, (_, k) => 1 / (k + 1)) }]));
}`,
  ]);
  const notebook = await lab.open(path);
  await notebook.run(0);
  const { cell, pictures } = await picturesOf(notebook, 1);
  assert.deepEqual(await notebook.errors(), []);
  assert.ok(pictures.length >= 4, `${pictures.length} pictures were seen`);
  assert.deepEqual(await notebook.figuresNotDrawn(), []);
  assert.equal(await cell.locator('.scatterlayer .point').count(), 11, 'the last state');
  await screenshot(notebook.page, 'live-figure-end');
  await notebook.close();
});

test('a cell that works for long says how far it is, and leaves nothing of that', async () => {
  const path = lab.write('live-line', [
    PREPARE,
    `console.log((await evaluate(model, digits, { engine: 'tfjs' })).loss < 3);`,
  ]);
  const notebook = await lab.open(path);
  await notebook.run(0);
  await notebook.start(1);
  const cell = await notebook.cell(1);
  await cell.getByText(/^evaluate: [\d,]+ of 8,000 images$/).waitFor({ timeout: 60_000 });
  await screenshot(notebook.page, 'live-line');
  await notebook.idle();
  assert.equal((await cell.locator('.jp-OutputArea').innerText()).trim(), 'true');
  const { height } = (await cell.locator('.jp-OutputArea').boundingBox()) ?? { height: NaN };
  assert.ok(height < 40, `${height} pixels for one line of text`);
  await screenshot(notebook.page, 'live-line-end');
  await notebook.command('docmanager:save');
  const saved = JSON.parse(readFileSync(join(lab.root, path), 'utf8')) as {
    cells: { outputs: { output_type: string }[] }[];
  };
  assert.deepEqual(
    saved.cells[1].outputs.map(({ output_type }) => output_type),
    ['stream'],
  );
  await notebook.close();
});
