/**
 * `npm run bench:site [-- rounds]`: builds the site and has Lighthouse rate its front page and notebook 1 as on a telephone
 * (a mid-range one on slow 4G, as Lighthouse simulates it), served compressed, as hosts of pages do. Lighthouse comes from
 * npm when it is called: it weighs more than all that the project is built with. Goal: 95 for both categories.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'convlab';
import { z } from 'zod';
import { ExpectedError, wholeNumber } from '../commandLine';
import { findChromium } from '../lab/chromium';
import { buildSite } from '../site/build';
import { serveSite } from '../site/server';
import { kilobytes, megabytes } from '../site/weight';
import { runBenchmark } from './runBenchmark';

/** The newest that runs on Node 20. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
const PAGES = ['index.html', '01-convolution.html'];
const GOAL = 95;

const category = z.object({ score: z.number() });
const audit = z.object({ numericValue: z.number() });
const report = z.object({
  categories: z.object({ performance: category, accessibility: category }),
  audits: z.object({
    'first-contentful-paint': audit,
    'largest-contentful-paint': audit,
    'total-blocking-time': audit,
    'cumulative-layout-shift': audit,
  }),
});
type Report = z.infer<typeof report>;

async function main([given = '3']: readonly string[]): Promise<void> {
  const rounds = wholeNumber('the number of rounds', given);
  const browser = findChromium();
  const folder = mkdtempSync(join(tmpdir(), 'convlab-site-'));
  try {
    const site = join(folder, 'site');
    const started = performance.now();
    const { site: whole, firstPage } = await buildSite({ out: site });
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `site: ${megabytes(whole)}, front page ${kilobytes(firstPage)} before figures, built in ${seconds.toFixed(1)} s`,
    );
    const server = await serveSite(site, { isolated: false });
    try {
      console.log(`${LIGHTHOUSE}, median of ${rounds} rounds, load ${loadavg()[0].toFixed(1)}`);
      for (const page of PAGES) {
        const reports: Report[] = [];
        for (let round = 0; round < rounds; round++)
          reports.push(await rate(`${server.address}${page}`, folder, browser));
        say(page, reports);
      }
    } finally {
      server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rate(address: string, folder: string, browser: string): Promise<Report> {
  const file = join(folder, 'report.json');
  await promisify(execFile)(
    'npm',
    [
      'exec',
      '--yes',
      `--package=${LIGHTHOUSE}`,
      '--',
      'lighthouse',
      address,
      '--only-categories=performance,accessibility',
      '--output=json',
      `--output-path=${file}`,
      '--quiet',
      '--no-enable-error-reporting',
      '--chrome-flags=--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync',
    ],
    // Outside of the project, whose packages it would look at first.
    {
      cwd: folder,
      env: { ...process.env, CHROME_PATH: browser },
      shell: process.platform === 'win32',
    },
  ).catch((error: Error) => {
    throw new ExpectedError(`${LIGHTHOUSE} gave no report: ${error.message}`);
  });
  return report.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function say(page: string, reports: readonly Report[]): void {
  const middle = (value: (report: Report) => number): number => median(reports.map(value));
  const [performance, accessibility] = (['performance', 'accessibility'] as const).map((name) =>
    Math.round(100 * middle(({ categories }) => categories[name].score)),
  );
  const [first, largest, blocked, shift] = (
    [
      'first-contentful-paint',
      'largest-contentful-paint',
      'total-blocking-time',
      'cumulative-layout-shift',
    ] as const
  ).map((name) => middle(({ audits }) => audits[name].numericValue));
  console.log(
    `${page}: performance ${performance}, accessibility ${accessibility} ` +
      `(first paint ${(first / 1000).toFixed(1)} s, largest ${(largest / 1000).toFixed(1)} s, blocked ${Math.round(blocked)} ms, layout shift ${shift.toFixed(3)})`,
  );
  if (Math.min(performance, accessibility) < GOAL) {
    console.log(`  below the goal of ${GOAL}`);
    process.exitCode = 1;
  }
}

runBenchmark(
  'site',
  '[-- ROUNDS]',
  'Has Lighthouse rate the site as on a telephone. Default: 3 rounds.',
  main,
);
