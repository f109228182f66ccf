import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleRun, failedNotebook, passedNotebook } from './exampleRun';
import { githubAnnotations } from './github';

test('one command per failure, with special characters escaped', () => {
  const failure = { kind: 'raised', message: 'Error: 100%\nat: a,b\x1b[0m', cell: 2, line: 3 } as const;
  assert.equal(
    githubAnnotations({ ...exampleRun, notebooks: [{ ...failedNotebook, failures: [failure] }] }),
    '::error file=notebooks/02-padding%2C100%25.ipynb,title=raised%2C cell 2%2C line 3::Error: 100%25%0Aat: a,b\n',
  );
});

test('a run that passed annotates nothing', () => {
  assert.equal(githubAnnotations({ ...exampleRun, notebooks: [passedNotebook] }), '');
});
