/** The parts of the site's build: what it refuses, how links and terms are written, what a prediction locks. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { loadMnist } from 'convlab';
import { sourceHash } from '../notebooks/compare';
import { parseNotebook, type Notebook } from '../notebooks/notebook/notebook';
import { brokenLinks, foreignLoads } from './checks/links';
import { unpackDigits } from './client/unpack';
import { lessonsOf, linksFrom } from './course';
import { packedDigits } from './digits';
import { Files } from './files';
import { parseGlossary } from './glossary';
import { startHighlight, type Highlight } from './highlight';
import { startMarkdown, type Markdown } from './markdown';
import { definitionsFor } from './notebook/definitions';
import { staleness } from './notebook/fresh';
import { notebookPage } from './notebook/page';
import { proseOf } from './notebook/raw';
import { newWriting } from './writing';

const ROOT = join(__dirname, '../..');

interface CellParts {
  readonly id?: string;
  readonly count?: number | null;
  readonly hash?: string;
  readonly hidden?: boolean;
  readonly tags?: readonly string[];
  readonly outputs?: readonly object[];
}

const prose = (source: string) => ({ cell_type: 'markdown', id: 'prose', metadata: {}, source });
function code(source: string, o: CellParts = {}): object {
  const { id = 'code', count = 1, hash = sourceHash(source), hidden = false, tags = [], outputs = [] } = o;
  const metadata = { convlab: { source: hash }, jupyter: { source_hidden: hidden }, tags };
  return { cell_type: 'code', id, metadata, source, outputs, execution_count: count };
}

function notebook(...cells: readonly object[]): Notebook {
  const file = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  return parseNotebook(join(ROOT, 'notebooks/97-of-a-test.ipynb'), JSON.stringify(file));
}

describe('only what has been run is shown', () => {
  test('a notebook as it ran', () => {
    assert.deepEqual(staleness(notebook(prose('# A'), code('1', { count: 1 }), code('2', { count: 2 }))), []);
  });

  test('a cell that was edited, was not run, ran out of order, or failed', () => {
    const error = { output_type: 'error', ename: 'Error', evalue: 'no', traceback: [] };
    const cases: readonly (readonly [object[], RegExp])[] = [
      [[code('1', { hash: sourceHash('2') })], /cell 1: the cell was edited/],
      [[code('1', { count: null })], /cell 1: it has not been run/],
      [[code('1', { count: 2 }), code('2', { count: 1 })], /cell 2: stored out of order/],
      [[code('1', { outputs: [error] })], /cell 1: it has failed/],
    ];
    for (const [cells, reason] of cases) assert.match(staleness(notebook(...cells)).join(), reason);
    const meant = code('1', { outputs: [error], tags: ['raises-exception'] });
    assert.deepEqual(staleness(notebook(meant)), []);
  });

  test('a cell that the runner never stored', () => {
    const bare = { cell_type: 'code', id: 'a', metadata: {}, source: '1', outputs: [], execution_count: 1 };
    assert.match(staleness(notebook(bare)).join(), /cell 1: it was not stored by notebooks:update/);
  });
});

test('links lead to pages; to a file without a page only where the repository is known', () => {
  const slugs = new Set(['01-convolution']);
  const link = linksFrom('notebooks', slugs);
  assert.equal(link('01-convolution.ipynb#13-the-window-slides'), '01-convolution.html#13-the-window-slides');
  assert.equal(link('../GLOSSARY.md#convolution'), 'glossary.html#convolution');
  assert.equal(link('#summary'), '#summary');
  assert.equal(link('../lib/src/ops/conv2d.ts'), undefined);
  const known = linksFrom('notebooks', slugs, 'someone/course');
  assert.equal(
    known('../lib/src/ops/conv2d.ts'),
    'https://github.com/someone/course/blob/main/lib/src/ops/conv2d.ts',
  );
});

test('the map of the course has a row for each notebook after the first', () => {
  const lessons = lessonsOf(proseOf(readFileSync(join(ROOT, 'notebooks/00-start-here.ipynb'), 'utf8')));
  assert.ok(lessons.length >= 14);
  assert.deepEqual(lessons[0].slug, '01-convolution');
  assert.ok(lessons.every(({ goal, minutes }) => goal !== '' && Number(minutes) > 0));
});

describe('pages', () => {
  const glossary = parseGlossary(
    '# Glossary\n\nWords.\n\n## Layers\n\n| term | meaning | notebook | also called |\n|---|---|---|---|\n' +
      '| **kernel** | The weights. | 1 | filter |\n| **max pooling, average pooling** | One number. | 3 | |\n| **same** | A rule. | 2 | |\n',
  );
  let highlight: Highlight;
  let markdown: Markdown;
  before(async () => {
    highlight = await startHighlight();
    markdown = startMarkdown(highlight, glossary);
  });
  const link = linksFrom('notebooks', new Set<string>());
  const pageOf = (...cells: readonly object[]) => {
    const files = new Files();
    return { files, page: notebookPage(notebook(...cells), { files, highlight, markdown, link }) };
  };

  test('a term is a link where it stands first below a heading, and where it is bold', () => {
    const writing = newWriting(link);
    const html = markdown.render(
      '## A kernel\n\nKernels and a kernel, a **kernel**, the same `kernel`.',
      writing,
    );
    assert.equal(html.match(/<a class="term"[^>]*>/g)?.length, 2);
    assert.match(
      html,
      /<a class="term" href="glossary.html#kernel" data-term="kernel">Kernels<\/a> and a kernel/,
    );
    assert.match(html, /<h2 id="a-kernel">A kernel<\/h2>/);
    assert.deepEqual(
      [...writing.terms].map(({ id }) => id),
      ['kernel'],
    );
  });

  test('sizes are not broken over two lines, products of words are', () => {
    const shown = (text: string) => markdown.render(text, newWriting(link));
    assert.equal(
      shown('A **5 × 5** window on 1,000 × 28 × 28 × 1 numbers, of N × M, or height × width × 3.'),
      '<p>A <strong>5\u00a0×\u00a05</strong> window on 1,000\u00a0×\u00a028\u00a0×\u00a028\u00a0×\u00a01 numbers, ' +
        'of N\u00a0×\u00a0M, or height × width × 3.</p>\n',
    );
  });

  test('a file that the site does not hold is named, once', () => {
    const html = (text: string) => markdown.render(text, newWriting(link));
    assert.equal(
      html('By [this program](../scripts/gains.ts#L3), see [gains.ts](../scripts/gains.ts).'),
      '<p>By <span>this program</span> (<span class="file">scripts/gains.ts</span>), ' +
        'see <span class="file">gains.ts</span>.</p>\n',
    );
    assert.equal(html('See [above](#one).'), '<p>See <a href="#one">above</a>.</p>\n');
  });

  test('a prediction locks the folded cells below it and the prose up to the next heading', () => {
    const script = '<div data-convlab-widget="prediction-1"></div><script>draw()</script>';
    const outputs = [{ output_type: 'display_data', data: { 'text/html': script }, metadata: {} }];
    const answer = [{ output_type: 'stream', name: 'stdout', text: 'secret' }];
    const { page, files } = pageOf(
      prose('# T\n\nReading time: ten minutes. More.\n\n## One'),
      code("prediction('?', 1);", { id: 'lock', hidden: true, outputs }),
      code('f()', { hidden: true, outputs: answer }),
      prose('Because.\n\n### Next\n\nOpen.'),
    );
    const [section] = page.sections;
    const locked = /<details class="lock" data-lock="lock">[^]*?<\/details>/.exec(section.html)?.[0] ?? '';
    assert.match(locked, /secret[^]*Because\./);
    assert.doesNotMatch(locked, /Open\./);
    assert.match(section.html, /<\/details>[^]*<h3 id="next">[^]*Open\./);
    // The lock opens the details that follow the element around the widget.
    assert.match(section.html, /id="cell-lock">[^]*?<\/div>\s*<\/div>\s*<\/div>\s*<details/);
    assert.equal(page.time, 'ten minutes');
    assert.deepEqual(
      [...section.html.matchAll(/data-scripts="([^"]*)"/g)].map(([, paths]) => paths),
      [...files.entries()].map(([path]) => path),
    );
    assert.deepEqual(
      [...files.entries()].map(([, content]) => content),
      ['draw()'],
    );
  });

  test('a heading directly below what a prediction locks begins the next section', () => {
    const { page } = pageOf(
      prose('# T\n\n## One'),
      code("prediction('?', 1);", { id: 'lock', hidden: true }),
      code('f()', { hidden: true }),
      prose('## Two\n\nOpen.'),
    );
    assert.deepEqual(
      page.sections.map(({ id }) => id),
      ['one', 'two'],
    );
    assert.match(page.sections[0].html, /<\/details>\s*$/);
  });

  test('solutions are folded, a figure is its picture with its data beside it', () => {
    const data = {
      'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"></svg>',
      'application/vnd.plotly.v1+json': { data: [] },
      'text/plain': 'Heat map: 2 × 2',
    };
    const { page, files } = pageOf(
      prose('# T\n\n## One'),
      code('show(x)', { id: 'map', outputs: [{ output_type: 'display_data', data, metadata: {} }] }),
      code('solved()', { tags: ['solution'] }),
    );
    const { html } = page.sections[0];
    assert.match(html, /<details class="solution">[^]*solved[^]*<\/details>/);
    assert.match(
      html,
      /<img src="figures\/97-of-a-test\/map.svg" width="30" height="20" loading="lazy" alt="Heat map: 2 × 2">/,
    );
    assert.ok(new Map(files.entries()).has('figures/97-of-a-test/map.svg'));
    const script = new Map(files.entries()).get('figures/97-of-a-test/map.js');
    assert.equal(script, 'convlabFigure("figures/97-of-a-test/map",{"data":[]})');
  });
});

test('an exercise is given the definitions that its solution needs, and no others', () => {
  const above = [
    "import { upTo } from 'convlab';\nconst size = 1, x = upTo(3);\nconsole.log(x);",
    'const half = (n: number) => n / 2;\nconst size = 4;\nfunction unused() { return x; }',
    'function quarter(n: number): number {\n  return half(half(n));\n}',
  ];
  assert.equal(
    definitionsFor('const f = (x: number) => quarter(x * size) + upTo(2).half;', above),
    [
      'const half = (n: number) => n / 2;',
      'const size = 4;',
      'function quarter(n: number): number {\n  return half(half(n));\n}',
    ].join('\n'),
  );
  assert.equal(definitionsFor('const f = (x: number) => x;', above), '');
});

test('a link that leads nowhere and a load from another machine are found', () => {
  const site = mkdtempSync(join(tmpdir(), 'convlab-site-'));
  try {
    mkdirSync(join(site, 'api'));
    writeFileSync(
      join(site, 'a.html'),
      '<p id="here"><a href="api/b.html#there">b</a><a href="c.html">c</a></p>',
    );
    writeFileSync(
      join(site, 'api/b.html'),
      '<a href="../a.html#here">a</a><a href="../a.html#gone">a</a><a href="https://x.test/">x</a><img src="//x.test/y.png">',
    );
    assert.deepEqual(brokenLinks(site).sort(), [
      'a.html: api/b.html#there',
      'a.html: c.html',
      'api/b.html: ../a.html#gone',
      'api/b.html: //x.test/y.png',
    ]);
    assert.deepEqual(foreignLoads(site), [`${join('api', 'b.html')}: //x.test/y.png`]);
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
});

test('the digits that travel to the page are those of loadMnist, to half a step of a byte', async () => {
  const packed = gunzipSync(await packedDigits());
  const digits = unpackDigits(packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.length));
  const expected = await loadMnist();
  for (const part of ['train', 'test'] as const) {
    assert.equal(digits[part].size, expected[part].size);
    assert.deepEqual(digits[part].labels, expected[part].labels);
    const furthest = digits[part].images.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - expected[part].images[i])),
      0,
    );
    assert.ok(furthest <= 0.5 / 255 + 1e-6, String(furthest));
  }
});
