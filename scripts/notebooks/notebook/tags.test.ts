import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveTags } from './tags';

const tags = (metadata: string[], source: string) => [...effectiveTags(metadata, source)];

test('tags of the metadata, by the names of nbval, nbclient and papermill', () => {
  assert.deepEqual(tags(['raises-exception', 'parameters'], ''), ['raises-exception', 'parameters']);
  assert.deepEqual(tags(['nbval-skip'], ''), ['skip-execution']);
  assert.deepEqual(tags(['nbval-raises-exception'], ''), ['raises-exception']);
  assert.deepEqual(tags(['my-own'], ''), []);
});

test('markers on the first line, alone or several, in either spelling', () => {
  assert.deepEqual(tags([], '// raises-exception\nthrow 1'), ['raises-exception']);
  assert.deepEqual(tags([], '//NBVAL_IGNORE_OUTPUT'), ['nbval-ignore-output']);
  assert.deepEqual(tags([], '// raises-exception\rthrow 1'), ['raises-exception']);
  assert.deepEqual(tags([], '# NBVAL_SKIP'), ['skip-execution']);
  assert.deepEqual(tags([], '// nbval-check-output, raises-exception'), [
    'nbval-check-output',
    'raises-exception',
  ]);
});

test('not a marker: prose, a later line, code before the comment', () => {
  assert.deepEqual(tags([], '// nbval-skip would skip this cell'), []);
  assert.deepEqual(tags([], 'f();\n// nbval-skip'), []);
  assert.deepEqual(tags([], 'f(); // nbval-skip'), []);
  assert.deepEqual(tags([], '// constructor'), []);
});
