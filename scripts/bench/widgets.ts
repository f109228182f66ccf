/**
 * `npm run bench:widgets [-- redraws]`: how long the widgets take to redraw in Chromium, on a digit of 28 × 28 and the
 * network of 30,840 parameters. For each kind of move it prints the median and the longest time of its code with the
 * page's layout, and the mean processor time of the page's thread, painting too: unlike the times, it hardly depends on
 * what else the machine does. Goal: 16 ms, a frame. Drawing is to take under 10 ms a stroke.
 */
import { loadavg } from 'node:os';
import {
  convolutionStepper,
  drawDigit,
  imageBatch,
  loadMnist,
  median,
  models,
  networkExplorer,
  networkOutline,
  networkVolumes,
  plainNetwork,
  poolingStepper,
  useBackend,
  type Widget,
} from 'convlab';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { wholeNumber } from '../commandLine';
import { findChromium } from '../lab/chromium';
import { runBenchmark } from './runBenchmark';

/** One kind of move: which element hears of it, in the widget's shadow root, and what. `n` counts the moves. */
interface Move {
  readonly name: string;
  readonly widget: Widget;
  /** JavaScript with `root` and `n`: one move, whose handlers have ended when it ends. */
  readonly act: string;
}

const PRESS = `const press = (at, key) => at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));`;
const SLIDE = `const slide = (at, value) => { at.value = String(value); at.dispatchEvent(new Event('input', { bubbles: true })); };
const named = (label) => [...root.querySelectorAll('.slider')].find((s) => s.textContent.startsWith(label)).querySelector('input');`;
const POINT = `const point = (at, type, x, y) => {
  const box = at.getBoundingClientRect();
  at.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: 'mouse', button: 0, buttons: type === 'pointerup' ? 0 : 1,
    bubbles: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
};`;
const BACK_AND_FORTH = `n % 2 ? 'ArrowLeft' : 'ArrowRight'`;

async function moves(): Promise<Move[]> {
  await useBackend();
  const { test } = await loadMnist();
  const model = models.twoConvLayers({ seed: 1 });
  const network = plainNetwork(model);
  const digit = imageBatch(test, [0]);
  const kernel = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]; // prettier-ignore
  const images = imageBatch(test, [0, 1, 2]);
  const [convolution, pooling] = [convolutionStepper(digit, kernel), poolingStepper(digit, { size: 2 })];
  const [explorer, sheet] = [networkExplorer(network, images), drawDigit(network, images)];
  const walk = `${PRESS} press(root.querySelector('[role=slider]'), ${BACK_AND_FORTH});`;
  return [
    { name: 'convolution: window moves', widget: convolution, act: walk },
    {
      name: 'convolution: kernel size changes',
      widget: convolution,
      act: `${SLIDE} slide(named('kernel size'), 3 + (n % 5));`,
    },
    {
      name: 'convolution: padding changes',
      widget: convolution,
      act: `${SLIDE} slide(named('padding'), n % 4);`,
    },
    { name: 'pooling: window moves', widget: pooling, act: walk },
    {
      name: 'pooling: stride changes',
      widget: pooling,
      act: `${SLIDE} slide(named('stride'), 1 + (n % 3));`,
    },
    { name: 'explorer: another number', widget: explorer, act: walk },
    {
      name: 'explorer: another layer',
      widget: explorer,
      act: `const layers = root.querySelectorAll('input[type=radio][name]'); layers[1 + (n % 4)].click();`,
    },
    {
      name: 'draw a digit: a stroke goes on',
      widget: sheet,
      act: `${POINT} const at = root.querySelector('.sheet');
if (n % 20 === 0) point(at, 'pointerdown', 0.3, 0.3);
point(at, 'pointermove', 0.3 + 0.02 * (n % 20), 0.3 + 0.4 * Math.sin(n % 20));
if (n % 20 === 19) point(at, 'pointerup', 0.7, 0.3);`,
    },
    {
      name: 'draw a digit: turned',
      widget: sheet,
      act: `${SLIDE} slide(named('turned'), -30 + (n % 60));`,
    },
    {
      name: 'volumes: another block',
      widget: networkVolumes(networkOutline(model)),
      act: `root.querySelectorAll('[role=option]')[n % 6].focus();`,
    },
  ];
}

interface Redraws {
  /** Milliseconds of handlers, styles and layout, one for each move. */
  readonly times: readonly number[];
  /** Mean processor time of the page's thread for each move, in milliseconds. */
  readonly whole: number;
}

async function measure(page: Page, devtools: CDPSession, act: string, count: number): Promise<Redraws> {
  const run = (moves: number): Promise<number[]> =>
    page.evaluate(`(async () => {
      const root = document.querySelector('[data-convlab-widget]').shadowRoot;
      const act = (n) => { ${act} };
      const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const times = [];
      for (let n = 0; n < ${moves}; n++) {
        const began = performance.now();
        act(n);
        root.host.getBoundingClientRect();
        times.push(performance.now() - began);
        await frame();
      }
      return times;
    })()`);
  const busy = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  // Until the page's compiler has seen the code.
  await run(Math.min(20, count));
  const before = await busy();
  const times = await run(count);
  return { times, whole: ((await busy()) - before) / count };
}

async function main([given = '100']: readonly string[]): Promise<void> {
  const count = wholeNumber('the number of redraws', given);
  const executablePath = findChromium();
  const all = await moves();
  const browser = await chromium.launch({ executablePath, args: ['--disable-gpu'] });
  try {
    console.log(
      `${count} redraws each, milliseconds, Chromium ${browser.version()}, load ${loadavg()[0].toFixed(1)}\n`,
    );
    console.log(
      `${'move'.padEnd(36)}${'median'.padStart(8)}${'longest'.padStart(9)}${'processor time'.padStart(16)}`,
    );
    for (const { name, widget, act } of all) {
      const page = await browser.newPage({ viewport: { width: 1000, height: 1200 } });
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
      await page.setContent(`<!doctype html><main style="width: 900px">${htmlOf(widget)}</main>`);
      const { times, whole } = await measure(page, devtools, act, count);
      const columns = [median([...times]), Math.max(...times), whole].map((ms) => ms.toFixed(1));
      console.log(
        name.padEnd(36) + columns[0].padStart(8) + columns[1].padStart(9) + columns[2].padStart(16),
      );
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

/** What a notebook stores of it. */
function htmlOf(widget: Widget): string {
  const shown = widget as unknown as Record<symbol, () => Record<string, string>>;
  return shown[Symbol.for('Jupyter.display')]()['text/html'];
}

runBenchmark(
  'widgets',
  '[-- REDRAWS]',
  'How long the widgets take to redraw in Chromium. Default: 100 redraws of each.',
  main,
);
