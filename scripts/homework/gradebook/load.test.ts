import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { booked, finished, handIn, killMoments, startGrading } from '../../bench/gradingLoad';
import { readAssignment } from '../assignment/read';
import { files } from './outputs';

const folder = mkdtempSync(join(tmpdir(), 'convlab-load-'));
after(() => rmSync(folder, { recursive: true }));
const sources = join(__dirname, '..', '..', '..', 'notebooks', 'homework', 'source');
const COUNT = 20;

// The large version, with 300 submissions and ten kills, is `npm run bench:grade`.
test('a class is graded alike with one job, with two, and killed on the way', async () => {
  const source = join(sources, readdirSync(sources).sort()[0]);
  const place = join(folder, 'submitted');
  const assignment = await readAssignment(source);
  handIn(place, source, assignment, COUNT);
  const outs = ['one', 'killed'].map((name) => join(folder, name));
  const whole = await finished(startGrading(source, place, outs[0], 1));
  assert.equal(whole.code, 0, whole.output);
  for (const moment of killMoments(2, 0.7 * whole.seconds, 1)) {
    await finished(startGrading(source, place, outs[1], 2), moment);
  }
  const last = await finished(startGrading(source, place, outs[1], 2));
  assert.equal(last.code, 0, last.output);
  const undisturbed = booked(outs[0]);
  assert.equal(undisturbed.length, COUNT);
  assert.deepEqual(booked(outs[1]), undisturbed);
  assert.equal(readFileSync(files(outs[1]).grades, 'utf8'), readFileSync(files(outs[0]).grades, 'utf8'));
  // Right answers get all points that need no person, and bare stubs none.
  const computed = assignment.questions.filter(({ kind }) => kind !== 'manual');
  const most = computed.reduce((sum, { points }) => sum + points, 0);
  assert.equal(undisturbed[0].raw, most);
  const again = await finished(startGrading(source, place, outs[1], 2));
  assert.match(again.output, /0 graded in .*, 20 as before; feedback of 0 is new/);
});
