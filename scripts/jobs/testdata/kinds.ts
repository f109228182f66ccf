/** Kinds of jobs for the tests: quick ones, and such as fail in every way. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobProgram, Kinds } from '../job';

interface Data {
  readonly number: number;
  readonly milliseconds?: number;
  readonly rounds?: number;
  /** A file that counts the tries. */
  readonly counter?: string;
}

const of = (program: JobProgram) => () => Promise.resolve(program);
const given = (data: unknown): Data => data as Data;

function triesSoFar(counter: string): number {
  const before = existsSync(counter) ? readFileSync(counter, 'utf8').length : 0;
  appendFileSync(counter, '.');
  return before;
}

export const kinds: Kinds = {
  /** A number that only the job's data decide, after a while. */
  digest: of(async (data, { progress }) => {
    const { number, milliseconds = 0 } = given(data);
    console.log(`digest of ${number}`);
    progress(`number ${number}`);
    if (milliseconds > 0) await sleep(milliseconds);
    let text = String(number);
    for (let round = 0; round < 100; round++) text = createHash('sha256').update(text).digest('hex');
    return { text, third: number / 3 };
  }),
  throws: of(() => Promise.reject(new Error('no such luck'))),
  /** Fails once, and then does it. */
  flaky: of((data) => {
    const { number, counter = '' } = given(data);
    return triesSoFar(counter) === 0 ? Promise.reject(new Error('not yet')) : Promise.resolve(number);
  }),
  counted: of((data) => {
    const { number, counter = '' } = given(data);
    triesSoFar(counter);
    return Promise.resolve(number);
  }),
  /** Ends its process, after its last words. */
  deadly: of(async (data) => {
    triesSoFar(given(data).counter ?? '');
    console.log('good bye');
    await sleep(20);
    process.kill(process.pid, 'SIGKILL');
    await sleep(60_000);
  }),
  reads: of((_, { files }) => Promise.resolve(readFileSync(files.text, 'utf8'))),
  /** What it gives is larger than what travels within a job. */
  large: of((data) => Promise.resolve('é'.repeat(given(data).number))),
  echo: of((data) => Promise.resolve(data)),
  /** Keeps a core busy. */
  work: of((data) => {
    let text = '';
    for (let round = 0; round < (given(data).rounds ?? 0); round++) {
      text = createHash('sha256').update(text).digest('hex');
    }
    return Promise.resolve(text);
  }),
  nothing: of(() => Promise.resolve(undefined)),
  environment: of(() => Promise.resolve(process.env.CONVLAB_THREADS)),
};
