/**
 * `npm run bench:opening [-- rounds]`: how long it takes from opening a notebook in JupyterLab to the answer of its first
 * cell, which is run as soon as the notebook is shown: the first one, in a browser that has never been there, which loads
 * JupyterLab, while its kernel starts as `npm run lab` starts it; and another one in the same page; and how much of that
 * is the kernel's: the same cell through the server's API, without a page, from the request for a kernel to the answer.
 * Goal: 3 s in a page that is there.
 */
import { loadavg } from 'node:os';
import { median } from 'convlab';
import { chromium } from 'playwright-core';
import { wholeNumber } from '../commandLine';
import { runFirstCell } from '../lab/check';
import { findChromium } from '../lab/chromium';
import { prepareEnvironment } from '../lab/environment';
import { FIRST_NOTEBOOK, startServer, type JupyterServer } from '../lab/server';
import { startSession } from '../lab/session';
import { runBenchmark } from './runBenchmark';

interface Opening {
  /** Seconds from the page's address to the notebook on the screen. */
  readonly shown: number;
  /** To the kernel's first word. */
  readonly connected: number;
  /** To the answer of the first cell. */
  readonly answered: number;
  /** The same of another notebook, from the command that opens it in the same page. */
  readonly another: number;
}

const ANOTHER = 'notebooks/01-convolution.ipynb';

async function open(executablePath: string, server: JupyterServer, round: number): Promise<Opening> {
  const browser = await chromium.launch({ executablePath, args: ['--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(300_000);
    const kernel = startSession(server, FIRST_NOTEBOOK);
    const workspace = `lab/workspaces/opening-${round}/tree/${FIRST_NOTEBOOK}`;
    await page.goto(`${server.url}${workspace}?token=${server.token}`, { waitUntil: 'commit' });
    await page.waitForFunction(
      `globalThis.jupyterapp?.shell.currentWidget?.context?.path === ${JSON.stringify(FIRST_NOTEBOOK)}`,
    );
    await kernel;
    // The page's clock begins with its address.
    return await page.evaluate<Opening>(`(async () => {
      const seconds = () => performance.now() / 1000;
      const useNotebook = async ({ content, context, sessionContext }) => {
        await context.ready;
        const shown = seconds();
        await sessionContext.ready;
        await sessionContext.session.kernel.info;
        const connected = seconds();
        content.activeCellIndex = content.widgets.findIndex(({ model }) => model.type === 'code');
        const succeeded = await jupyterapp.commands.execute('notebook:run-cell');
        if (succeeded === false) throw new Error('the first cell failed');
        return { shown, connected, answered: seconds() };
      };
      const first = await useNotebook(jupyterapp.shell.currentWidget);
      const began = seconds();
      const widget = await jupyterapp.commands.execute('docmanager:open', { path: ${JSON.stringify(ANOTHER)} });
      const { answered } = await useNotebook(widget);
      return { ...first, another: answered - began };
    })()`);
  } finally {
    await browser.close();
  }
}

async function endKernels(server: JupyterServer): Promise<void> {
  for (const { id } of (await server.request('api/sessions')) as { id: string }[]) {
    await server.request(`api/sessions/${id}`, { method: 'DELETE' });
  }
}

async function main([given = '5']: readonly string[]): Promise<void> {
  const rounds = wholeNumber('the number of rounds', given);
  const executablePath = findChromium();
  const environment = await prepareEnvironment((line) => console.log(line));
  const server = await startServer(environment, { args: ['--LabApp.expose_app_in_browser=True'] });
  const measured: Record<string, number[]> = {};
  const note = (name: string, seconds: number): void => void (measured[name] ??= []).push(seconds);
  try {
    for (let round = 0; round < rounds; round++) {
      const { shown, connected, answered, another } = await open(executablePath, server, round);
      note('notebook shown', shown);
      note('kernel connected', connected);
      note('first cell answered', answered);
      note('another notebook, in the same page', another);
      // Or else the kernel of the page would answer.
      await endKernels(server);
      const began = performance.now();
      await runFirstCell(server, FIRST_NOTEBOOK);
      note('kernel and first cell, without a page', (performance.now() - began) / 1000);
    }
  } finally {
    await server.stop();
  }
  console.log(`${FIRST_NOTEBOOK}, ${rounds} rounds, load ${loadavg()[0].toFixed(1)} at the end`);
  for (const [name, seconds] of Object.entries(measured)) {
    const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map((value) => value.toFixed(2));
    console.log(`${name.padEnd(40)}${median(seconds).toFixed(2)} s   (${least} to ${most})`);
  }
}

runBenchmark(
  'opening',
  '[-- ROUNDS]',
  'From opening a notebook in JupyterLab to the answer of its first cell. Default: 5 rounds.',
  main,
);
