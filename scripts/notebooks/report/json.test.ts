import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESULT_VERSION, type RunResult } from '../result';
import { exampleRun, failedNotebook } from './exampleRun';
import { resultsJson } from './json';

test('the document is the result without the outputs', () => {
  const read = JSON.parse(resultsJson(exampleRun)) as RunResult;
  assert.equal(read.version, RESULT_VERSION);
  assert.equal(read.failed, 1);
  assert.deepEqual(read.notebooks[1].failures, failedNotebook.failures);
  const cell = read.notebooks[1].cells[1];
  assert.equal(cell.seconds, 0.25);
  assert.equal('outputs' in cell || 'storedOutputs' in cell, false);
});
