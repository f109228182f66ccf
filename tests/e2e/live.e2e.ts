/** What a reader sees while a cell works: curves that grow, a line that tells how far it is, and what stays of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { screenshot } from './browser';
import { testLab, type NotebookPage } from './jupyter';

const lab = testLab();

const PREPARE = `import { evaluate, lineChart, liveFigure, loadMnist, models, train } from 'convlab';
const { train: digits, test } = await loadMnist();
const model = models.twoConvLayers({ seed: 1 });`;

/** Keeps, from now on, the pictures that a cell shows one after the other: looking now and then would miss some. */
async function watchPictures(notebook: NotebookPage, index: number): Promise<void> {
  await notebook.cell(index);
  await notebook.page.evaluate(`(() => {
    const cell = document.querySelector('[data-test-cell="${index}"]');
    globalThis.shownPictures = [];
    new MutationObserver(() => {
      const source = cell.querySelector('.jp-RenderedSVG img')?.getAttribute('src');
      // JupyterLab adds a picture first and gives it its source then.
      if (source && source !== shownPictures.at(-1)) shownPictures.push(source);
    }).observe(cell, { subtree: true, childList: true, attributes: true, attributeFilter: ['src'] });
  })()`);
}

/** What {@link watchPictures} has seen, as SVG. */
async function pictures(notebook: NotebookPage): Promise<string[]> {
  return (await notebook.page.evaluate<string[]>('shownPictures')).map(decodeURIComponent);
}

/** What a cell that has ended shows: a figure to zoom into, and no picture any more. */
async function endsAsFigure(notebook: NotebookPage, index: number): Promise<Locator> {
  assert.deepEqual(await notebook.errors(), []);
  assert.deepEqual(await notebook.figuresNotDrawn(), []);
  const cell = await notebook.cell(index);
  assert.equal(await cell.locator('.js-plotly-plot').count(), 1);
  assert.equal(await cell.locator('.jp-RenderedSVG').count(), 0);
  return cell;
}

test('a training is seen to go on, and ends as a figure to zoom into', async () => {
  const options = '{ epochs: 8, threads: 1, seed: 1, validation: test }';
  const path = lab.write('live-training', [
    PREPARE,
    `const history = await train(model, digits, ${options});`,
  ]);
  const notebook = await lab.open(path);
  await notebook.run(0);
  await watchPictures(notebook, 1);
  const ended = notebook.run(1);
  await notebook.page.waitForFunction('shownPictures.length >= 4', undefined, { timeout: 120_000 });
  await screenshot(notebook.page, 'live-training');
  await ended;
  const seen = await pictures(notebook);
  assert.ok(
    seen.some((picture) => /epoch \d of 8 · [\d,]+ images\/s · \d+ s left/.test(picture)),
    'epoch, speed and the time that is left',
  );
  await endsAsFigure(notebook, 1);
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
  await watchPictures(notebook, 1);
  await notebook.run(1);
  assert.ok((await pictures(notebook)).length >= 3);
  const cell = await endsAsFigure(notebook, 1);
  assert.equal(await cell.locator('.scatterlayer .point').count(), 11, 'the last state');
  await screenshot(notebook.page, 'live-figure-end');
  await notebook.close();
});

test('a cell that works for long says how far it is, and leaves nothing of that', async () => {
  const path = lab.write('live-line', [
    `import { take } from 'convlab';\n${PREPARE}
// Five times the digits: some seconds of work, on a quick machine too.
const many = take(digits, Array.from({ length: 40_000 }, (_, i) => i % digits.size));`,
    `console.log((await evaluate(model, many, { engine: 'tfjs' })).loss < 3);`,
  ]);
  const notebook = await lab.open(path);
  await notebook.run(0);
  await notebook.start(1);
  const cell = await notebook.cell(1);
  await cell.getByText(/^evaluate: [\d,]+ of 40,000 images$/).waitFor({ timeout: 60_000 });
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
