/** How texts and files travel: small ones within the job, larger ones once, by their content's hash. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Redis } from 'ioredis';
import { PREFIX } from './connection';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

export type Parcel = { readonly text: string } | { readonly hash: string };

/** A submission has some 50 kB, a notebook with its pictures 2 MB. */
const MOST_BYTES = 64_000_000;
const MOST_BYTES_INSIDE = 2000;
/** For a list that nobody comes back to. */
const KEPT_SECONDS = 7 * 86_400;

/** It was on the server, and is not any more. */
export class ContentLost extends Error {}

/** @throws RangeError for what is too large */
export async function sendText(redis: Redis, text: string): Promise<Parcel> {
  const bytes = Buffer.from(text);
  return bytes.length <= MOST_BYTES_INSIDE ? { text } : { hash: await sendContent(redis, bytes) };
}

/** @throws ContentLost */
export async function receiveText(redis: Redis, parcel: Parcel): Promise<string> {
  return 'text' in parcel ? parcel.text : (await receiveContent(redis, parcel.hash)).toString('utf8');
}

/** @returns its hash */
export async function sendContent(redis: Redis, content: Buffer): Promise<string> {
  if (content.length > MOST_BYTES) {
    throw new RangeError(`${content.length} bytes are more than the ${MOST_BYTES} that travel over a queue`);
  }
  const hash = hashOf(content);
  await redis.set(keyOf(hash), await deflate(content), 'EX', KEPT_SECONDS);
  return hash;
}

/** @throws ContentLost, or what inflating throws for bytes that are not ours */
export async function receiveContent(redis: Redis, hash: string): Promise<Buffer> {
  const bytes = await redis.getBuffer(keyOf(hash));
  if (bytes === null) throw new ContentLost(`the content ${hash} is not on the server any more`);
  const content = await inflate(bytes, { maxOutputLength: MOST_BYTES });
  if (hashOf(content) !== hash) throw new Error(`the content ${hash} is another one on the server`);
  return content;
}

export async function removeText(redis: Redis, parcel: Parcel): Promise<void> {
  if ('hash' in parcel) await redis.del(keyOf(parcel.hash));
}

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const keyOf = (hash: string): string => `${PREFIX}:content:${hash}`;
