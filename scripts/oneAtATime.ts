/** Work that two processes must not do at the same time, such as compiling into one folder. */
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from './replaceFile';

/** Whoever works touches the lock so often. */
const TOUCH_MS = 10_000;
/** A lock that was not touched for so long is nobody's: its number belongs to another process by now. */
const ABANDONED_MS = 120_000;

/**
 * Waits until no other process holds the lock, then works. A lock whose process was killed is taken over.
 *
 * @param lock a file that exists while somebody works and contains the number of that process
 */
export async function oneAtATime<T>(lock: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lock), { recursive: true });
  while (!take(lock)) {
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    else await sleep(50);
  }
  const touching = setInterval(() => touch(lock), TOUCH_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
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
    const holder = readFileSync(lock, 'utf8');
    // Empty for a moment, until its process has written the number.
    return holder !== '' && !isRunning(Number(holder));
  } catch (error) {
    // Released meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
