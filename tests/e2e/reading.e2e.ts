/** What a reader does beside running cells: following links, opening a page of prose, choosing the dark theme. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenshot } from './browser';
import { testLab } from './jupyter';

const lab = testLab();

test('a link to the glossary opens it as a page, and one to the next notebook opens that', async () => {
  const notebook = await lab.open('notebooks/01-convolution.ipynb');
  const { page } = notebook;
  const first = await notebook.cell(0);
  await first.getByRole('link', { name: 'Glossary' }).click();
  const glossary = page.locator('.jp-MarkdownViewer');
  await glossary.getByRole('heading', { name: 'Glossary', level: 1 }).waitFor();
  await screenshot(page, 'glossary');
  await page.locator('.lm-TabBar-tab').filter({ hasText: '01-convolution' }).click();
  await first.getByRole('link', { name: /Padding and stride/ }).click();
  await page
    .locator('.jp-Notebook:visible')
    .getByRole('heading', { name: /^2\. Padding and stride/ })
    .waitFor();
  await notebook.close();
});

test('no news and no questions at the start; the README is shown as a page', async () => {
  const notebook = await lab.open('notebooks/00-start-here.ipynb');
  const { page } = notebook;
  assert.equal(await page.locator('.Toastify__toast').count(), 0);
  await notebook.command('filebrowser:open-path', { path: 'README.md' });
  await page.locator('.jp-MarkdownViewer').getByRole('heading', { name: 'ConvLab', level: 1 }).waitFor();
  await notebook.close();
});

for (const theme of ['light', 'dark'] as const) {
  test(`stored figures in the ${theme} theme, before any cell has run`, async () => {
    const notebook = await lab.open('notebooks/01-convolution.ipynb', { theme });
    assert.deepEqual(await notebook.figuresNotDrawn(), []);
    const cells = await notebook.cells();
    for (const [n, { index }] of cells.filter(({ outputs }) => outputs.some(({ data }) => data)).entries()) {
      if (n % 8 !== 0) continue;
      await notebook.cell(index);
      await screenshot(notebook.page, `figures-${theme}-${n}`);
    }
    await notebook.close();
  });
}
