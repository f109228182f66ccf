/**
 * `npm run bench:grade [-- COUNT [NUMBER]]`: grades COUNT submissions (300) of an assignment (1) with one job and with
 * two, and once more killed ten times on the way. None may be lost, and all three gradebooks must be the same. Prints
 * the rate and what memory it took.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError, wholeNumber } from '../commandLine';
import { readAssignment } from '../homework/assignment/read';
import { files } from '../homework/gradebook/outputs';
import { booked, finished, handIn, killMoments, startGrading, type GradingRun } from './gradingLoad';
import { runBenchmark } from './runBenchmark';

const KILLS = 10;
const sources = join(__dirname, '..', '..', 'notebooks', 'homework', 'source');

runBenchmark(
  'grade',
  '[-- COUNT [NUMBER]]',
  'Grades COUNT submissions (300) of an assignment (1), and once more killed on the way.',
  async ([count = '300', number = '1']) => {
    const submissions = wholeNumber('COUNT', count);
    const name = readdirSync(sources).find((file) => file.startsWith(`${number}-`));
    if (name === undefined) throw new UsageError(`there is no assignment ${number}`);
    const source = join(sources, name);
    const folder = mkdtempSync(join(tmpdir(), 'convlab-bench-grade-'));
    try {
      const place = join(folder, 'submitted');
      handIn(place, source, await readAssignment(source), submissions);
      const outs = {
        '1 job': join(folder, 'one'),
        '2 jobs': join(folder, 'two'),
        killed: join(folder, 'killed'),
      };
      let seconds = 0;
      for (const [jobs, out] of [
        [1, outs['1 job']],
        [2, outs['2 jobs']],
      ] as const) {
        const run = await finished(startGrading(source, place, out, jobs));
        assert.equal(run.code, 0, run.output);
        report(`${submissions} submissions, --jobs ${jobs}`, run, submissions);
        seconds = run.seconds;
      }
      for (const moment of killMoments(KILLS, seconds / (KILLS / 2), 1)) {
        await finished(startGrading(source, place, outs.killed, 2), moment);
      }
      const last = await finished(startGrading(source, place, outs.killed, 2));
      assert.equal(last.code, 0, last.output);
      const undisturbed = booked(outs['1 job']);
      assert.equal(undisturbed.length, submissions);
      for (const out of [outs['2 jobs'], outs.killed]) {
        assert.deepEqual(booked(out), undisturbed);
        assert.equal(
          readFileSync(files(out).grades, 'utf8'),
          readFileSync(files(outs['1 job']).grades, 'utf8'),
        );
      }
      console.log(`the same gradebook with --jobs 1, with --jobs 2, and killed ${KILLS} times on the way`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

function report(name: string, { seconds, memoryBytes }: GradingRun, submissions: number): void {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  const half = Math.floor(memoryBytes.length / 2);
  const peak = (list: readonly number[]) => (list.length === 0 ? 'unknown' : megabytes(Math.max(...list)));
  console.log(
    `${name}: ${seconds.toFixed(1)} s, ${((60 * submissions) / seconds).toFixed(0)} a minute; the grader's memory ` +
      `peaks at ${peak(memoryBytes.slice(0, half))} in the first half and ${peak(memoryBytes.slice(half))} in the second`,
  );
}
