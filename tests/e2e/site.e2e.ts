/** The course's site in a browser: read, touched, searched, on a phone and on a desk, by day and by night. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { buildSite } from '../../scripts/site/build';
import { invalidHtml } from '../../scripts/site/checks/html';
import { ARTEFACTS, axeFaults, screenshot, testBrowser, type PageOptions } from './browser';
import { answered, drag, drawThrough, numberIn, TWO, windowOf } from './widgetUse';

const browser = testBrowser();
const SITE = join(ARTEFACTS, 'site');
const ORIGIN = 'http://page.test/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

before(() => buildSite({ out: SITE }));

/** Opens a page of the site, served as a web space serves it; an exception in it fails the test. */
async function open(name: string, o: PageOptions = {}): Promise<Page> {
  const page = await browser.blank(o);
  page.on('pageerror', (error) => assert.fail(error));
  await page.route(`${ORIGIN}**`, (route) => {
    const file = join(SITE, decodeURIComponent(new URL(route.request().url()).pathname));
    if (!existsSync(file)) return route.fulfill({ status: 404, body: file });
    const contentType = TYPES[extname(file)] ?? 'application/octet-stream';
    return route.fulfill({ body: readFileSync(file), contentType });
  });
  await page.goto(`${ORIGIN}${name}`);
  return page;
}

const NOTEBOOK = '01-convolution.html';

describe('every page', () => {
  test('is valid HTML', async () => {
    assert.deepEqual(await invalidHtml(SITE), []);
  });

  test('is small: the site below 30 MB, the first page below 300 KB before its figures', () => {
    const sizes = (readdirSync(SITE, { recursive: true }) as string[])
      .map((name) => statSync(join(SITE, name)))
      .map((entry) => (entry.isFile() ? entry.size : 0));
    assert.ok(sizes.reduce((a, b) => a + b) < 30e6);
    const first = ['index.html', 'assets/site.css', 'assets/site.js', 'assets/icon.svg'];
    const fonts = readdirSync(join(SITE, 'assets/fonts')).filter((name) => /^(inter|source)/.test(name));
    const loaded = [...first, ...fonts.map((name) => `assets/fonts/${name}`)];
    assert.ok(loaded.map((name) => statSync(join(SITE, name)).size).reduce((a, b) => a + b) < 300e3);
  });

  const views = [
    ['light', 400],
    ['light', 1400],
    ['dark', 400],
    ['dark', 1400],
  ] as const;
  for (const name of ['index', '01-convolution', 'glossary', 'homework', '10-inside-the-network']) {
    // axe takes long on a notebook: each theme and each width is looked at once.
    const isLong = /^\d/.test(name);
    for (const [theme, width] of isLong ? [views[1], views[2]] : views) {
      test(`${name}, ${theme}, ${width} pixels wide: nothing hangs over, no serious fault`, async () => {
        const page = await open(`${name}.html`, { theme, width, reducedMotion: true });
        const over = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(over, 0);
        assert.deepEqual(await axeFaults(page), []);
        await screenshot(page, `site-${name}-${theme}-${width}`);
        await page.close();
      });
    }
  }
});

describe('a notebook', () => {
  test('a prediction opens what it locks, once and for all', async () => {
    const page = await open(NOTEBOOK);
    const lock = page.locator('details[data-lock="nine-lock"]');
    const answer = lock.getByText('row 2, column 2: 6 × 1 → sum 18');
    await lock.locator('summary').click();
    assert.equal(await answer.isVisible(), false, 'its summary does not open it');
    const question = page.locator('#cell-nine-lock');
    await question.getByRole('textbox').fill('18');
    await question.getByRole('button', { name: 'That is my answer' }).click();
    await answer.waitFor();
    await page.reload();
    await answer.waitFor();
    assert.equal(await page.locator('details[data-lock="mirrored-lock"][open]').count(), 0);
    await page.close();
  });

  test('the stepper by mouse and by keys', async () => {
    // Without smooth scrolling, under which the mouse would miss.
    const page = await open(NOTEBOOK, { reducedMotion: true });
    const cell = page.locator('#cell-stepper');
    await cell.scrollIntoViewIfNeeded();
    // What is loaded above has its place by then.
    await page.waitForLoadState('networkidle');
    await windowOf(cell).press('End');
    assert.equal(await numberIn(cell), -9);
    // The window's middle follows the mouse.
    await drag(cell, windowOf(cell), [[3, 3], [1, 1]], 5); // prettier-ignore
    assert.equal(await numberIn(cell), 9);
    await page.close();
  });

  test('a figure becomes one of Plotly’s when it comes into view, and stays a picture where it does not fit', async () => {
    const wide = await open(NOTEBOOK);
    const figure = wide.locator('#cell-sliding-picture .figure');
    assert.equal(await figure.locator('img').count(), 1);
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('.plot svg').first().waitFor();
    assert.equal(await figure.locator('img').count(), 0);
    await wide.close();
    const narrow = await open(NOTEBOOK, { width: 400 });
    const still = narrow.locator('#cell-sliding-picture .figure');
    await still.scrollIntoViewIfNeeded();
    await narrow.waitForLoadState('networkidle');
    assert.equal(await still.locator('img').count(), 1);
    await narrow.close();
  });

  test('code is folded by one switch, sections are done, the contents say where one is; all of it is remembered', async () => {
    const page = await open(NOTEBOOK, { width: 1400, reducedMotion: true });
    const source = page.locator('#cell-load .source');
    assert.ok(await source.isVisible());
    await page.locator('.code-switch').click();
    assert.equal(await source.isVisible(), false);
    await page.locator('section[data-section]').first().locator('.done button').click();
    await page.reload();
    assert.equal(await source.isVisible(), false);
    assert.match((await page.locator('.progress').textContent()) ?? '', /^1 of \d+ sections done$/);
    await page.locator('.contents a').nth(2).click();
    await page.locator('.contents a[aria-current="location"]').getByText('1.3').waitFor();
    await page.goto(`${ORIGIN}index.html`);
    await page
      .locator('[data-lesson="01-convolution"]')
      .getByText(/^1 of \d+ done$/)
      .waitFor();
    await page.close();
  });

  test('a term shows its definition under the pointer and with the focus', async () => {
    const page = await open(NOTEBOOK);
    const term = page.locator('a.term[data-term="feature-map"]').first();
    const card = page.locator('.definition');
    await term.hover();
    await card.getByText('The output of one kernel at all positions').waitFor();
    await page.mouse.move(0, 0);
    await card.waitFor({ state: 'hidden' });
    await term.focus();
    await card.waitFor();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'hidden' });
    await page.close();
  });

  test('without scripts: pictures, and answers that a reader opens', async () => {
    const page = await open(NOTEBOOK, { scripts: false });
    await page.locator('details[data-lock="nine-lock"] > summary').click();
    await page.getByText('row 2, column 2: 6 × 1 → sum 18').waitFor();
    assert.equal(await page.locator('.tools').isVisible(), false);
    await page.close();
  });

  test('from a file: it is read, and widgets work', async () => {
    const page = await browser.blank();
    await page.goto(pathToFileURL(join(SITE, NOTEBOOK)).href);
    const figure = page.locator('#cell-sliding-picture .figure');
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('.plot svg').first().waitFor();
    await windowOf(page.locator('#cell-stepper')).press('End');
    assert.equal(await numberIn(page.locator('#cell-stepper')), -9);
    await page.close();
  });
});

describe('the front page', () => {
  test('reads a digit that is drawn', async () => {
    const page = await open('index.html', { reducedMotion: true });
    const sheet = page.locator('#draw');
    await sheet.scrollIntoViewIfNeeded();
    await sheet.locator('.sheet').waitFor();
    await drawThrough(sheet, TWO);
    const answers = await answered(sheet);
    assert.equal(answers.indexOf(Math.max(...answers)), 2);
    await page.close();
  });

  test('trains a network in the page, which then reads what is drawn', async () => {
    const page = await open('index.html', { reducedMotion: true });
    const place = page.locator('.training');
    await place.getByRole('button', { name: 'Train' }).click();
    await place.locator('.training-sheet .sheet').waitFor({ timeout: 300_000 });
    const accuracy = Number(await place.getAttribute('data-accuracy'));
    assert.ok(accuracy > 0.96, String(accuracy));
    assert.match(
      (await place.getByRole('status').textContent()) ?? '',
      /^Trained on one thread, because this page is not cross-origin isolated, [\d.]+ s: it reads 9\d\.\d % of 2000 digits/,
    );
    assert.equal(await place.locator('.by-digit li').count(), 10);
    const sheet = place.locator('.training-sheet');
    await sheet.locator('.sheet').scrollIntoViewIfNeeded();
    await drawThrough(sheet, TWO);
    const answers = await answered(sheet);
    assert.equal(answers.indexOf(Math.max(...answers)), 2);
    await screenshot(place, 'site-training');
    await page.close();
  });

  test('the theme is switched, and widgets follow', async () => {
    const page = await open('index.html');
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await page.locator('#convolution .widget.dark').waitFor();
    await page.reload();
    await page.locator('#convolution .widget.dark').waitFor();
    await page.close();
  });

  test('finds sections', async () => {
    const page = await open('index.html');
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('receptive field');
    const result = page.locator('.search-results a').first();
    await result.waitFor();
    await screenshot(page, 'site-search');
    await result.click();
    await page.waitForURL(/02-padding-and-stride\.html#|glossary\.html#/);
    await page.close();
  });
});
