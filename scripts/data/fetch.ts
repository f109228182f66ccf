/**
 * One file of a data set, from the first place that has it whole and right. It is written beside its place under a
 * hidden name, which a later run goes on with, checked there, and renamed.
 */
import { copyFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesNamed, type FileEntry } from '../../lib/src/data/manifest';
import { fileTrouble } from '../../lib/src/fileTrouble';
import { download, isLocal, reasonOf, SILENCE_SECONDS, sizeOf } from '../download/download';
import type { Progress } from '../download/progress';
import { faultOf, isCompressed } from './verify';

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
    await removeBefore(there, entry, folder, progress);
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
    await removeBefore(file, entry, folder, progress);
    return;
  }
  throw new FetchError(
    `${entry.name} could not be had:\n${failures.map((failure) => `  ${failure}`).join('\n')}\n` +
      'Get it from elsewhere, and name its folder with --from.',
  );
}

/** A file of this name that is the official one. */
async function officialAt(entry: FileEntry, folder: string): Promise<string | undefined> {
  for (const file of await filesNamed(entry.name, folder).catch(unreadable(folder))) {
    if ((await faultOf(file, entry).catch(unreadable(file))) === undefined) return file;
  }
  return undefined;
}

/** Removes what `loadMnist` would read, and refuse, instead of the official file. */
async function removeBefore(
  official: string,
  entry: FileEntry,
  folder: string,
  progress: Progress,
): Promise<void> {
  for (const file of await filesNamed(entry.name, folder)) {
    if (file === official) return;
    const fault = await faultOf(file, entry);
    await rm(file);
    progress.say(`${basename(file)} is removed: it is ${fault}`);
  }
}

/** Turns an error of reading into one that is not taken for an error of writing (see `isLocal`). */
function unreadable(what: string): (error: unknown) => never {
  return (error) => {
    throw new FetchError(`${what} cannot be read (${fileTrouble(error)})`);
  };
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
    const faults: string[] = [];
    for (const file of await filesNamed(entry.name, place).catch(unreadable('it'))) {
      const fault = await faultOf(file, entry).catch(unreadable(basename(file)));
      if (fault === undefined) return void (await copyFile(file, part));
      faults.push(`${basename(file)} is ${fault}`);
    }
    throw new Error(faults.join('; ') || `it has no ${entry.name}, compressed or not`);
  }
  const wasThere = ((await sizeOf(part)) ?? 0) > 0;
  await download(`${place}${entry.name}.gz`, part, { name: entry.name, progress, silenceSeconds });
  let fault = await faultOf(part, entry);
  if (fault !== undefined && wasThere) {
    // What an earlier run left may be of another file: once more, from the start.
    await rm(part);
    await download(`${place}${entry.name}.gz`, part, { name: entry.name, progress, silenceSeconds });
    fault = await faultOf(part, entry);
  }
  if (fault === undefined) return;
  await rm(part, { force: true });
  throw new Error(`what it gives is ${fault}`);
}
