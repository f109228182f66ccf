/** The server of a queue: Redis or Valkey, found by its URL. A password in the URL is never printed. */
import type { Redis } from 'ioredis';
import { UsageError } from '../../commandLine';

/** There is no server that lets us in. */
export class QueueError extends UsageError {}

/** Of every key on the server, so that it can have other uses too. */
export const PREFIX = 'convlab';

export interface Server {
  /** Its URL without name and password. */
  readonly shown: string;
  /** For ioredis, and for BullMQ. */
  readonly options: {
    readonly host: string;
    readonly port: number;
    readonly username?: string;
    readonly password?: string;
    readonly db?: number;
    readonly tls?: Readonly<Record<string, never>>;
    readonly maxRetriesPerRequest: null;
    readonly retryStrategy: () => number;
  };
}

/**
 * @param url `redis://host:6379`, `redis://:password@host/2`, or `rediss://…` for TLS
 * @throws UsageError
 */
export function serverAt(url: string): Server {
  let parts: URL;
  try {
    parts = new URL(url);
  } catch {
    throw new UsageError('the queue is no URL, expected one such as redis://host:6379');
  }
  const { protocol, hostname, port, username, password, pathname } = parts;
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new UsageError(
      `the queue's URL begins with ${protocol}//, expected redis:// or rediss:// (with TLS)`,
    );
  }
  const database = /^\/?(\d*)$/.exec(pathname)?.[1];
  if (hostname === '' || database === undefined) {
    throw new UsageError(
      "the queue's URL lacks a host or ends with no number of a database, expected redis://host:6379",
    );
  }
  return {
    shown: `${protocol}//${hostname}:${port || 6379}`,
    options: {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 6379),
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      ...(database !== '' && { db: Number(database) }),
      ...(protocol === 'rediss:' && { tls: {} }),
      // Commands wait, and are sent again, for as long as the server is away.
      maxRetriesPerRequest: null,
      retryStrategy: () => RETRY_MS,
    },
  };
}

const RETRY_MS = 500;

/**
 * A connection that outlives the server's absences, and says when one begins and ends.
 *
 * @param mustBeThere when the server is not: an error, or waiting for it
 * @throws QueueError; the signal's reason
 */
export async function connect(
  { shown, options }: Server,
  mustBeThere: boolean,
  say: (sentence: string) => void,
  signal?: AbortSignal,
): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(options);
  let [isAway, wasThere] = [false, false];
  const stop = (): void => redis.disconnect();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      redis.on('ready', () => {
        if (isAway) say(`${shown} is back`);
        isAway = false;
        wasThere = true;
        resolve();
      });
      redis.once('end', () => reject(new QueueError(`the connection to ${shown} was closed`)));
      redis.on('error', (error: NodeJS.ErrnoException) => {
        const reason = error.code ?? error.message;
        const isRefused = /^(NOAUTH|WRONGPASS|NOPERM)/.test(error.message);
        if (!wasThere && (mustBeThere || isRefused)) {
          reject(new QueueError(`there is no queue at ${shown}: ${reason}`));
          return;
        }
        if (!isAway) say(`${shown} is away (${reason}): waiting for it`);
        isAway = true;
      });
    });
  } catch (error) {
    redis.disconnect();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  return redis;
}
