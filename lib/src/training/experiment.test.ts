import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readExperiment } from './experiment';

const folder = mkdtempSync(join(tmpdir(), 'convlab-experiment-'));
after(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const arm = (name: string, wrong: number[]): object => ({ arm: name, seeds: [1, 2], measured: { wrong } });

test('the arms by their names', () => {
  const path = written('good.json', JSON.stringify({ arms: [arm('plain', [3, 4]), arm('pooled', [1, 2])] }));
  const armOf = readExperiment(path);
  assert.deepEqual(armOf('pooled').measured.wrong, [1, 2]);
  assert.throws(() => armOf('poled'), {
    message: "readExperiment: name is 'poled', expected one of the arms 'plain', 'pooled'",
  });
});

test('what is not a stored experiment is refused by its path', () => {
  assert.throws(
    () => readExperiment(join(folder, 'none.json')),
    /none\.json', expected a file that can be read/,
  );
  assert.throws(() => readExperiment(written('text.json', 'no')), /text\.json', expected a file of JSON/);
  for (const other of ['{}', '[]', '{"arms":[{}]}', 'null']) {
    assert.throws(
      () => readExperiment(written('other.json', other)),
      /other\.json', expected results of `npm run experiments`/,
    );
  }
});
