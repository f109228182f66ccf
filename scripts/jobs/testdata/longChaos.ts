/** `npm run test:jobs`: the long version of ../chaos.test.ts. */
import { test } from 'node:test';
import { survives } from './chaos';
import { noServer } from './redis';

void test('1,000 jobs over 4 workers, of which one is killed every few seconds', { skip: noServer }, () =>
  survives({ jobs: 1000, workers: 4, killEvery: 90 }),
);
