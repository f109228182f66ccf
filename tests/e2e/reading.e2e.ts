/** What a reader does beside running cells: following links, opening a page of prose, choosing the dark theme. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../scripts/lab/environment';
import { trustCommitted } from '../../scripts/lab/trust';
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

test('a stored script does not run in a notebook from anywhere', async () => {
  const html =
    '<p id="still">still</p><script>document.getElementById("still").textContent = "moved";</script>';
  const stored = { output_type: 'display_data', data: { 'text/html': html }, metadata: {} };
  const path = lab.write('foreign', [{ source: '1', outputs: [stored] }]);
  const notebook = await lab.open(path);
  assert.equal((await notebook.cells())[0].trusted, false);
  const output = (await notebook.cell(0)).locator('.jp-OutputArea');
  await output.getByText('still').waitFor();
  assert.equal(await output.getByText('moved').count(), 0);
  await notebook.close();
});

test('npm run lab trusts the notebooks as they are committed, and none that was changed', async () => {
  const [path] = trustCommitted(lab.environment);
  const isTrusted = async (file: string) => {
    const notebook = await lab.open(file, { trusted: false });
    const cells = (await notebook.cells()).filter(({ outputs }) => outputs.some(({ data }) => data));
    await notebook.close();
    assert.ok(cells.length > 0);
    return cells.every(({ trusted }) => trusted);
  };
  assert.equal(await isTrusted(path), true);
  const changed = join(lab.root, 'notebooks', 'changed.ipynb');
  writeFileSync(changed, readFileSync(join(ROOT, path), 'utf8').replace('"<svg ', '"<svg onload=\\"x\\" '));
  assert.equal(await isTrusted('notebooks/changed.ipynb'), false);
});

for (const theme of ['light', 'dark'] as const) {
  test(`stored figures in the ${theme} theme, before any cell has run`, async () => {
    const notebook = await lab.open('notebooks/01-convolution.ipynb', { theme });
    assert.equal(await notebook.page.evaluate('getComputedStyle(document.body).colorScheme'), theme);
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
