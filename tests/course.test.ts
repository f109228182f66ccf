/** The course is consistent: links lead to files that exist, and glossary entries to notebooks that use the word. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** What a notebook's run may use: scripts/notebooks/README.md. */
interface NotebookSettings {
  readonly budget?: { readonly tensors?: number };
  readonly memoryLimit?: string;
  readonly timeout?: number;
}

const root = join(__dirname, '..');
const notebooks = readdirSync(join(root, 'notebooks'))
  .filter((name) => name.endsWith('.ipynb'))
  .sort()
  .map((name) => join(root, 'notebooks', name));

const assignments = readdirSync(join(root, 'notebooks/homework/source'))
  .filter((name) => name.endsWith('.ipynb'))
  .map((name) => join(root, 'notebooks/homework/source', name));

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'GLOSSARY.md'].map((name) => join(root, name));

interface Notebook {
  readonly metadata: { readonly convlab?: NotebookSettings };
  readonly cells: readonly {
    readonly id: string;
    readonly cell_type: string;
    readonly execution_count?: number | null;
    readonly source: string | readonly string[];
    readonly outputs?: readonly { readonly execution_count?: number | null }[];
    readonly metadata: {
      readonly tags?: readonly string[];
      readonly jupyter?: { readonly source_hidden?: boolean; readonly outputs_hidden?: boolean };
    };
  }[];
}

/** The text of a page; for a notebook, that of its Markdown cells. */
function textOf(path: string): string {
  const content = readFileSync(path, 'utf8');
  if (!path.endsWith('.ipynb')) return content;
  const { cells } = JSON.parse(content) as Notebook;
  return cells
    .filter((cell) => cell.cell_type === 'markdown')
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')))
    .join('\n\n');
}

type Cell = Notebook['cells'][number];

/** A cell's source, whichever of the format's two forms it has. */
function sourceOf({ source }: Cell): string {
  return [source].flat().join('');
}

function codeCellsOf(path: string): Cell[] {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
  return cells.filter(({ cell_type }) => cell_type === 'code');
}

test('relative links in pages and notebooks lead to files that exist', () => {
  const broken = [...pages, ...notebooks].flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)#\s]+)(?:#[^)\s]*)?\)/g)]
      .map(([, target]) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)))
      .map((target) => `${relative(root, page)}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('links to a heading of a page lead to one that the page has', () => {
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  const links = [...pages, ...notebooks].flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)#\s:]+\.md)?#([^)\s]+)\)/g)].map(([, target, heading]) => ({
      page,
      heading,
      file: target ? join(dirname(page), target) : page,
    })),
  );
  assert.ok(links.length > 0);
  const broken = links.filter(({ file, heading }) => {
    const headings = [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, text]) => anchor(text));
    return !headings.includes(heading);
  });
  assert.deepEqual(
    broken.map(({ page, heading }) => `${relative(root, page)}: #${heading}`),
    [],
  );
});

test('every notebook leaves no tensor behind, and its memory and the time of its cells are limited', () => {
  for (const path of notebooks) {
    const { metadata } = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
    const { budget, memoryLimit, timeout = Infinity } = metadata.convlab ?? {};
    // These two train their largest networks on all of the official images, with `--param source=full`.
    const limit = /^1[12]-/.test(basename(path)) ? '4GB' : '2GB';
    assert.ok(
      budget?.tensors === 0 && memoryLimit === limit && timeout <= 300,
      `${basename(path)}: metadata.convlab is ${JSON.stringify(metadata.convlab)}, expected ` +
        `budget.tensors to be 0, memoryLimit '${limit}' and timeout at most 300`,
    );
  }
});

test('every notebook is in the README and in the map of the course', () => {
  const [start] = notebooks.filter((path) => path.includes('00-'));
  for (const path of notebooks) {
    const name = relative(join(root, 'notebooks'), path);
    assert.ok(textOf(join(root, 'README.md')).includes(`(notebooks/${name})`), `README.md: ${name}`);
    if (path !== start) assert.ok(textOf(start).includes(`(${name})`), `the map of the course: ${name}`);
  }
});

test('the first and the last cell of a notebook link to the notebooks before and after it', () => {
  const missing = notebooks.flatMap((path, i) => {
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
    const ends = [cells[0], cells[cells.length - 1]].map(({ source }) => [source].flat().join(''));
    return [notebooks[i - 1], notebooks[i + 1]]
      .filter((neighbour) => neighbour !== undefined)
      .map((neighbour) => basename(neighbour))
      .filter((neighbour) => !ends.every((text) => text.includes(`](${neighbour})`)))
      .map((neighbour) => `${basename(path)}: ${neighbour}`);
  });
  assert.deepEqual(missing, []);
});

test('the notebook of each glossary entry uses its words', () => {
  const entries = [
    ...textOf(join(root, 'GLOSSARY.md')).matchAll(/^\| \*\*(.+?)\*\*.*?\]\((notebooks\/.+?)\)/gm),
  ];
  assert.ok(entries.length > 80);
  const missing = entries.flatMap(([, terms, notebook]) => {
    const text = textOf(join(root, notebook)).toLowerCase();
    // Compares the beginnings of words: "exploding gradient" is found in "a gradient explodes".
    const words = terms.split(/, | /).map((word) => word.toLowerCase());
    return words.filter((word) => !text.includes(word.slice(0, 5))).map((word) => `${notebook}: ${word}`);
  });
  assert.deepEqual(missing, []);
});

test('a prediction shows neither its code nor, in the cell below, its answer', () => {
  let predictions = 0;
  const shown = notebooks.flatMap((path) => {
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
    return cells.flatMap(({ cell_type, source, metadata }, i) => {
      const code = [source].flat().join('');
      if (cell_type !== 'code' || !/^prediction\(/m.test(code)) return [];
      predictions++;
      const below = cells[i + 1];
      const { source_hidden = false, outputs_hidden = false } = below.metadata.jupyter ?? {};
      // Prose is only hidden below folded code.
      const isFolded = below.cell_type === 'code' && source_hidden && outputs_hidden;
      // JupyterLab shows the first line of hidden code.
      const isHidden = metadata.jupyter?.source_hidden === true && code.startsWith('// Predict: ');
      return isHidden && isFolded ? [] : [`${basename(path)}: ${code.slice(0, 60)}`];
    });
  });
  assert.ok(predictions > 40);
  assert.deepEqual(shown, []);
});

test('what a reader is asked to predict is asked by a lock', () => {
  const asked = notebooks.filter((path) => !path.includes('00-'));
  for (const path of asked) {
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
    // In prose nothing computes the answer, nothing says how far off one was, and the answer stands right below.
    assert.ok(!textOf(path).includes('**Predict.**'), `${basename(path)} asks in its prose`);
    const locks = cells.filter(({ source }) => /^prediction\(/m.test([source].flat().join('')));
    // Notebook 14 asks for diagnoses, with exercises.
    const least = basename(path).startsWith('14-') ? 0 : 10;
    assert.ok(
      locks.length >= least,
      `${basename(path)} has ${locks.length} cells with prediction(…), expected at least ${least}`,
    );
  }
});

test('a quoted tutorial is named, by its letter and once in each notebook by its title', () => {
  const [start] = notebooks.filter((path) => path.includes('00-'));
  const titles = [...textOf(start).matchAll(/^\| ([A-E]) \| (\*.+?\*)/gm)].map(([, letter, title]) => ({
    letter,
    title,
  }));
  assert.deepEqual(titles.map(({ letter }) => letter).join(''), 'ABCDE');
  const unnamed = notebooks.flatMap((path) => {
    const text = textOf(path);
    const missing = titles.filter(
      ({ letter, title }) => new RegExp(`\\btutorial ${letter}\\b`, 'i').test(text) && !text.includes(title),
    );
    const anonymous = text
      .split('\n\n')
      .filter((paragraph) => paragraph.includes('“') && /tutorial|sentence to correct/i.test(paragraph))
      .filter((paragraph) => !/tutorials? [A-E]\b/i.test(paragraph));
    return [...missing.map(({ title }) => title), ...anonymous].map((what) => `${basename(path)}: ${what}`);
  });
  assert.deepEqual(unnamed, []);
});

test('a notebook takes as long as it says, and the map of the course says the same', () => {
  const [start] = notebooks.filter((path) => path.includes('00-'));
  const wrong = notebooks.flatMap((path) => {
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
    const texts = cells.map(({ source }) => [source].flat().join(''));
    // Without the exercises: 200 words, 15 lines of code or 3 predictions a minute, and 8 seconds for a picture.
    const minutes = cells.map(({ cell_type, metadata, outputs = [] }, i) => {
      if (cell_type === 'markdown') {
        const read = texts[i].replace(/<details>[^]*<\/details>/g, '').replace(/\]\([^)]*\)/g, '');
        return read.split(/\s+/).filter(Boolean).length / 200;
      }
      if (metadata.tags?.includes('solution') === true || /^import|^check\(|not written yet/m.test(texts[i]))
        return 0;
      if (texts[i].startsWith('// Predict: ')) return 1 / 3;
      const pictures = outputs.filter((output) => JSON.stringify(output).includes('image/svg+xml')).length;
      const lines = texts[i].split('\n').length * (metadata.jupyter?.source_hidden === true ? 0.3 : 1);
      return lines / 15 + (8 / 60) * pictures;
    });
    const measured = minutes.reduce((a, b) => a + b);
    const stated = /Reading time: about (\d+) minutes/.exec(texts[0])?.[1];
    const mapped =
      new RegExp(`\\(${basename(path)}\\) \\|.*\\| (\\d+) \\|`).exec(textOf(start))?.[1] ?? stated;
    if (Math.abs(Number(stated) - measured) < 0.2 * measured && mapped === stated) return [];
    const says = stated === undefined ? "no 'Reading time: about N minutes'" : `${stated} minutes`;
    return [
      `${basename(path)} takes about ${measured.toFixed(0)} minutes; its first cell says ${says}, the map ` +
        `${mapped ?? 'nothing'}; expected both to say the same, less than 20 % off`,
    ];
  });
  assert.deepEqual(wrong, []);
});

test('every code cell is stored as it ran, and its result has the same number', () => {
  const neverRun = notebooks.flatMap((path) =>
    codeCellsOf(path)
      .filter(
        ({ execution_count, outputs = [] }) =>
          typeof execution_count !== 'number' ||
          outputs.some((output) => (output.execution_count ?? execution_count) !== execution_count),
      )
      .map(({ id }) => `${basename(path)}: ${id}`),
  );
  assert.deepEqual(neverRun, []);
});

test('every code cell shows something', () => {
  const silent = notebooks.flatMap((path) =>
    codeCellsOf(path)
      .filter(({ outputs = [] }) => outputs.length === 0)
      // What a notebook imports, and the parameters one may change, are read and not computed.
      .filter((cell) => sourceOf(cell).replace(/^import[^;]*;\n?/gm, '') !== '')
      .filter(({ metadata }) => metadata.tags?.includes('parameters') !== true)
      .map(({ id }) => `${basename(path)}: ${id}`),
  );
  assert.deepEqual(silent, []);
});

test('no cell hides behind a parameter: a helper with a name says when a claim holds', () => {
  const guarded = notebooks.flatMap((path) =>
    codeCellsOf(path)
      .filter((cell) => /^\s*if \((?:dataset|source|epochs|seeds?)\b/m.test(sourceOf(cell)))
      .map(({ id }) => `${basename(path)}: ${id}`),
  );
  assert.deepEqual(guarded, []);
});

test('a notebook that can load the full digits can load another data set, too', () => {
  const lacking = notebooks.filter((path) => {
    const code = codeCellsOf(path).map(sourceOf).join('\n');
    return (
      code.includes("const source: 'subset' | 'full'") &&
      !(
        code.includes("const dataset: 'mnist' | 'fashion' | 'kmnist' = 'mnist';") &&
        code.includes('loadMnist({ dataset: dataset, source: source })')
      )
    );
  });
  assert.deepEqual(
    lacking.map((path) => basename(path)),
    [],
  );
});

test('a cell has at most 12 lines', () => {
  const long = notebooks.flatMap((path) =>
    codeCellsOf(path)
      .map((cell) => sourceOf(cell).split('\n'))
      .filter((lines) => lines.length > 12)
      .map((lines) => `${basename(path)}: ${lines.length} lines, ${lines[0]}`),
  );
  assert.deepEqual(long, []);
});

test('no line of code is wider than the page shows', () => {
  // In a window 1,280 pixels wide, JupyterLab with its file browser shows 106 characters, the site as many.
  const wide = [...notebooks, ...assignments].flatMap((path) =>
    codeCellsOf(path)
      .flatMap((cell) => sourceOf(cell).split('\n'))
      .filter((line) => line.length > 100)
      .map((line) => `${basename(path)}: ${line.length} characters, ${line.trim().slice(0, 60)}`),
  );
  assert.deepEqual(wide, []);
});

test('no stored output names a folder of the machine that made it', () => {
  const named = notebooks.flatMap((path) => {
    // Every text of the outputs, whatever it is nested in; base64 holds slashes too, but not after a space or bracket.
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: { outputs?: unknown }[] };
    return cells.flatMap(({ outputs = [] }) =>
      [
        ...JSON.stringify(outputs).matchAll(
          /[\s("'](?:\/(?:home|root|work|Users|tmp|opt)|[A-Z]:\\\\)[\\/][^\s"')]*/g,
        ),
      ].map(([place]) => `${basename(path)}: ${place}`),
    );
  });
  assert.deepEqual(named, []);
});
