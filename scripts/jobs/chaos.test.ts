import { test } from 'node:test';
import { survives } from './testdata/chaos';
import { noServer } from './testdata/redis';

// `npm run test:jobs` is the long one.
test('workers, server and coordinator are killed, and every result is there once', { skip: noServer }, () =>
  survives({ jobs: 120, workers: 2, killEvery: 40 }),
);
