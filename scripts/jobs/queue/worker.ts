/** A machine that does the jobs of a queue. They run in its pool's processes, so that it is always there to say so. */
import { hostname } from 'node:os';
import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { MOST_TRIES } from '../job';
import { failureOf } from '../local';
import { Pool, PoolClosed } from '../pool';
import { projectVersion, readVersion, type Version } from '../version';
import { connect, PREFIX, serverAt } from './connection';
import { LOCK_MS, MOST_LOST_WORKERS, queueName, refusal, type Answer, type Envelope } from './envelope';
import { received, removeOldFiles } from './files';
import { receiveText, sendText, type Parcel } from './parcel';
import { BEAT_MS, Presence } from './presence';

export interface ServeOptions {
  readonly url: string;
  /** How many jobs at a time. */
  readonly jobs: number;
  /** The file with the programs of the kinds. */
  readonly kinds: string;
  /** Gets a sentence for the user. */
  readonly say: (sentence: string) => void;
  /** Ends it; the jobs at hand go back to the queue at once. */
  readonly signal: AbortSignal;
}

/** A job's progress is sent on so often at most. */
const PROGRESS_MS = 1000;

/**
 * Does the jobs of this version of the project, until the signal.
 *
 * @throws QueueError when the server refuses us, or cannot be trusted
 */
export async function serve({ url, jobs, kinds, say, signal }: ServeOptions): Promise<void> {
  const server = serverAt(url);
  const version = projectVersion();
  const name = `${hostname()}/${process.pid}`;
  say(
    `worker ${name}: ${jobs} at a time, lib and scripts ${version.code}, package-lock.json ${version.lockfile}`,
  );
  removeOldFiles();
  const redis = await connect(server, false, say, signal);
  const { UnrecoverableError, WaitingError, Worker } = await import('bullmq');
  const pool = new Pool(kinds, jobs);

  const perform = async (job: Job<Envelope, Parcel>, token?: string): Promise<Parcel> => {
    const refused = refusal(job.data, version);
    if (refused !== undefined) throw new UnrecoverableError(`the worker ${name} refuses work ${refused}`);
    try {
      const answer = await answerOf(job, redis, pool);
      return await sendText(redis, JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof PoolClosed)) throw error;
      await job.moveToWait(token);
      throw new WaitingError();
    }
  };
  const worker = new Worker<Envelope, Parcel>(queueName(version), perform, {
    connection: server.options,
    prefix: PREFIX,
    name,
    concurrency: jobs,
    lockDuration: LOCK_MS,
    stalledInterval: LOCK_MS / 2,
    maxStalledCount: MOST_LOST_WORKERS,
    // A result that cannot be delivered, because the server is away, waits so long for the next attempt.
    runRetryDelay: 500,
  });
  worker.on('error', (error) => {
    // `redis` says when the server is away. A lock is lost when it was away for long: another worker has the job.
    if (!/connect|closed|ECONN|EPIPE|ETIMEDOUT|lock/i.test(error.message)) say(error.message);
  });
  worker.on('failed', (job, error) => say(`${job?.name} ${job?.id}: ${error.message}`));
  try {
    await present(redis, version, name, say, signal);
  } finally {
    pool.close();
    await close(worker, redis);
  }
}

async function answerOf(job: Job<Envelope, Parcel>, redis: Redis, pool: Pool): Promise<Answer> {
  const files: Record<string, string> = {};
  for (const [key, sent] of Object.entries(job.data.files)) files[key] = await received(redis, sent);
  const data = await receiveText(redis, job.data.data);
  let last = -Infinity;
  const outcome = await pool.run({ kind: job.name, data, files }, (text) => {
    if (performance.now() - last < PROGRESS_MS) return;
    last = performance.now();
    job.updateProgress(text).catch(() => undefined);
  });
  if ('value' in outcome) return outcome;
  await job.log(outcome.log);
  throw new Error(
    job.attemptsMade + 1 < MOST_TRIES ? outcome.error : failureOf(outcome.error, outcome.ended),
  );
}

/** Stays until the signal, or until the clone is another one than its processes were started from. */
async function present(
  redis: Redis,
  version: Version,
  name: string,
  say: (sentence: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const presence = new Presence(redis, 'workers', { name, ...version });
  const stopped = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const said = new Set<string>();
  for (let beat = 0; !signal.aborted; beat++) {
    // Every half minute: it reads all of the code.
    if (beat % 6 === 5 && refusal(readVersion(), version) !== undefined) {
      say('this clone has changed since the worker was started: it ends');
      return;
    }
    const parties = await Promise.race([presence.beat(), stopped]);
    for (const coordinator of parties ?? []) {
      const refused = refusal(coordinator, version);
      if (refused !== undefined && !said.has(coordinator.name)) {
        said.add(coordinator.name);
        say(`refused: the work of ${coordinator.name}, which is ${refused}`);
      }
    }
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([stopped, new Promise((resolve) => (timer = setTimeout(resolve, BEAT_MS)))]);
    clearTimeout(timer);
  }
  if (redis.status === 'ready') await presence.leave();
}

/** Where the server is away there is nobody to say good-bye to. */
async function close(worker: Worker, redis: Redis): Promise<void> {
  await worker.close(redis.status !== 'ready');
  redis.disconnect();
}
