/**
 * The exercises as a learner meets them: every stub compiles as it stands in a cell and is "not written yet"; each
 * notebook asks for its exercises, and keeps a hidden solution that passes behind each cell to write in.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { check } from '../lib/src/exercises';
import { courseExercises, exercises } from '../lib/src/exercises/table';

const stubs = Object.entries(exercises).flatMap(([id, { kind, stub }]) =>
  kind === 'function' ? [{ id, stub, name: /^function (\w+)\(/.exec(stub)?.[1] ?? '' }] : [],
);

test('the stubs compile under strict rules, and no two have the same name', () => {
  assert.equal(new Set(stubs.map(({ name }) => name)).size, stubs.length);
  const temporary = mkdtempSync(join(tmpdir(), 'convlab-stubs-'));
  try {
    const file = join(temporary, 'stubs.ts');
    const types = [
      'interface NDArray { readonly shape: readonly number[]; readonly data: Float64Array }',
      'declare namespace tf { class Sequential {} }',
    ];
    writeFileSync(file, [...types, ...stubs.map(({ stub }) => `export ${stub}`)].join('\n'));
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      types: [],
    });
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    assert.deepEqual(messages, []);
  } finally {
    rmSync(temporary, { recursive: true });
  }
});

test('an unfinished stub, with the globals of another realm, is not written yet', () => {
  for (const { id, stub, name } of stubs) {
    const context = createContext({});
    runInContext(ts.transpile(stub), context);
    const result = check(id, runInContext(name, context));
    assert.deepEqual([result.state, result.message], ['not written', 'Not written yet.'], id);
  }
});

test('answers of a cell with globals of its own are read like any others', () => {
  const context = createContext({});
  const inCell = (code: string): unknown => runInContext(`(${code})`, context);
  assert.equal(
    check('03.2', inCell('{ size: 12, unread: 1, parameters: 0, denseWeights: 144000 }')).passed,
    true,
  );
  assert.equal(check('07.3', inCell('Float32Array.of(1, 2, -2, -2, 1)')).passed, true);
  assert.equal(
    check(
      '04.3',
      inCell(
        '(s) => { const e = s.map((v) => Math.exp(v - Math.max(...s))); return Float64Array.from(e, (v) => v / e.reduce((a, b) => a + b)); }',
      ),
    ).passed,
    true,
  );
  assert.match(
    check('04.3', inCell('() => { throw new TypeError("odd"); }')).message,
    /throws “TypeError: odd”/,
  );
  assert.match(check('04.3', inCell('async () => []')).message, /is a Promise/);
});

interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly metadata: {
    readonly tags?: readonly string[];
    readonly jupyter?: { readonly source_hidden?: boolean; readonly outputs_hidden?: boolean };
  };
  readonly outputs?: readonly { readonly data?: { readonly 'text/plain'?: readonly string[] } }[];
}

const folder = join(__dirname, '..', 'notebooks');
const notebooks = readdirSync(folder)
  .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
  .map((name) => ({
    name,
    cells: (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { cells: Cell[] }).cells,
  }));

const sourceOf = (cell: Cell): string => cell.source.join('');
const shownBy = (cell: Cell): string =>
  (cell.outputs ?? []).map(({ data }) => data?.['text/plain']?.join('') ?? '').join('\n');
const isSolution = (cell: Cell): boolean => cell.metadata.tags?.includes('solution') === true;

test('each exercise has a cell to write in, and behind it a solution that passed', () => {
  for (const [id, exercise] of Object.entries(courseExercises)) {
    const notebook = notebooks.find(({ name }) => name.startsWith(`${id.slice(0, 2)}-`));
    assert.ok(notebook, id);
    const [answer, solution, ...others] = notebook.cells.filter((cell) =>
      sourceOf(cell).includes(`check('${id}', `),
    );
    assert.ok(answer && solution && others.length === 0, `${id}: expected two cells that check it`);
    const written =
      exercise.kind === 'value'
        ? `check('${id}', ${exercise.stub});`
        : `${exercise.stub}\ncheck('${id}', ${/^function (\w+)\(/.exec(exercise.stub)?.[1] ?? ''});`;
    assert.equal(sourceOf(answer), written);
    assert.match(shownBy(answer), /^○ .*\nNot written yet\.$/, id);
    assert.ok(isSolution(solution) && !isSolution(answer), id);
    assert.match(shownBy(solution), new RegExp(`^✓ ${id} `, 'm'), id);
  }
});

test('solutions are stored collapsed, and what they print too, unless it is only that they pass', () => {
  for (const { name, cells } of notebooks) {
    for (const cell of cells.filter(isSolution)) {
      const where = `${name}: ${sourceOf(cell).slice(0, 60)}`;
      assert.equal(cell.metadata.jupyter?.source_hidden, true, where);
      const printsMore = (cell.outputs ?? []).length > 0 && !/^✓ .*\n.*$/.test(shownBy(cell));
      if (printsMore) assert.equal(cell.metadata.jupyter?.outputs_hidden, true, where);
    }
  }
});

test('a notebook checks three to five exercises, its own and all of them', () => {
  for (const { name, cells } of notebooks) {
    const ids = cells.flatMap((cell) =>
      cell.cell_type === 'code'
        ? [...sourceOf(cell).matchAll(/\bcheck\('([^']+)'/g)].map(([, id]) => id)
        : [],
    );
    const own = Object.keys(courseExercises).filter((id) => name.startsWith(`${id.slice(0, 2)}-`));
    assert.deepEqual([...new Set(ids)], own, name);
    if (!/^(00|14)-/.test(name)) assert.ok(own.length >= 3 && own.length <= 5, name);
  }
});
