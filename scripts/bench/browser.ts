/**
 * `npm run bench:browser [-- rounds]`: an epoch of the digits that come with the course, seed 001's network on two threads:
 * in Node, in Chromium on a cross-origin isolated page, and there on one worker without threads, taking turns. The first
 * epoch of each training, which compiles, does not count. Goal: with threads at most 1.2 times Node's time.
 */
import { loadavg } from 'node:os';
import { formatIdx, loadMnist, median, models, train } from 'convlab';
import { chromium, type Page } from 'playwright-core';
import { wholeNumber } from '../commandLine';
import { findChromium } from '../lab/chromium';
import { startPageServer, type PageName } from '../pageServer';
import { runBenchmark } from './runBenchmark';

const EPOCHS = 4;
const THREADS = 2;

async function main([given = '5']: readonly string[]): Promise<void> {
  const rounds = wholeNumber('the number of rounds', given);
  const executablePath = findChromium();
  const digits = (await loadMnist()).train;
  const bytes = Uint8Array.from(digits.images, (pixel) => Math.round(255 * pixel));
  const server = await startPageServer({
    '/images.idx': formatIdx({ shape: [digits.size, 28, 28], data: bytes }),
    '/labels.idx': formatIdx({ shape: [digits.size], data: digits.labels }),
  });
  const browser = await chromium.launch({ executablePath, args: ['--disable-gpu'] });
  const pages = await Promise.all((['isolated', 'plain'] as const).map(open));
  async function open(name: PageName): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(server.address(name));
    await page.evaluate(`import('/convlab.mjs').then(async (library) => {
      const read = async (name) => ({ name, ...library.parseIdx(new Uint8Array(await (await fetch(name)).arrayBuffer()), name) });
      globalThis.c = library;
      globalThis.digits = library.datasetFromIdx(await read('images.idx'), await read('labels.idx'), 10);
    })`);
    return page;
  }
  const inNode = async (): Promise<readonly number[]> => {
    const o = { epochs: EPOCHS, threads: THREADS, engine: 'simd', quiet: true } as const;
    return (await train(models.twoConvLayers(), digits, o)).seconds;
  };
  const inPage = (page: Page): Promise<readonly number[]> =>
    page.evaluate(
      `c.train(c.buildNetwork(c.twoConvLayers), digits, { epochs: ${EPOCHS}, threads: ${THREADS} }).then(({ seconds }) => seconds)`,
    );
  const contestants = [
    ['Node, 2 threads', inNode],
    ['Chromium, 2 threads', () => inPage(pages[0])],
    ['Chromium, one worker', () => inPage(pages[1])],
  ] as const;
  const seconds = contestants.map((): number[] => []);
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [i, [, epoch]] of contestants.entries()) seconds[i].push(median((await epoch()).slice(1)));
    }
  } finally {
    await browser.close();
    server.close();
  }
  console.log(
    `Node ${process.version}, Chromium ${browser.version()}, ${rounds} rounds, load ${loadavg()[0].toFixed(1)}`,
  );
  const reference = median(seconds[0]);
  for (const [i, [name]] of contestants.entries()) {
    const own = median(seconds[i]);
    const spread = `${Math.min(...seconds[i]).toFixed(3)}–${Math.max(...seconds[i]).toFixed(3)}`;
    const rate = Math.round(digits.size / own).toLocaleString('en-US');
    console.log(
      `${name.padEnd(21)} ${own.toFixed(3)} s (${spread}), ${rate} images/s, ${(own / reference).toFixed(2)} × Node`,
    );
  }
}

runBenchmark(
  'browser',
  '[-- ROUNDS]',
  'An epoch of training in Chromium beside one in Node. Default: 5 rounds.',
  main,
);
