/** What a learner begins with: the stub of every exercise compiles as it stands in a cell, and is "not written yet". */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { check } from '../lib/src/exercises';
import { exercises } from '../lib/src/exercises/table';

const stubs = Object.entries(exercises).flatMap(([id, { kind, stub }]) =>
  kind === 'function' ? [{ id, stub, name: /^function (\w+)\(/.exec(stub)?.[1] ?? '' }] : [],
);

test('the stubs compile under strict rules, and no two have the same name', () => {
  assert.equal(new Set(stubs.map(({ name }) => name)).size, stubs.length);
  const folder = mkdtempSync(join(tmpdir(), 'convlab-stubs-'));
  try {
    const file = join(folder, 'stubs.ts');
    const types = 'interface NDArray { readonly shape: readonly number[]; readonly data: Float64Array }';
    writeFileSync(file, [types, ...stubs.map(({ stub }) => `export ${stub}`)].join('\n'));
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
    rmSync(folder, { recursive: true });
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
