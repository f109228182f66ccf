/**
 * Writes a file whole or not at all: to a name beside it that says whose it is, then renamed.
 *
 * No library does it as carefully: write-file-atomic (6 to 8) ignores how many bytes a write took, so that a disk that
 * fills up leaves a cut file under the real name, and its temporary names cannot be told from a person's copies.
 */
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** `.01-convolution.ipynb.4711.tmp`: the file, and the process that writes it. */
const TEMPORARY = /^\..+\.(\d+)\.tmp$/;

/**
 * A crash, a full disk or Ctrl-C at any moment leaves the old file or the new one.
 * @param mode permissions of the new file; by default as the system gives them
 * @throws the system's error; the file is then as it was
 */
export function replaceFile(file: string, content: string | Uint8Array, mode?: number): void {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, content, { mode, flush: true });
    renameSync(temporary, file);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The first error is the one to know of.
    }
    throw error;
  }
}

/** Removes what processes that were killed in the middle of {@link replaceFile} have left in a folder. */
export function removeLeftOvers(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const writer = TEMPORARY.exec(name)?.[1];
      if (writer !== undefined && !isRunning(Number(writer))) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // A folder that cannot be read or changed: whoever needs it will say so.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
