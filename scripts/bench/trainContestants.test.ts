import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Contestant } from './trainContestants';

const contestant = (script: string) =>
  new Contestant({ name: 'pupil', command: [process.execPath, '-e', script], variants: [], threaded: false });
const round = {
  network: 'denseNetwork',
  batch: 1,
  mode: 'train',
  variant: '',
  threads: 1,
  seconds: 1,
} as const;

test('a contestant answers, one line for each command', async () => {
  const pupil = contestant('process.stdin.on("data", () => console.log(`{"imagesPerSecond":7}`))');
  assert.deepEqual(await pupil.round(round), { imagesPerSecond: 7 });
  assert.deepEqual(await pupil.round(round), { imagesPerSecond: 7 });
  pupil.end();
});

test(
  'nobody waits for a contestant that has ended, in a round or between two',
  { timeout: 20_000 },
  async () => {
    await assert.rejects(
      contestant('process.stdin.on("data", () => process.exit(3))').round(round),
      /^Error: pupil ended: code 3$/,
    );
    const gone = contestant('process.exit(4)');
    await once(gone.process, 'close');
    await sleep(10);
    await assert.rejects(gone.round(round), /^Error: pupil ended: code 4$/);
  },
);
