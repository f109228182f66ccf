/** Who is there: workers and coordinators tell the server every few seconds, and so find out who has another version. */
import type { Redis } from 'ioredis';
import type { Version } from '../version';
import { PREFIX } from './connection';

export interface Party extends Version {
  /** `host/4711`. */
  readonly name: string;
}

type Role = 'workers' | 'coordinators';

export const BEAT_MS = 5000;
/** Whoever was not heard of for so long is gone. */
const GONE_MS = 4 * BEAT_MS;

export class Presence {
  readonly #redis: Redis;
  readonly #role: Role;
  readonly #entry: string;

  constructor(redis: Redis, role: Role, me: Party) {
    this.#redis = redis;
    this.#role = role;
    this.#entry = JSON.stringify(me);
  }

  /** Tells that we are here, and asks who is on the other side. */
  async beat(): Promise<Party[]> {
    // By the server's clock: those of a class's machines differ.
    const [seconds, microseconds] = await this.#redis.time();
    const now = Number(seconds) * 1000 + Number(microseconds) / 1000;
    const other = keyOf(this.#role === 'workers' ? 'coordinators' : 'workers');
    await this.#redis.zadd(keyOf(this.#role), String(now), this.#entry);
    await this.#redis.zremrangebyscore(other, '-inf', String(now - GONE_MS));
    return (await this.#redis.zrange(other, '0', '-1')).map((entry) => JSON.parse(entry) as Party);
  }

  async leave(): Promise<void> {
    await this.#redis.zrem(keyOf(this.#role), this.#entry);
  }
}

const keyOf = (role: Role): string => `${PREFIX}:${role}`;
