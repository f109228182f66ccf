/**
 * One file of a data set, from the first place that has it whole and right. It is written beside its place under a
 * hidden name, which a later run goes on with, checked there, and renamed.
 */
import { createWriteStream } from 'node:fs';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { FileEntry } from '../../lib/src/data/manifest';
import type { Progress } from './progress';
import { faultOf, isCompressed } from './verify';

/** A server that sends nothing for so long is given up. */
const SILENCE_SECONDS = 30;

/** A file could not be had, or not be written: a sentence for a person, not a fault of this program. */
export class FetchError extends Error {}

/**
 * @param places addresses, ending in a slash, or folders
 * @throws FetchError that names what each place gave
 */
export async function fetchFile(
  entry: FileEntry,
  folder: string,
  places: readonly string[],
  progress: Progress,
  silenceSeconds = SILENCE_SECONDS,
): Promise<void> {
  const there = await officialAt(entry, folder);
  if (there !== undefined) {
    progress.say(`${basename(there)} is there`);
    return;
  }
  const part = join(folder, `.${entry.name}.part`);
  const failures: string[] = [];
  for (const place of places) {
    try {
      await bring(entry, place, part, progress, silenceSeconds);
    } catch (error) {
      if (isLocal(error)) throw new FetchError(`${part} cannot be written (${(error as Error).message})`);
      failures.push(`${place}: ${reasonOf(error)}`);
      continue;
    }
    const file = join(folder, (await isCompressed(part)) ? `${entry.name}.gz` : entry.name);
    await rename(part, file);
    progress.say(`${basename(file)} from ${place}`);
    return;
  }
  throw new FetchError(
    `${entry.name} could not be had:\n${failures.map((failure) => `  ${failure}`).join('\n')}\n` +
      'Get it from elsewhere, and name its folder with --from.',
  );
}

/** A file of this name that is the official one. */
async function officialAt(entry: FileEntry, folder: string): Promise<string | undefined> {
  for (const file of spellings(entry.name, folder)) {
    if ((await sizeOf(file)) !== undefined && (await faultOf(file, entry)) === undefined) return file;
  }
  return undefined;
}

/** The names under which loaders know the file, those of the official pages first. */
function spellings(name: string, folder: string): string[] {
  const dotted = name.replace(/-(?=idx\d)/, '.');
  return [`${name}.gz`, name, `${dotted}.gz`, dotted].map((spelling) => join(folder, spelling));
}

/** Leaves the official file at `part`, or throws. */
async function bring(
  entry: FileEntry,
  place: string,
  part: string,
  progress: Progress,
  silenceSeconds: number,
): Promise<void> {
  if (!/^https?:/.test(place)) {
    const file = await firstOf(spellings(entry.name, place));
    if (file === undefined) throw new Error(`it has no ${entry.name}, compressed or not`);
    const fault = await faultOf(file, entry);
    if (fault !== undefined) throw new Error(`${basename(file)} is ${fault}`);
    await copyFile(file, part);
    return;
  }
  const wasThere = ((await sizeOf(part)) ?? 0) > 0;
  await download(`${place}${entry.name}.gz`, part, entry.name, progress, silenceSeconds);
  let fault = await faultOf(part, entry);
  if (fault !== undefined && wasThere) {
    // What an earlier run left may be of another file: once more, from the start.
    await rm(part);
    await download(`${place}${entry.name}.gz`, part, entry.name, progress, silenceSeconds);
    fault = await faultOf(part, entry);
  }
  if (fault === undefined) return;
  await rm(part, { force: true });
  throw new Error(`what it gives is ${fault}`);
}

/** Appends to what is there, if the server can send the rest of a file; else begins anew. */
async function download(
  address: string,
  part: string,
  name: string,
  progress: Progress,
  silenceSeconds: number,
): Promise<void> {
  const from = (await sizeOf(part)) ?? 0;
  const silence = new AbortController();
  const tooLong = (): void => silence.abort(new Error(`it sent nothing for ${silenceSeconds} s`));
  let timer = setTimeout(tooLong, silenceSeconds * 1000);
  try {
    const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
    const response = await fetch(address, { headers, signal: silence.signal });
    // The whole file was there already.
    if (response.status === 416 && from > 0) return;
    if (!response.ok || !response.body)
      throw new Error(`it answers ${response.status} ${response.statusText}`);
    const resumes = response.status === 206;
    let bytes = resumes ? from : 0;
    const length = Number(response.headers.get('content-length') ?? NaN);
    const total = Number.isNaN(length) ? undefined : bytes + length;
    const counted = async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of body) {
        clearTimeout(timer);
        timer = setTimeout(tooLong, silenceSeconds * 1000);
        bytes += piece.length;
        progress.at(name, bytes, total);
        yield piece;
      }
    };
    const body = Readable.fromWeb(response.body as ReadableStream);
    await pipeline(body, counted, createWriteStream(part, { flags: resumes ? 'a' : 'w' }), {
      signal: silence.signal,
    });
    if (total !== undefined && bytes < total) throw new Error(`it sent ${bytes} of ${total} bytes`);
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

async function firstOf(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if ((await sizeOf(file)) !== undefined) return file;
  return undefined;
}

/** undefined if there is no such file */
async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
}

/** An error of the disk, not of the place: no other place would mend it. */
function isLocal(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    code !== undefined &&
    ['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT', 'EFBIG', 'ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)
  );
}

/** Of `fetch failed`, the cause says what happened. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  const { code } = cause as NodeJS.ErrnoException;
  return `${message} (${cause.message || code})`;
}
