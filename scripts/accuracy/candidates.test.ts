import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SearchRun } from './asJob';
import { candidates } from './candidates';
import { readRuns } from './runs';

test('every candidate has a name of its own, which its stored runs go by', () => {
  const names = candidates.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { experiment, recipe } of readRuns<SearchRun>(join(__dirname, 'search.json'))) {
    const candidate = candidates.find(({ name }) => name === experiment);
    assert.deepEqual(recipe, candidate?.recipe, experiment);
  }
});
