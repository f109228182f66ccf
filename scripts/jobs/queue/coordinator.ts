/**
 * The engine that lets other machines work: the jobs lie on a BullMQ queue until `npm run worker` has done them.
 *
 * Events tell at once what is finished; every few seconds the jobs that are still missing are looked up, so that nothing
 * depends on an event that was missed, or on a server that has kept its data over a restart: what is not there any more
 * is put there again.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Job, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { EngineRun, Finished, Numbered } from '../engine';
import { projectVersion } from '../version';
import { connect, PREFIX, serverAt, type Server } from './connection';
import {
  jobOptions,
  MOST_LOST_WORKERS,
  queueName,
  refusal,
  type Answer,
  type Envelope,
  type SentFile,
} from './envelope';
import { ContentLost, receiveText, removeText, sendContent, sendText, type Parcel } from './parcel';
import { BEAT_MS, Presence } from './presence';

/** The server holds so many jobs of a list at a time, however long the list is. */
const MOST_WAITING = 2000;
const AT_ONCE = 100;

type QueuedJob = Job<Envelope, Parcel>;

/**
 * Puts the jobs on the queue and waits until all are done.
 *
 * @param say gets a sentence for the user
 * @throws QueueError when there is no server; the signal's reason
 */
export async function submit(run: EngineRun, url: string, say: (sentence: string) => void): Promise<void> {
  const server = serverAt(url);
  const redis = await connect(server, true, say, run.signal);
  const bullmq = await import('bullmq');
  const name = queueName(projectVersion());
  const options = { connection: server.options, prefix: PREFIX };
  // Each event of a finished job has its result's parcel in it: they need not stay for long.
  const queue = new bullmq.Queue<QueuedJob>(name, {
    ...options,
    streams: { events: { maxLen: MOST_WAITING } },
  });
  const events = new bullmq.QueueEvents(name, options);
  // `redis` says when the server is away.
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  const list = new SubmittedList(run, server, redis, queue, events, say);
  try {
    await list.finish();
  } finally {
    await list.leave();
    await Promise.allSettled([events.close(), queue.close()]);
    redis.disconnect();
  }
}

class SubmittedList {
  readonly #run: EngineRun;
  readonly #server: Server;
  readonly #redis: Redis;
  readonly #queue: Queue<QueuedJob>;
  readonly #say: (sentence: string) => void;
  readonly #presence: Presence;
  /** On the queue, as far as we know. */
  readonly #missing = new Map<string, Numbered>();
  readonly #collecting = new Set<string>();
  readonly #sent = new Map<string, Promise<SentFile>>();
  readonly #said = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #failed: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(
    run: EngineRun,
    server: Server,
    redis: Redis,
    queue: Queue<QueuedJob>,
    events: QueueEvents,
    say: (sentence: string) => void,
  ) {
    this.#run = run;
    this.#server = server;
    this.#redis = redis;
    this.#queue = queue;
    this.#say = say;
    this.#presence = new Presence(redis, 'coordinators', {
      name: `${hostname()}/${process.pid}`,
      ...projectVersion(),
    });
    const finished = ({ jobId }: { readonly jobId: string }): void =>
      this.#attempt(() => this.#lookUp([jobId]));
    events.on('completed', finished);
    events.on('failed', finished);
    events.on('progress', ({ jobId, data }) => {
      if (this.#missing.has(jobId))
        this.#run.onProgress(typeof data === 'string' ? data : JSON.stringify(data));
    });
  }

  async finish(): Promise<void> {
    const { jobs, signal } = this.#run;
    const stop = (): void => this.#wake();
    signal?.addEventListener('abort', stop, { once: true });
    this.#beat();
    try {
      for (let from = 0; from < jobs.length; from += AT_ONCE) {
        await this.#untilMissing(MOST_WAITING - AT_ONCE);
        await this.#put(jobs.slice(from, from + AT_ONCE));
      }
      await this.#untilMissing(0);
    } finally {
      signal?.removeEventListener('abort', stop);
      clearTimeout(this.#timer);
    }
  }

  async leave(): Promise<void> {
    if (this.#redis.status === 'ready') await this.#presence.leave();
  }

  /** Waits until at most so many jobs are on the queue. */
  async #untilMissing(most: number): Promise<void> {
    for (;;) {
      if (this.#failed) throw this.#failed.error;
      this.#run.signal?.throwIfAborted();
      if (this.#missing.size <= most) return;
      await new Promise<void>((wake) => (this.#wake = wake));
    }
  }

  /** What happens beside the loop, whose errors are the loop's. */
  #attempt(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#failed ??= { error };
      this.#wake();
    });
  }

  #beat(): void {
    this.#attempt(async () => {
      const workers = await this.#presence.beat();
      const ours = workers.filter((worker) => refusal(projectVersion(), worker) === undefined);
      for (const worker of workers.filter((one) => !ours.includes(one))) {
        this.#sayOnce(
          `the worker ${worker.name} is ${refusal(worker, projectVersion())}, so it does none of this work`,
        );
      }
      if (ours.length === 0) {
        this.#sayOnce(
          `no worker of this version is there yet: npm run worker -- --queue ${this.#server.shown} on any machine`,
        );
      }
      await this.#lookUp([...this.#missing.keys()]);
      this.#timer = setTimeout(() => this.#beat(), BEAT_MS);
    });
  }

  #sayOnce(sentence: string): void {
    if (!this.#said.has(sentence)) this.#say(sentence);
    this.#said.add(sentence);
  }

  /** A job that is there already stays as it is, whether it waits, runs or is done. */
  async #put(jobs: readonly Numbered[]): Promise<void> {
    const enveloped = await Promise.all(
      jobs.map(async ({ id, kind, data, files }) => {
        const sent = await Promise.all(
          Object.entries(files).map(async ([key, file]) => [key, await this.#sendFile(file)] as const),
        );
        return {
          name: kind,
          data: {
            ...projectVersion(),
            data: await sendText(this.#redis, data),
            files: Object.fromEntries(sent),
          },
          opts: jobOptions(id),
        };
      }),
    );
    await this.#queue.addBulk(enveloped);
    for (const job of jobs) this.#missing.set(job.id, job);
    await this.#lookUp(jobs.map(({ id }) => id));
  }

  /** Once for a list. */
  #sendFile(file: string): Promise<SentFile> {
    const before = this.#sent.get(file);
    if (before) return before;
    const sending = sendContent(this.#redis, readFileSync(file)).then((hash) => ({
      name: basename(file),
      hash,
    }));
    this.#sent.set(file, sending);
    return sending;
  }

  /** Takes the results of those that are done, and puts those that are gone on the queue again. */
  async #lookUp(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const gone = await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => this.#collect(id)));
      const again = gone.filter((job) => job !== undefined);
      if (again.length === 0) continue;
      this.#sent.clear();
      await this.#put(again);
    }
  }

  /** @returns the job, when the server has it or its result no more */
  async #collect(id: string): Promise<Numbered | undefined> {
    const numbered = this.#missing.get(id);
    if (numbered === undefined || this.#collecting.has(id)) return undefined;
    this.#collecting.add(id);
    try {
      const job = await this.#queue.getJob(id);
      if (job === undefined) return numbered;
      if (job.finishedOn === undefined) return undefined;
      let finished: Finished;
      try {
        finished = await this.#finished(job);
      } catch (error) {
        if (!(error instanceof ContentLost)) throw error;
        await job.remove();
        return numbered;
      }
      this.#run.onResult(id, finished);
      // Only now: whatever stops us before finds it there again.
      for (const parcel of [job.data.data, job.returnvalue])
        if (parcel) await removeText(this.#redis, parcel);
      await job.remove();
      this.#missing.delete(id);
      this.#wake();
      return undefined;
    } finally {
      this.#collecting.delete(id);
    }
  }

  async #finished(job: QueuedJob): Promise<Finished> {
    if (job.returnvalue) return JSON.parse(await receiveText(this.#redis, job.returnvalue)) as Answer;
    const { logs } = await this.#queue.getJobLogs(job.id ?? '');
    const isLost = job.failedReason.startsWith('job stalled');
    const failure = isLost
      ? `set aside: ${MOST_LOST_WORKERS + 1} workers disappeared while they had it`
      : job.failedReason;
    return { failure, log: logs.join(''), worker: job.processedBy ?? '' };
  }
}
