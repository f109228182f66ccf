import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blankNotebook } from '../blank';
import { keepCopy } from './keep';
import { readNotebook } from './notebook';

test('a copy never replaces the notebook itself', () => {
  const file = join(process.cwd(), 'tests/notebooks/fixtures/other/prints.ipynb');
  const before = readFileSync(file);
  const notebook = readNotebook(file);
  const result = { ...blankNotebook(notebook.path), verdict: 'failed' as const };
  const { failures } = keepCopy('.', notebook, result);
  assert.deepEqual(failures, [
    {
      kind: 'not written',
      message: `the copy ${notebook.path}: it would replace the notebook itself`,
    },
  ]);
  assert.deepEqual(readFileSync(file), before);
});
