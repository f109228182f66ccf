/**
 * A browser for tests: the system's Chromium (`CHROMIUM` names another), through Playwright.
 *
 * A test file is called `tests/e2e/….e2e.ts` and runs with `npm run test:e2e -- word`; `npm test` leaves it out. For a
 * widget, which needs no JupyterLab:
 *
 *     import assert from 'node:assert/strict';
 *     import { test } from 'node:test';
 *     import { axeFaults, screenshot, testBrowser } from './browser';
 *
 *     const browser = testBrowser(); // starts before the file's first test, is closed after its last
 *
 *     test('the window walks with the arrow keys', async () => {
 *       const page = await browser.page(html, { theme: 'dark', reducedMotion: true });
 *       await page.getByRole('slider', { name: 'column' }).press('ArrowRight');
 *       assert.equal(await page.getByRole('status').textContent(), '12');
 *       assert.deepEqual(await axeFaults(page), []);
 *       await screenshot(page, 'convolution-stepper-dark'); // report/e2e/screenshots/…png: look at it
 *     });
 *
 * An uncaught exception in such a page, and any request to another machine, fails the file after its last test. For notebooks in JupyterLab see `jupyter.ts`.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/lab/chromium';

/** Where the tests leave what people look at; git ignores it. */
export const ARTEFACTS = join(__dirname, '..', '..', 'report', 'e2e');

export interface PageOptions {
  readonly theme?: 'light' | 'dark';
  /** As people set it who get dizzy. */
  readonly reducedMotion?: boolean;
  /** In CSS pixels. Default 1000 × 900. */
  readonly width?: number;
  readonly height?: number;
  /** Whether it has a screen to touch. Default false. */
  readonly touch?: boolean;
  /** Whether scripts run. Default true; false shows what stands in for them. */
  readonly scripts?: boolean;
}

export interface TestBrowser {
  /** Opens a page that shows this HTML, which need not be a whole document. */
  page(html: string, o?: PageOptions): Promise<Page>;
  /** Opens an empty page, to go anywhere on this machine. */
  blank(o?: PageOptions): Promise<Page>;
}

/** How long a test waits for what should come at once: on a busy machine everything takes its time. */
const PATIENCE_MS = 90_000;

/** Pages are served from here; nothing listens there. */
const ORIGIN = 'http://page.test/';

/** Starts a browser for the tests of one file, at its top level. */
export function testBrowser(): TestBrowser {
  let browser: Browser | undefined;
  const problems: string[] = [];
  before(async () => {
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    assert.deepEqual(problems, [], 'uncaught exceptions, and requests to other machines');
  });
  async function blank(o: PageOptions = {}): Promise<Page> {
    if (!browser) throw new Error('the browser starts before the first test; open pages in tests');
    const context = await newContext(browser, o);
    context.setDefaultTimeout(PATIENCE_MS);
    await refuseOtherMachines(context, (problem) => problems.push(problem));
    return context.newPage();
  }
  async function page(html: string, o: PageOptions = {}): Promise<Page> {
    const opened = await blank(o);
    opened.on('pageerror', (error) => problems.push(error.stack ?? error.message));
    await opened.route(ORIGIN, (route) => route.fulfill({ contentType: 'text/html', body: document(html) }));
    await opened.goto(ORIGIN);
    return opened;
  }
  return { page, blank };
}

function document(html: string): string {
  if (/<html[\s>]/i.test(html)) return html;
  const head = '<meta charset="utf-8"><title>Test</title><meta name="color-scheme" content="light dark">';
  return `<!doctype html><html lang="en"><head>${head}</head><body><main>${html}</main></body></html>`;
}

/** @throws Error that says how to get a browser when there is none */
function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function newContext(browser: Browser, o: PageOptions): Promise<BrowserContext> {
  const {
    theme = 'light',
    reducedMotion = false,
    width = 1000,
    height = 900,
    touch = false,
    scripts = true,
  } = o;
  return browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    hasTouch: touch,
    javaScriptEnabled: scripts,
  });
}

/** Nothing in this project needs the network: a request to another machine is answered with an error, and told. */
async function refuseOtherMachines(context: BrowserContext, tell: (problem: string) => void): Promise<void> {
  await context.route(
    (url) => !['127.0.0.1', 'localhost', 'page.test'].includes(url.hostname) && /^http/.test(url.protocol),
    (route) => {
      tell(`request to another machine: ${route.request().url()}`);
      return route.abort();
    },
  );
}

/** Stores a picture of the page, or of one element, as `report/e2e/screenshots/NAME.png`. */
export async function screenshot(
  target: { screenshot(o: { path: string }): Promise<unknown> },
  name: string,
): Promise<string> {
  const folder = join(ARTEFACTS, 'screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await target.screenshot({ path });
  return path;
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: 'minor' | 'moderate' | 'serious' | 'critical' | null;
    readonly help: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** The serious and critical faults that axe-core finds in the page, or below one selector: rule, what is wrong, where. */
export async function axeFaults(page: Page, selector = ':root'): Promise<string[]> {
  await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
  const { violations } = await page.evaluate<AxeResult>(`axe.run(${JSON.stringify(selector)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}
