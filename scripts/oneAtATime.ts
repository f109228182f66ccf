/** Work that two processes must not do at the same time, such as compiling into one folder. */
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from './replaceFile';

/** Whoever works touches the lock so often. */
const TOUCH_MS = 10_000;
/** A lock that was not touched for so long is nobody's: its number belongs to another process by now. */
const ABANDONED_MS = 120_000;
/** Whoever waits for longer is told what for. */
const SILENT_MS = 2000;

/** Locks of this process. */
const held = new Set<string>();

/**
 * Waits until no other process holds the lock, then works. A lock whose process was killed is taken over.
 *
 * @param lock a file that exists while somebody works and contains the number of that process
 */
export async function oneAtATime<T>(lock: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lock), { recursive: true });
  const began = performance.now();
  let isSaid = false;
  while (!take(lock)) {
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    else await sleep(50);
    if (!isSaid && performance.now() - began > SILENT_MS) {
      isSaid = true;
      console.error(`waiting for process ${holderOf(lock)}, which has ${lock}`);
    }
  }
  held.add(lock);
  const touching = setInterval(() => touch(lock), TOUCH_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    held.delete(lock);
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function touch(lock: string): void {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // Somebody has removed it, who then works too; that is not worth stopping for.
  }
}

function isAbandoned(lock: string): boolean {
  try {
    if (Date.now() - statSync(lock).mtimeMs > ABANDONED_MS) return true;
  } catch (error) {
    // Released meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const holder = holderOf(lock);
  // In a container an earlier process may have had this one's number.
  if (holder === String(process.pid)) return !held.has(lock);
  // Empty for a moment, until its process has written the number.
  return holder !== '' && !isRunning(Number(holder));
}

/** The number of the process that works, as far as is known. */
function holderOf(lock: string): string {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
