/** A job as it lies on the queue. Its name there is its kind. */
import { MOST_TRIES } from '../job';
import { difference, type Version } from '../version';
import { PREFIX } from './connection';
import type { Parcel } from './parcel';

export interface Envelope extends Version {
  readonly data: Parcel;
  readonly files: Readonly<Record<string, SentFile>>;
}

export interface SentFile {
  /** Its name without a folder. */
  readonly name: string;
  readonly hash: string;
}

/** What a worker gives back, as JSON in a parcel. */
export interface Answer {
  /** JSON. */
  readonly value: string;
  readonly log: string;
  readonly worker: string;
}

/** Each version has its own queue, so that a worker is never given the work of another. */
export function queueName({ code, lockfile }: Version): string {
  return `${PREFIX}-${code}-${lockfile}`;
}

/** Why a worker refuses work, as a part of a sentence; undefined if it does not. */
export function refusal(theirs: Version, ours: Version): string | undefined {
  const other = difference(theirs, ours);
  return other && `of another version of ${other}`;
}

/** So often may a worker disappear with a job. A server's absence counts too, when it is longer than a lock. */
export const MOST_LOST_WORKERS = 3;
/** A worker that has not renewed its lock for so long has lost its job. */
export const LOCK_MS = 10_000;

/** Results of a coordinator that never came back. */
const KEPT = { age: 7 * 86_400 };

/** How BullMQ treats a job. */
export function jobOptions(id: string) {
  return {
    jobId: id,
    attempts: MOST_TRIES,
    backoff: { type: 'fixed', delay: 1000 },
    keepLogs: 1,
    stackTraceLimit: 0,
    removeOnComplete: KEPT,
    removeOnFail: KEPT,
  };
}
