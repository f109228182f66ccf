import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import type { Output, RunResult } from '../../result';
import { changed, exampleCell, exampleRun, failedNotebook } from '../exampleRun';
import { reportPage } from './page';

/** The page as loaded by a browser that runs scripts. */
function open(run: RunResult = exampleRun) {
  const dom = new JSDOM(reportPage(run), { runScripts: 'dangerously' });
  const all = (selector: string) => [...dom.window.document.querySelectorAll(selector)];
  const texts = (selector: string) => all(selector).map((element) => element.textContent?.trim());
  return { all, texts, title: dom.window.document.title };
}

function withOutput(output: Output) {
  const notebook = { ...failedNotebook, failures: [], cells: [exampleCell(1, { outputs: [output] })] };
  return open({ ...exampleRun, notebooks: [notebook] });
}

test('the page says how the run ended, and why for each notebook', () => {
  const { texts, title } = open();
  assert.equal(title, '1 passed, 1 failed, 1 skipped – notebooks');
  assert.deepEqual(texts('.overview .badge'), ['passed', 'failed', 'not run']);
  assert.deepEqual(texts('.reason'), [
    'cell 2: output changed (stdout): 0.9312 → 0.9401, relative 9.5e-3, allowed 1e-6',
  ]);
});

test('every link has a target, and failed notebooks are open', () => {
  const { all } = open();
  const ids = new Set(all('[id]').map((element) => `#${element.id}`));
  const targets = all('a').map((link) => link.getAttribute('href') as string);
  assert.ok(targets.length > 10);
  assert.deepEqual(
    targets.filter((target) => !ids.has(target)),
    [],
  );
  assert.deepEqual(
    all('details').map((details) => details.hasAttribute('open')),
    [false, true, false],
  );
});

test('nothing is loaded from elsewhere and no script runs', () => {
  const { all, title } = open();
  assert.deepEqual(all('script, link, base, object, embed, [onload], [onerror], [onclick]'), []);
  assert.ok(!title.includes('hacked'));
  assert.ok(all('[src]').every((element) => element.getAttribute('src')?.startsWith('data:image/')));
  assert.match(
    all('meta[http-equiv]')[0].getAttribute('content') ?? '',
    /^default-src 'none'; style-src 'unsafe-inline'; img-src data:$/,
  );
});

test('markup in paths, sources, messages and outputs is text', () => {
  const evil = '"><script>document.title="hacked"</script><img src=x onerror=1>';
  const failure = {
    kind: 'raised',
    message: evil,
    cell: 1,
    detail: `${evil} detail`,
    mimeType: evil,
  } as const;
  const cell = exampleCell(1, {
    source: evil,
    tags: [evil],
    failures: [{ ...failure, diff: [{ kind: 'stored', text: evil }] }],
    outputs: [
      { output_type: 'stream', name: 'stdout', text: evil },
      { output_type: 'error', ename: evil, evalue: evil, traceback: [evil] },
      { output_type: 'display_data', data: { 'text/html': evil }, metadata: {} },
      { output_type: 'display_data', data: { 'image/svg+xml': evil, 'text/plain': evil }, metadata: {} },
      { output_type: 'display_data', data: { 'image/png': evil }, metadata: {} },
      { output_type: 'display_data', data: { 'application/json': { [evil]: evil } }, metadata: {} },
    ],
  });
  const notebook = {
    ...failedNotebook,
    path: evil,
    kernel: evil,
    notes: [evil],
    failures: cell.failures,
    cells: [cell],
  };
  const { all, title, texts } = open({ ...exampleRun, notebooks: [notebook], node: evil });
  assert.ok(!title.includes('hacked'));
  assert.deepEqual(all('script, img[onerror], [src="x"]'), []);
  assert.deepEqual(texts('.source'), [evil]);
});

test('figures are pictures, described by their text', () => {
  const { all } = open();
  const picture = all('img')[0];
  assert.equal(picture.getAttribute('alt'), 'A rectangle');
  const source = picture.getAttribute('src') as string;
  assert.match(
    Buffer.from(source.replace('data:image/svg+xml;base64,', ''), 'base64').toString(),
    /^<svg xmlns.*teal/,
  );
});

test('HTML is in a sandboxed frame', () => {
  const { all } = open();
  const frame = all('iframe')[0];
  assert.equal(frame.getAttribute('sandbox'), '');
  assert.match(frame.getAttribute('srcdoc') ?? '', /^<b>bold<\/b><script>/);
});

test('if figures differ, the stored one is shown beside the new one', () => {
  const pictures = open()
    .all('.beside img')
    .map((image) => image.getAttribute('src')?.split(',')[1] ?? '');
  const colours = pictures.map(
    (base64) => /fill="(\w+)"/.exec(Buffer.from(base64, 'base64').toString())?.[1],
  );
  assert.deepEqual(colours, ['navy', 'orange']);
});

test('a diff has two columns, and marks what changed in a line', () => {
  const { all, texts } = open();
  const rows = all('.diff tbody tr').map((row) => [...row.children].map((field) => field.textContent));
  assert.deepEqual(rows, [
    ['… 3 equal lines'],
    ['loss 0.31', 'loss 0.31'],
    ['accuracy 0.9312 of 2,000', 'accuracy 0.9401 of 2,000'],
  ]);
  assert.deepEqual(texts('.diff mark'), ['0.9312', '0.9401']);
  assert.deepEqual(texts('.diff th'), ['stored', 'this run']);
  const repeated = exampleCell(2, { failures: [{ ...changed, kind: 'not deterministic' }] });
  const notebook = { ...failedNotebook, failures: [], cells: [repeated] };
  const { texts: ofRepeated } = open({ ...exampleRun, notebooks: [notebook] });
  assert.deepEqual(ofRepeated('.diff th'), ['first run', 'later run']);
});

test('the line that failed is marked in the source', () => {
  assert.deepEqual(open().texts('.line.marked'), ['conv2d(x, big);']);
});

test('the slowest cells come first, and cells that did not run are left out', () => {
  const [slowest, memory] = open()
    .all('.ranking')
    .map((table) => [...table.querySelectorAll('a')].map((link) => link.textContent));
  assert.equal(slowest[0], 'notebooks/02-padding,100%.ipynb, cell 3');
  assert.equal(slowest.length, 5);
  assert.deepEqual(memory, ['notebooks/02-padding,100%.ipynb, cell 2']);
});

test('a progress bar is shown in its last state, and an output that is too large is named', () => {
  assert.deepEqual(open().texts('.notebook[open] .cell:first-of-type pre.stdout'), ['2/2 done']);
  const long = withOutput({ output_type: 'stream', name: 'stdout', text: 'x'.repeat(30_000) });
  assert.match(long.texts('pre.stdout')[0] ?? '', /x\n… 10000 more characters$/);
  const huge = withOutput({
    output_type: 'display_data',
    data: { 'image/png': 'A'.repeat(4_000_000) },
    metadata: {},
  });
  assert.match(huge.texts('p.note').join(), /image\/png, 3 MB: too large/);
});

test('a run without notebooks is a page too', () => {
  const { texts } = open({ ...exampleRun, notebooks: [], passed: 0, failed: 0 });
  assert.deepEqual(texts('h1'), ['0 passed, 0 failed']);
});
