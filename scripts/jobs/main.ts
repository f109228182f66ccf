/** `npm run worker`: lets this machine do jobs of a queue. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readOptions, runTool, UsageError, wholeNumber } from '../commandLine';
import { queueOption } from './options';
import { serve } from './queue/worker';

const usage = `npm run worker -- --queue redis://HOST:6379 [--jobs N]

Does jobs that another machine has put on a queue (homework grade, accuracy, accuracy:search,
accuracy:sizes, experiments, notebooks:seeds), until Ctrl-C.
The queue's server is Redis 5 or later, or Valkey. Only work of this version of the project is taken.

  --queue URL      redis://, or rediss:// with TLS; CONVLAB_QUEUE when it has a password, which npm would print
  --jobs N         how many at a time (default: one for each core)
`;

runTool('npm run worker', async (args) => {
  const { values } = readOptions(args, {
    queue: { type: 'string' },
    jobs: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const url = queueOption(values.queue);
  if (url === undefined) throw new UsageError('--queue is missing: the URL of a Redis server');
  const jobs = values.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', values.jobs);
  const stopping = new AbortController();
  const say = (sentence: string): void => console.log(sentence);
  const stop = (): void => {
    if (!stopping.signal.aborted) say('stopping: the jobs at hand go back to the queue');
    stopping.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    await serve({ url, jobs, kinds: join(__dirname, 'kinds.ts'), say, signal: stopping.signal });
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
});
