/** The course's site in a browser: read, touched, searched, on a phone and on a desk, by day and by night. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { buildSite } from '../../scripts/site/build';
import { invalidHtml } from '../../scripts/site/checks/html';
import { serveSite, type SiteServer } from '../../scripts/site/server';
import { ARTEFACTS, axeFaults, screenshot, testBrowser, type PageOptions } from './browser';
import { answered, drag, drawThrough, numberIn, swipe, TWO, windowOf } from './widgetUse';

const browser = testBrowser();
const SITE = join(ARTEFACTS, 'site');
/** As most web spaces serve it, and as `npm run site -- --serve` does. */
let plain: SiteServer;
let isolated: SiteServer;

before(async () => {
  await buildSite({ out: SITE });
  plain = await serveSite(SITE, { isolated: false });
  isolated = await serveSite(SITE);
});
after(() => {
  plain.close();
  isolated.close();
});

/** Opens a page of the site; an exception in it fails the test. */
async function open(name: string, o: PageOptions = {}, server = plain): Promise<Page> {
  const page = await browser.blank(o);
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(`${server.address}${name}`);
  return page;
}

/** To a widget or a figure, which is loaded then. */
async function goTo(page: Page, selector: string): Promise<Locator> {
  const place = page.locator(selector);
  await place.scrollIntoViewIfNeeded();
  // What is loaded above has its place by then.
  await page.waitForLoadState('networkidle');
  return place;
}

/** How far the page can be moved sideways, in pixels. */
function overhang(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** How much of an element's content lies beside it, in pixels. */
function hidden({ scrollWidth, clientWidth }: { scrollWidth: number; clientWidth: number }): number {
  return scrollWidth - clientWidth;
}

const NOTEBOOK = '01-convolution.html';

describe('every page', () => {
  test('is valid HTML', async () => {
    assert.deepEqual(await invalidHtml(SITE), []);
  });

  test('asks for less than 300 KB before its figures', async () => {
    const page = await browser.blank({ width: 400, height: 800 });
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => sizes.push(response.body().then((body) => body.length)));
    await page.goto(`${plain.address}index.html`, { waitUntil: 'networkidle' });
    const loaded = (await Promise.all(sizes)).reduce((a, b) => a + b);
    assert.ok(loaded > 50e3 && loaded < 300e3, String(loaded));
    await page.close();
  });

  for (const name of ['index', '00-start-here', '01-convolution', 'glossary', 'homework', 'api/index']) {
    for (const width of [360, 1600]) {
      test(`${name}, ${width} pixels wide: nothing hangs over`, async () => {
        const page = await open(`${name}.html`, { width, reducedMotion: true });
        assert.equal(await overhang(page), 0);
        await screenshot(page, `site-${name.replace('/', '-')}-light-${width}`);
        await page.close();
      });
    }
  }

  test('and on the smallest phone, down to the last page of the reference, nothing hangs over; each has its icon', async () => {
    const page = await browser.blank({ width: 360, reducedMotion: true });
    const names = (readdirSync(SITE, { recursive: true }) as string[]).filter((name) =>
      name.endsWith('.html'),
    );
    assert.ok(names.length > 200, `${names.length} pages`);
    const faults: string[] = [];
    for (const name of names.sort()) {
      await page.goto(`${plain.address}${name}`);
      const places = page.locator('.places');
      const cut = (await places.count()) > 0 ? await places.evaluate(hidden) : 0;
      const over = await overhang(page);
      if ((await page.locator('link[rel="icon"]').count()) !== 1) faults.push(`${name}: no icon`);
      if (over > 0 || cut > 0) faults.push(`${name}: ${over} pixels, of the places in the bar ${cut}`);
    }
    assert.deepEqual(faults, []);
    await page.close();
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
        assert.equal(await overhang(page), 0);
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
    const question = await goTo(page, '#cell-nine-lock');
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
    const cell = await goTo(page, '#cell-stepper');
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

  test('a chart is drawn for a phone: letters of their full size, nothing over the edge', async () => {
    const page = await open('03-pooling.html', { width: 360 });
    await page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))");
    const chart = page.locator('[data-narrow]').first();
    await chart.scrollIntoViewIfNeeded();
    await chart.locator('.plot svg').first().waitFor();
    assert.equal(await chart.locator('img').count(), 0);
    const edges = (await chart.boundingBox()) ?? assert.fail('it is not shown');
    const texts = await chart.locator('.plot text').all();
    assert.ok(texts.length > 5);
    for (const text of texts) {
      const box = (await text.boundingBox()) ?? assert.fail('a text is not shown');
      assert.ok(
        box.x >= edges.x && box.x + box.width <= edges.x + edges.width,
        `${await text.textContent()} hangs over`,
      );
      const size = await text.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
      assert.ok(size >= 11, `${await text.textContent()} has ${size} pixels`);
    }
    assert.equal(await overhang(page), 0);
    await screenshot(page, 'site-chart-360');
    const legendLeft = async (): Promise<number> => (await chart.locator('.legend').boundingBox())?.x ?? 0;
    const below = await legendLeft();
    await page.setViewportSize({ width: 800, height: 360 });
    await chart.locator('.plot svg[width="700"]').first().waitFor();
    assert.ok((await legendLeft()) > below + 300, 'on the turned phone the legend is at the side');
    await page.setViewportSize({ width: 360, height: 800 });
    await chart.locator('.plot svg:not([width="700"])').first().waitFor();
    assert.equal(await legendLeft(), below);
    await page.close();
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
    await page.goto(`${plain.address}index.html`);
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

  test('an exercise is answered in the page: checked, measured, stopped, remembered', async () => {
    const page = await open(NOTEBOOK, { reducedMotion: true });
    const cell = page.locator('[data-exercise="01.3"]').first();
    const field = cell.getByRole('textbox', { name: 'Your answer to exercise 01.3' });
    const check = cell.getByRole('button', { name: 'Check' });
    const said = cell.getByRole('status');
    await check.click();
    await said.getByText('Not written yet.').waitFor();
    const answer = (sign: string) => `function mySlide(x: number[][], kernel: number[][]): number[][] {
      const upward = (n: number): number[] => upTo(n);
      return upward(x.length - kernel.length + 1).map((i) => upward(x[0].length - kernel[0].length + 1).map((j) =>
        kernel.flatMap((row, u) => row.map((w, v) => ${sign}w * x[i + u][j + v])).reduce((a, b) => a + b)));
    }
    check('01.3', mySlide);`;
    await field.fill('');
    await field.pressSequentially('1 / 2');
    assert.equal(await field.inputValue(), '1 / 2', 'a slash opens the search only where nobody writes');
    await field.fill(answer('-'));
    await check.click();
    await said.getByText('✗ 01.3').waitFor();
    await field.fill(answer(''));
    await field.press('Control+Enter');
    await said.getByText('✓ 01.3').waitFor();
    await screenshot(cell, 'site-exercise');
    assert.deepEqual(await axeFaults(page, '[data-exercise="01.3"]'), []);
    await page.reload();
    assert.equal(await field.inputValue(), answer(''));
    await field.fill('for (;;);');
    await check.click();
    await said.getByText('Stopped after 10 s').waitFor();
    await cell.getByRole('button', { name: 'Start again' }).click();
    assert.match(await field.inputValue(), /not written yet/);
    await page.close();
  });

  test('solutions that use what the notebook defines above, digits and figures too, pass in the page', async () => {
    const given: readonly (readonly [string, string])[] = [
      ['01-convolution', '01.1'],
      ['02-padding-and-stride', '02.4'],
      ['07-backpropagation-through-convolution', '07.1'],
      ['07-backpropagation-through-convolution', '07.4'],
    ];
    for (const [name, id] of given) {
      const page = await open(`${name}.html`);
      const solution = page.locator('details.solution .source').filter({ hasText: `check('${id}'` });
      const cell = page.locator(`[data-exercise="${id}"]`);
      await cell.getByRole('textbox').fill(`await 0;\n${(await solution.textContent()) ?? ''}`);
      await cell.getByRole('button', { name: 'Check' }).click();
      await cell.getByRole('status').getByText(`✓ ${id}`).waitFor();
      if (id === '07.1') {
        const figure = cell.getByRole('status').locator('img');
        const { height = 0 } = (await figure.boundingBox()) ?? {};
        assert.ok(height > 100, `it is ${height} pixels high`);
        await screenshot(cell, 'site-exercise-figure');
      }
      await page.close();
    }
  });

  test('on paper: no field, no button; what predictions lock, and solutions, are open', async () => {
    const page = await open(NOTEBOOK, { width: 800 });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert.equal(await page.locator('main details:not([open])').count(), 0);
    assert.equal(await page.locator('button:visible').count(), 0);
    // Opening is told to the page a little later; printing takes longer.
    await page.waitForTimeout(300);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    assert.equal(await page.locator('details.lock[open]').count(), 0);
    await page.reload();
    assert.equal(await page.locator('details.lock[open]').count(), 0, 'printing answers no prediction');
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
    const stepper = await goTo(page, '#cell-stepper');
    await windowOf(stepper).press('End');
    assert.equal(await numberIn(stepper), -9);
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

  test('trains on several threads where the server lets it: npm run site -- --serve', async () => {
    const page = await open('index.html', { reducedMotion: true }, isolated);
    const threads = await page.evaluate<number>('crossOriginIsolated ? navigator.hardwareConcurrency : 0');
    assert.ok(threads > 0, 'the page is isolated');
    const place = page.locator('.training');
    await place.getByRole('button', { name: 'Train' }).click();
    await place.locator('.training-sheet .sheet').waitFor({ timeout: 300_000 });
    assert.ok(Number(await place.getAttribute('data-accuracy')) > 0.96);
    const status = (await place.getByRole('status').textContent()) ?? '';
    assert.match(status, threads > 1 ? /^Trained on \d+ threads, / : /^Trained on one thread, /);
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
      /^Trained on one thread, because this page is not cross-origin isolated, [\d.]+\u00a0s: it reads 9\d\.\d\u00a0% of 2,000 digits/,
    );
    assert.equal(await place.locator('.by-digit li').count(), 10);
    await page.setViewportSize({ width: 360, height: 800 });
    for (const label of await place.locator('.scale > *').all()) {
      const { height = 0 } = (await label.boundingBox()) ?? {};
      assert.ok(height >= 12, `${await label.textContent()} is ${height} pixels high`);
    }
    assert.equal(await overhang(page), 0);
    const sheet = place.locator('.training-sheet');
    const rightOf = async (part: Locator): Promise<number> => {
      const { x, width } = (await part.boundingBox()) ?? assert.fail('it is not shown');
      return x + width;
    };
    assert.ok(
      (await rightOf(sheet.locator('.sheet'))) <= (await rightOf(sheet)),
      'the sheet is in its frame',
    );
    await screenshot(place, 'site-training-360');
    await page.setViewportSize({ width: 1000, height: 900 });
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
    await goTo(page, '#convolution');
    await page.locator('#convolution .widget.dark').waitFor();
    await page.reload();
    await goTo(page, '#convolution');
    await page.locator('#convolution .widget.dark').waitFor();
    await page.close();
  });

  test('a page to which one returns shows what was done meanwhile', async () => {
    const page = await open('index.html');
    const lesson = page.locator('[data-lesson="01-convolution"] .lesson-done');
    const returned = async (change: string): Promise<void> => {
      await page.evaluate(
        `${change}; dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`,
      );
    };
    assert.equal(await lesson.isVisible(), false);
    const sections = await page.locator('[data-lesson="01-convolution"]').getAttribute('data-sections');
    const [first] = (sections ?? '').split(' ');
    await returned(`localStorage.setItem('convlab-done-01-convolution', ${JSON.stringify(first)})`);
    assert.match((await lesson.textContent()) ?? '', /^1 of \d+ done$/);
    await returned("localStorage.clear(); localStorage.setItem('convlab-theme', 'dark')");
    assert.equal(await lesson.isVisible(), false);
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    const button = page.getByRole('button', { name: 'Dark theme' });
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    await returned('localStorage.clear()');
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    await page.close();
  });

  test('finds a term of the glossary', async () => {
    const page = await open('index.html');
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('dead relu');
    const term = page.locator('.search-results a[href$="glossary.html#dead-relu"]');
    await term.waitFor();
    await screenshot(page, 'site-search-term');
    await term.click();
    await page.waitForURL(/glossary\.html#dead-relu$/);
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

describe('the search', () => {
  const opened = async () => {
    const page = await open('index.html');
    await page.keyboard.press('/');
    const [words, status] = [page.getByRole('searchbox'), page.locator('.search-status')];
    return { page, words, status, results: page.locator('.search-results a') };
  };

  test('says of a word that occurs nowhere that nothing was found', async () => {
    const { page, words, status, results } = await opened();
    await words.fill('pooling');
    await results.first().waitFor();
    for (const word of ['xyzzy', 'hippopotamus', 'pooling banana']) {
      await words.fill(word);
      await status.getByText(`Nothing found for “${word}”.`).waitFor();
      assert.equal(await results.count(), 0);
    }
    await page.close();
  });

  test('finds a long word with a wrong letter, other forms of a word, and half a word', async () => {
    const { page, words, status, results } = await opened();
    await words.fill('gradiant');
    await status.getByText('Found “gradient” in').waitFor();
    assert.match((await results.first().textContent()) ?? '', /gradient/i);
    for (const word of ['convol', 'pooled', 'Dead ReLU']) {
      await words.fill('');
      await words.fill(word);
      await status.getByText(/^Found in \d+ places\.$/).waitFor();
      assert.ok((await results.count()) > 0);
    }
    await page.close();
  });

  test('shows nothing once its text is emptied, though something was still being looked for', async () => {
    const { page, words, status, results } = await opened();
    await words.fill('kernel');
    await results.first().waitFor();
    await words.fill('pooling');
    await words.fill('');
    // Longer than the search waits for further letters.
    await page.waitForTimeout(1000);
    assert.equal(await status.textContent(), '');
    assert.equal(await results.count(), 0);
    await page.close();
  });
});

describe('with a finger, on a screen of 400 pixels', () => {
  const PHONE = { width: 400, height: 800, touch: true, reducedMotion: true } as const;

  test('a prediction is answered, and opens what it locks', async () => {
    const page = await open(NOTEBOOK, PHONE);
    const question = await goTo(page, '#cell-nine-lock');
    await question.getByRole('textbox').tap();
    await page.keyboard.type('18');
    await question.getByRole('button', { name: 'That is my answer' }).tap();
    await page
      .locator('details[data-lock="nine-lock"]')
      .getByText('row 2, column 2: 6 × 1 → sum 18')
      .waitFor();
    await page.close();
  });

  test('the stepper’s window follows a finger, and its buttons are tapped', async () => {
    const page = await open(NOTEBOOK, PHONE);
    const cell = await goTo(page, '#cell-stepper');
    await windowOf(cell).scrollIntoViewIfNeeded();
    const before = await page.evaluate<number>('scrollY');
    await swipe(cell, windowOf(cell), [[0.7, 0.7], [0.5, 0.5], [0.3, 0.3]]); // prettier-ignore
    assert.equal(await numberIn(cell), 9);
    assert.equal(await page.evaluate<number>('scrollY'), before, 'the page stays where it is');
    await cell.getByRole('button', { name: 'One place forward' }).tap();
    assert.notEqual(await numberIn(cell), 9);
    await page.close();
  });

  test('a digit is drawn and read', async () => {
    const page = await open('index.html', PHONE);
    const sheet = page.locator('#draw');
    await sheet.scrollIntoViewIfNeeded();
    await sheet.locator('.sheet').waitFor();
    await sheet.locator('.sheet').scrollIntoViewIfNeeded();
    await page.waitForLoadState('networkidle');
    await swipe(sheet, sheet.locator('.sheet'), TWO);
    const answers = await answered(sheet);
    assert.equal(answers.indexOf(Math.max(...answers)), 2);
    await screenshot(page, 'site-drawn-by-finger');
    await page.close();
  });

  test('a term shows its definition at the first tap and is followed at the second', async () => {
    const page = await open(NOTEBOOK, PHONE);
    const term = page.locator('a.term[data-term="feature-map"]').first();
    await term.tap();
    await page.locator('.definition').getByText('The output of one kernel at all positions').waitFor();
    await screenshot(page, 'site-term-by-finger');
    await term.tap();
    await page.waitForURL(/glossary\.html#feature-map/);
    await page.close();
  });

  test('an exercise is answered and a section is done', async () => {
    const page = await open(NOTEBOOK, PHONE);
    const cell = page.locator('[data-exercise="01.1"]').first();
    await cell.getByRole('button', { name: 'Check' }).tap();
    await cell.getByRole('status').getByText('01.1').waitFor();
    const done = page.locator('section[data-section]').first().locator('.done button');
    await done.tap();
    assert.equal(await done.textContent(), 'Done');
    await page.close();
  });
});
