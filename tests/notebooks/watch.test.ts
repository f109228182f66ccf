/** --watch: one notebook of two is edited, and only that one runs again. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { startRunner, until, workspace } from './runner';

test('--watch reruns changed notebooks, and ends with Ctrl-C', async () => {
  const place = workspace('other/prints.ipynb', 'passes/reads-a-file-beside-it.ipynb', 'passes/beside.txt');
  const started = startRunner(['test', '--watch', place.folder]);
  const count = (pattern: RegExp) => [...started.said().matchAll(pattern)].length;
  try {
    await until('the first run is over', () => count(/^watching 2 notebooks/gm) === 1);
    assert.match(started.said(), /^2 passed, 0 failed$/m);

    const path = place.path('prints.ipynb');
    writeFileSync(path, readFileSync(path, 'utf8').replace("console.log('two')", "console.log('three')"));
    await until('the edited notebook has run', () => count(/^watching/gm) === 2);
    assert.match(started.said(), /^changed: .*prints\.ipynb$/m);
    assert.match(started.said(), /^0 passed, 1 failed$/m);
    assert.equal(count(/^. .*reads-a-file-beside-it\.ipynb/gm), 1, 'the other one ran once');

    writeFileSync(place.path('beside.txt'), 'changed\n');
    await until('the notebook that reads it has run', () => count(/^watching/gm) === 3);
    assert.equal(count(/^. .*reads-a-file-beside-it\.ipynb/gm), 2);
    assert.equal(count(/^. .*prints\.ipynb/gm), 2);
  } finally {
    started.process.kill('SIGINT');
  }
  assert.equal((await started.finished).code, 130);
  place.remove();
});

test('--watch --param: a notebook that does not declare it runs as it is, and one that no longer does ends nothing', async () => {
  const place = workspace('other/prints.ipynb', 'other/has-parameters.ipynb');
  const started = startRunner(['test', '--watch', '--param', 'verbose=true', place.folder]);
  const watching = () => [...started.said().matchAll(/^watching 2 notebooks/gm)].length;
  const edit = (name: string, from: string, to: string) => {
    const text = readFileSync(place.path(name), 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(place.path(name), text.replace(from, to));
  };
  try {
    await until('the first run is over', () => watching() === 1);
    edit('prints.ipynb', "console.log('two')", "console.log('three')");
    await until('the edited notebook has run', () => watching() === 2);
    assert.match(started.said(), /output changed.*\n[^]*^0 passed, 1 failed$/m);

    edit('has-parameters.ipynb', 'const verbose = false', 'const loud = false');
    await until('the misnamed parameter was refused', () => watching() === 3);
    assert.match(started.said(), /^--param verbose: no notebook declares it$/m);

    edit('has-parameters.ipynb', 'const loud = false', 'const verbose = false');
    await until('the mended notebook has run', () => watching() === 4);
    assert.match(started.said(), /no notebook declares it\n[^]*^1 passed, 0 failed$/m);
  } finally {
    started.process.kill('SIGINT');
  }
  assert.equal((await started.finished).code, 130);
  place.remove();
});
