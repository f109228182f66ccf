/**
 * A coordinator of many small jobs, to be killed. Its arguments: the URL of the queue, how many jobs, where results are
 * kept, and the file for its results. Prints how many are done, a number in a line.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobResult } from '../job';
import { runJobs } from '../run';
import { digests } from './digests';

const [queue, count, kept, out] = process.argv.slice(2);
const results: JobResult<unknown>[] = [];
void runJobs(
  digests(Number(count)),
  { queue, jobs: 1, kinds: join(__dirname, 'kinds.ts'), kept, say: (sentence) => console.error(sentence) },
  (result) => {
    results.push(result);
    console.log(results.length);
  },
).then(() => writeFileSync(out, JSON.stringify(results)));
