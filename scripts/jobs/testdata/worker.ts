/** A worker that knows the kinds of the tests. Its arguments: the URL of the queue, and how many jobs at a time. */
import { join } from 'node:path';
import { serve } from '../queue/worker';

const [url, jobs] = process.argv.slice(2);
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());
serve({
  url,
  jobs: Number(jobs),
  kinds: join(__dirname, 'kinds.ts'),
  say: (sentence) => console.log(sentence),
  signal: stopping.signal,
}).catch((error: unknown) => {
  if (!stopping.signal.aborted) throw error;
});
