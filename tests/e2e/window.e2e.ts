/** A script's window, through nodeplotlib: what a person sees of its page, which loads nothing from other machines. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { ROOT } from '../../scripts/lab/environment';
import { freePorts } from '../../scripts/notebooks/run/ports';
import { screenshot, testBrowser } from './browser';

const browser = testBrowser();

/** Runs a script that opens a window, and opens its page. @param figure source: a figure, or a stream of them */
async function openWindow(
  figure: string,
): Promise<{ page: Page; said: () => string; ended: Promise<unknown> }> {
  const [port] = await freePorts(1);
  const source = `const { openWindow, lineChart, heatMap, sideBySide } = require('convlab');
    openWindow(${figure}, { seconds: 60 }).then((seen) => console.log('seen:', seen));`;
  const script = spawn(process.execPath, ['-e', source], {
    cwd: ROOT,
    env: { ...process.env, NODEPLOTLIB_PORT: String(port) },
    stdio: ['ipc', 'pipe', 'pipe'],
  });
  const ended = once(script, 'close');
  let said = '';
  for (const stream of [script.stdout, script.stderr]) stream?.on('data', (text) => (said += String(text)));
  for (let tries = 0; !said.includes('in a browser'); tries++) {
    assert.ok(tries < 900, said);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const page = await browser.blank({ width: 1000, height: 800 });
  await page.goto(`http://localhost:${port}`);
  page.once('close', () => script.kill());
  return { page, said: () => said, ended };
}

test('a figure wider than half the window is seen whole, and no word stands for an icon', async () => {
  const rows = 'Array.from({ length: 28 }, (_, i) => Array.from({ length: 28 }, (_, j) => i * j))';
  const { page, said, ended } = await openWindow(
    `sideBySide([heatMap(${rows}, { title: 'first' }), heatMap(${rows}, { title: 'second' })])`,
  );
  const plot = page.locator('.js-plotly-plot');
  await plot.getByText('second').waitFor();
  const [figure, card] = [await plot.boundingBox(), await page.locator('mat-card').boundingBox()];
  assert.ok(figure && card);
  assert.ok(figure.width > 500, `the figure is ${figure.width} pixels wide`);
  assert.ok(figure.x + figure.width <= card.x + card.width && card.x + card.width <= 1000);
  await screenshot(page, 'window');
  const words = (await page.locator('body').innerText()).split(/\s+/);
  assert.deepEqual(
    words.filter((word) => /^(tip|help|info|tips_and_updates)$/.test(word)),
    [],
  );
  await ended;
  assert.match(said(), /seen: true/);
  await page.close();
});

test('a stream’s figures follow one another', async () => {
  const { page, ended } = await openWindow(`new (require('rxjs').Observable)((observer) => {
    let count = 1;
    const timer = setInterval(() => {
      observer.next(lineChart([{ y: Array.from({ length: ++count }, (_, i) => 1 / (i + 1)) }], { title: count + ' points' }));
      if (count < 6) return;
      clearInterval(timer);
      observer.complete();
    }, 500);
  })`);
  await page.locator('.js-plotly-plot').getByText('6 points').waitFor();
  assert.equal(await page.locator('.js-plotly-plot .scatterlayer .point').count(), 6);
  await screenshot(page, 'window-stream');
  await ended;
  await page.close();
});
