import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exampleRun } from './exampleRun';
import { writeReports } from './files';
import { resultsJson } from './json';

const folder = mkdtempSync(join(tmpdir(), 'convlab-report-'));
after(() => rmSync(folder, { recursive: true }));

test('three files are written, in a folder that is created, and can be overwritten', () => {
  const target = join(folder, 'deep', 'report');
  const names = ['junit.xml', 'results.json', 'report.html'];
  writeReports(target, { ...exampleRun, seconds: 99 });
  writeReports(target, exampleRun);
  assert.deepEqual(readdirSync(target).sort(), [...names].sort());
  assert.equal(readFileSync(join(target, 'results.json'), 'utf8'), resultsJson(exampleRun));
});

test('a file that cannot be written leaves no partial file', () => {
  const target = join(folder, 'blocked');
  mkdirSync(join(target, 'report.html'), { recursive: true });
  assert.throws(
    () => writeReports(target, exampleRun),
    /^Error: report: .*report\.html could not be written: E/,
  );
  assert.deepEqual(readdirSync(target).sort(), ['junit.xml', 'report.html', 'results.json']);
  assert.throws(
    () => writeReports(join(target, 'junit.xml'), exampleRun),
    /^Error: report: .*junit\.xml could not be written: EEXIST/,
  );
});
