/** The script of a thread that makes augmented images. */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { makeImages, type AugmentJob } from './augmentAhead';

// On Linux a priority is a thread's own: this one takes what the threads that train leave, which wait for each other and
// must not be held up. Elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(10);

parentPort?.on('message', (job: AugmentJob) => {
  if (makeImages(job)) parentPort?.postMessage(job.epoch);
});
