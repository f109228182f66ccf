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
        const reason = reasonOf(error);
        if (!wasThere && (mustBeThere || isFinal(error))) {
          reject(new QueueError(`there is no queue at ${shown}: ${reason}`));
          return;
        }
        if (!isAway) say(`${shown} is away: ${reason}; waiting for it`);
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

/** What no waiting mends: the server answers and refuses, or is not the one that we trust. */
function isFinal({ code = '', message }: NodeJS.ErrnoException): boolean {
  return /^(NOAUTH|WRONGPASS|NOPERM|ERR) /.test(message) || isAboutTrust(code);
}

function isAboutTrust(code: string): boolean {
  return /CERT|UNABLE_TO_VERIFY/.test(code);
}

/** In words, for those errors that a mistake in the URL leads to. */
function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
  if (message.startsWith('NOAUTH')) return 'it asks for a password, as in redis://:PASSWORD@HOST:6379';
  if (message.startsWith('WRONGPASS')) return 'it does not accept this password';
  const words = isAboutTrust(code)
    ? 'its certificate is not trusted; NODE_EXTRA_CA_CERTS names a file with one of your own'
    : REASONS[code];
  if (words === undefined) return code || message;
  return `${words} (${code})`;
}

const ENDS =
  'it closes the connection; Redis does so to other machines while it has no password, and to redis:// where it expects TLS';

const REASONS: Readonly<Record<string, string | undefined>> = {
  ECONNREFUSED: 'no server listens there',
  ENOTFOUND: 'no machine of this name is known',
  ETIMEDOUT: 'it does not answer; rediss:// needs a port with TLS',
  EPIPE: ENDS,
  ECONNRESET: ENDS,
};
