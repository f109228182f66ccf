/**
 * Updates some hundred damaged notebooks: each is refused by name, and the file stays as it was,
 * or it is written with everything but the runner's own part equal. What is equal is decided here, not by the code
 * under test.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { blankCell, blankNotebook } from '../blank';
import { NotebookError, readNotebook, type Notebook } from './notebook';
import { DEFAULT_COMPARE, type NotebookResult, type Output } from '../result';
import { cleanNotebook, storeOutputs } from './update';

const MUTANTS = 600;

const BASE = {
  cells: [
    { cell_type: 'markdown', id: 'm', metadata: {}, source: ['# Title\n', 'é 🙂 \u2028'] },
    {
      cell_type: 'code',
      execution_count: 3,
      id: 'a',
      metadata: { tags: ['mine'], convlab: { source: '0123456789ab', timeout: 5 } },
      outputs: [
        { name: 'stdout', output_type: 'stream', text: ['1\n', '2\n'] },
        {
          data: { 'text/plain': ['x'], 'application/json': { a: [1, 2] } },
          metadata: {},
          output_type: 'display_data',
        },
        { ename: 'Error', evalue: 'no', output_type: 'error', traceback: ['at a'] },
      ],
      source: ['const a = 1;\n', 'a'],
    },
    { cell_type: 'raw', metadata: { 10: 'ten', 2: 'two' }, source: 'raw' },
    { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: 'a + 1' },
    { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: '' },
  ],
  metadata: { kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' }, other: 1.5 },
  nbformat: 4,
  nbformat_minor: 5,
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Random = (below: number) => number;

/** Mulberry32, so that a failure can be repeated. */
function random(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) % 2 ** 32) % below;
  };
}

const VALUES: readonly Json[] = [
  ...[null, true, 0, -1, 1e300, '', 'x', '\ud83d', '\u001b[2J', [], ['x'], {}, { '': 1 }],
  ...[{ ['__proto__']: 1 }, { constructor: 'x', length: 3 }, { outputs: [{ a: 1 }] }, [[[]]]],
];

/** Every object and list in a value. */
function nodes(value: Json): (Json[] | { [key: string]: Json })[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodes)];
}

/** Removes a field, changes its value, adds one, or moves one. */
function mutate(json: Json, next: Random): void {
  const all = nodes(json);
  const node = all[next(all.length)] as Record<string, Json>;
  const keys = Object.keys(node);
  const key = keys.length > 0 ? keys[next(keys.length)] : '0';
  const value = structuredClone(VALUES[next(VALUES.length)]);
  const kind = next(4);
  if (kind === 0 && keys.length > 0) {
    if (Array.isArray(node)) node.splice(Number(key), 1);
    else delete node[key];
  } else if (kind === 1) node[key] = value;
  else if (kind === 2 && !Array.isArray(node))
    node[['metadata', 'outputs', 'convlab', 'name', 'new'][next(5)]] = value;
  else {
    const other = all[next(all.length)] as Record<string, Json>;
    node[key] = structuredClone(other);
  }
}

/** As bytes: in several layouts, some with a repeated key, an added, missing or changed byte, or excessive nesting. */
function written(json: Json, next: Random): Buffer {
  let text = JSON.stringify(json, null, [1, 2, 0, '\t'][next(4)]);
  const place = next(text.length);
  switch (next(9)) {
    case 0:
      text = text.replaceAll('\n', '\r\n');
      break;
    case 1:
      text = `\ufeff${text}\n`;
      break;
    case 2: {
      const keys = [...text.matchAll(/"(outputs|metadata|source|cells|text|execution_count)":/g)];
      const found = keys[next(Math.max(1, keys.length))];
      if (found)
        text = `${text.slice(0, found.index)}${found[0]} ${['[]', '{}', '1'][next(3)]}, ${text.slice(found.index)}`;
      break;
    }
    case 3:
      text = text.slice(0, place) + ['"', '\\', ']', '}', ',', '\0', 'é'][next(7)] + text.slice(place);
      break;
    case 4:
      text = text.slice(0, place) + text.slice(place + 1 + next(3));
      break;
    case 5: {
      const depth = 10 ** (1 + next(5));
      text = text.replace(/"x"/, `${'['.repeat(depth)}${']'.repeat(depth)}`);
      break;
    }
    default:
      break;
  }
  const bytes = Buffer.from(text);
  if (next(10) === 0) bytes[next(bytes.length)] = 0x80 + next(128);
  return bytes;
}

const FRESH: readonly (readonly Output[])[] = [
  [],
  [{ output_type: 'stream', name: 'stdout', text: 'fresh\r\n\u2028two\n' }],
  [
    {
      output_type: 'display_data',
      data: { 'text/plain': 'a\nb', 'application/json': { z: [1, { y: 2 }] } },
      metadata: {},
    },
    { output_type: 'error', ename: 'E', evalue: '"quoted"', traceback: ['\u001b[31mred'] },
  ],
];

/** The result of a run that passed. */
function resultOf(notebook: Notebook, next: Random): NotebookResult {
  const cells = notebook.cells.map((cell, index) => ({
    ...blankCell(cell),
    outputs: FRESH[next(FRESH.length)],
    executionCount: index + 1,
  }));
  return { ...blankNotebook(notebook.path), verdict: 'passed', cells };
}

/** Everything that does not belong to the runner, with the keys in their order, but those of metadata it may sort. */
function rest(bytes: Buffer): string {
  const json = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, '')) as typeof BASE;
  return JSON.stringify(json, function (this: Json, key, value: Json) {
    const isCode =
      typeof this === 'object' && this !== null && 'cell_type' in this && this.cell_type === 'code';
    if (isCode && (key === 'outputs' || key === 'execution_count')) return undefined;
    // An update gives a cell that has none its metadata, and cleaning leaves it, empty, as the format wants it.
    if (isCode && key === 'metadata' && typeof value === 'object' && value !== null) {
      const { convlab, ...others } = value as Record<string, Record<string, Json>>;
      const settings = Object.entries(convlab ?? {}).filter(([name]) => name !== 'source');
      const left = { ...others, ...(settings.length > 0 ? { convlab: Object.fromEntries(settings) } : {}) };
      return Object.keys(left).length > 0 ? sorted(left) : undefined;
    }
    const isRoot = typeof this === 'object' && this !== null && 'nbformat' in this;
    return isRoot && key === 'metadata' ? sorted(value) : value;
  });
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'convlab-mutations-'));
after(() => rmSync(folder, { recursive: true }));

test(`${MUTANTS} damaged notebooks: refused by name, or written with everything else equal`, () => {
  const file = join(folder, 'mutant.ipynb');
  const became = { refused: 0, updated: 0, unchanged: 0, 'not written': 0 };
  for (let seed = 1; seed <= MUTANTS; seed++) {
    const next = random(seed);
    const json = structuredClone<unknown>(BASE) as Json;
    for (let n = next(3); n > 0; n--) mutate(json, next);
    const before = written(json, next);
    writeFileSync(file, before);
    const said = `mutant ${seed}`;

    let notebook: Notebook;
    try {
      notebook = readNotebook(file);
    } catch (error) {
      assert.ok(error instanceof NotebookError, `${said}: ${String((error as Error).stack)}`);
      assert.match(
        error.message,
        /mutant\.ipynb(, cell \d+)?(:| is not a notebook: | cannot be read: )./,
        said,
      );
      assert.doesNotMatch(error.message, /[\x00-\x1f]|undefined|Zod|Invalid input/, said);
      became.refused++;
      continue;
    }
    const outcome = storeOutputs(notebook, resultOf(notebook, next), DEFAULT_COMPARE);
    const after = readFileSync(file);
    if (outcome.verdict === 'failed') {
      assert.equal(outcome.failures[0].kind, 'not written', said);
      assert.deepEqual(after, before, said);
      became['not written']++;
      continue;
    }
    assert.equal(rest(after), rest(before), said);
    became[outcome.written ?? 'refused']++;
    // What was written can be read, and updated again, and cleaned, to the same ends.
    const again = readNotebook(file);
    assert.equal(
      storeOutputs(again, resultOf(notebook, random(seed)), DEFAULT_COMPARE).verdict,
      'passed',
      said,
    );
    assert.equal(cleanNotebook(readNotebook(file)).verdict, 'passed', said);
    assert.equal(rest(readFileSync(file)), rest(before), said);
    assert.ok(
      readNotebook(file).cells.every(({ outputs }) => outputs.length === 0),
      said,
    );
  }
  assert.deepEqual(readdirSync(folder), ['mutant.ipynb']);
  // Both outcomes occur, or this would test nothing.
  assert.ok(became.refused > MUTANTS / 10 && became.updated > MUTANTS / 10, JSON.stringify(became));
});
